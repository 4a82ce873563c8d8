import { ChevronDown } from "lucide-react";
import type { Quality } from "../protocol/studio.ts";
import { formatNumber } from "../workshop/format.ts";
import { useLanguage } from "../workshop/language.tsx";
import { useStudioWords } from "./context.ts";
import { figuresOf, readingsOf, scoreOf, unmeasuredOf } from "./readings.ts";

/** The quality report: first what it means, then every number. */
export function QualityCard({ quality }: { readonly quality: Quality }) {
  const t = useStudioWords();
  const { language } = useLanguage();
  const score = scoreOf(quality);
  const unmeasured = unmeasuredOf(quality);
  return (
    <section className="result" aria-label={t("quality")}>
      <div className="result-head">
        <h3>{t("quality")}</h3>
        {score !== null && (
          <span className="score">
            {formatNumber(score, language, 1)}
            <span className="score-of"> / 100</span>
          </span>
        )}
      </div>
      <ul className="readings">
        {readingsOf(quality, language).map((reading) => (
          <li key={reading.label} data-verdict={reading.verdict}>
            <span className="dot" aria-hidden="true" />
            <span>{t(reading.label)}</span>
            <span className="number">{reading.value}</span>
            <span className="verdict">{t(`verdict_${reading.verdict}`)}</span>
          </li>
        ))}
      </ul>
      <details className="more">
        <summary>
          {t("allNumbers")}
          <ChevronDown aria-hidden="true" className="more-arrow" size={16} strokeWidth={1.75} />
        </summary>
        <dl className="facts">
          {figuresOf(quality, language).map((figure) => (
            <div key={figure.label}>
              <dt>{t(figure.label)}</dt>
              <dd>{figure.value}</dd>
            </div>
          ))}
          {unmeasured.map(([name, reason]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd className="reason">
                {t("notAvailable")}: {reason}
              </dd>
            </div>
          ))}
        </dl>
      </details>
    </section>
  );
}
