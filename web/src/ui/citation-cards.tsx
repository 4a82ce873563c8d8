import { BookOpen, X } from "lucide-react";
import type { Citation } from "../protocol/events.ts";
import { SOURCE, type SourceKey } from "../words/source-messages.ts";
import { read, type Values } from "../words/table.ts";
import { usePage, useView } from "./context.ts";
import { IconButton } from "./icon-button.tsx";

type SourceWords = (key: SourceKey, values?: Values) => string;

function CitationCard({ citation, t }: { readonly citation: Citation; readonly t: SourceWords }) {
  const { store } = usePage();
  const { title, page, heading, text } = citation;
  const what = page === null ? t("open") : t("openPage", { n: String(page) });
  return (
    <li className="card citation">
      <h3>{title}</h3>
      {(page !== null || heading) && (
        <p className="card-facts">
          {page !== null && <span>{t("page", { n: String(page) })}</span>}
          {heading && heading !== title && <span className="citation-heading">{heading.split(" › ").at(-1)}</span>}
        </p>
      )}
      <blockquote className="card-why citation-text">{text}</blockquote>
      <button
        type="button"
        className="card-action"
        aria-label={t("openOf", { what, title })}
        onClick={() => store.dispatch({ kind: "source", citation })}
      >
        <BookOpen aria-hidden="true" size={16} strokeWidth={1.75} />
        {what}
      </button>
    </li>
  );
}

/** Where the answer comes from: cards in the place of the courses. */
export function CitationCards() {
  const { store } = usePage();
  const { citations, citationsOpen, language } = useView();
  const t: SourceWords = (key, values) => read(SOURCE[key], language, values);
  const open = citationsOpen && citations.length > 0;
  return (
    <section className="courses citations" aria-label={t("sources")} data-open={open} inert={!open}>
      <div className="courses-head">
        <h2>{t("sources")}</h2>
        <IconButton icon={X} label={t("close")} onClick={() => store.dispatch({ kind: "citations", open: false })} />
      </div>
      <ul tabIndex={open ? 0 : -1} aria-label={t("sources")}>
        {citations.map((citation) => (
          <CitationCard key={citation.passage} citation={citation} t={t} />
        ))}
      </ul>
    </section>
  );
}
