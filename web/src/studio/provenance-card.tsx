import { ChevronDown, Download, ShieldAlert, ShieldCheck } from "lucide-react";
import type { Provenance } from "../protocol/studio.ts";
import { useStudio, useStudioWords } from "./context.ts";

/** What the file says of itself: made by AI, by what, from which portrait, and whether that is still true. */
export function ProvenanceCard({ provenance }: { readonly provenance: Provenance | null }) {
  const studio = useStudio();
  const t = useStudioWords();
  const holds = provenance?.valid === true;
  const Icon = holds ? ShieldCheck : ShieldAlert;
  const title = provenance ? (holds ? "provenanceGood" : "provenanceBad") : "provenanceNone";
  if (!provenance) {
    return (
      <div className="result provenance" data-holds={false}>
        <Icon aria-hidden="true" size={22} strokeWidth={1.75} />
        <h3>{t(title)}</h3>
      </div>
    );
  }
  const facts = [
    { label: t("engine"), value: provenance.engine },
    { label: t("signer"), value: provenance.signer },
    { label: t("portraitHash"), value: provenance.portrait_hash },
  ].filter((fact) => fact.value);
  return (
    <details className="result provenance" data-holds={holds}>
      <summary>
        <Icon aria-hidden="true" size={22} strokeWidth={1.75} />
        <h3>{t(title)}</h3>
        <span className="hint">{t(provenance.sidecar ? "provenanceBeside" : "provenanceHint")}</span>
        <ChevronDown aria-hidden="true" className="more-arrow" size={16} strokeWidth={1.75} />
      </summary>
      <dl className="facts">
        {facts.map((fact) => (
          <div key={fact.label}>
            <dt>{fact.label}</dt>
            <dd title={fact.value}>{fact.value}</dd>
          </div>
        ))}
      </dl>
      {provenance.problems?.map((problem) => (
        <p key={problem} className="refused">
          {problem}
        </p>
      ))}
      {provenance.sidecar && (
        <a className="text-link" href={studio.api.output(provenance.sidecar)} download="visavis.c2pa">
          <Download aria-hidden="true" size={18} strokeWidth={1.75} />
          {t("downloadCredentials")}
        </a>
      )}
      {provenance.development !== false && <p className="hint">{t("developmentCertificate")}</p>}
    </details>
  );
}
