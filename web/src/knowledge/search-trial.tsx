import { Search } from "lucide-react";
import { type FormEvent, useState } from "react";
import type { Place } from "../protocol/knowledge.ts";
import { SOURCE } from "../words/source-messages.ts";
import { useLanguage, useTable } from "../workshop/language.tsx";
import { sentenceOf } from "../workshop/sentence.ts";
import { useKnowledgeWords, useShelf, useShelfView } from "./context.ts";

function Found({ place, onOpen }: { readonly place: Place; readonly onOpen: () => void }) {
  const source = useTable(SOURCE);
  const { title, page, heading, text } = place;
  const what = page === null ? source("open") : source("openPage", { n: String(page) });
  return (
    <li className="found">
      <p className="found-where">
        <span>{title}</span>
        {page !== null && <span>{source("page", { n: String(page) })}</span>}
        {heading && heading !== title && <span>{heading.split(" › ").at(-1)}</span>}
      </p>
      <p className="found-text">{text}</p>
      <button type="button" className="text-button" aria-label={source("openOf", { what, title })} onClick={onOpen}>
        {what}
      </button>
    </li>
  );
}

/** A question, and the passages that an answer would be made from. */
export function SearchTrial({ onOpen }: { readonly onOpen: (place: Place) => void }) {
  const shelf = useShelf();
  const { trial } = useShelfView();
  const t = useKnowledgeWords();
  const { language } = useLanguage();
  const [words, setWords] = useState("");
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (words.trim()) void shelf.search(words.trim());
  };
  const count = trial?.found.length ?? 0;
  const state = () => {
    if (!trial || trial.trouble) return "";
    if (trial.state === "searching") return t("searching");
    if (count === 0) return t("nothing");
    return count === 1 ? t("foundOne") : t("found", { n: String(count) });
  };
  return (
    <section className="trial panel-card" aria-labelledby="trial-heading">
      <h2 id="trial-heading">{t("trial")}</h2>
      <p className="hint">{t("trialHint")}</p>
      <form className="trial-form" onSubmit={submit}>
        <input
          type="search"
          value={words}
          maxLength={400}
          aria-label={t("trialField")}
          placeholder={t("trialField")}
          autoComplete="off"
          onChange={(event) => setWords(event.target.value)}
        />
        <button type="submit" className="pill-button" disabled={!words.trim()}>
          <Search aria-hidden="true" size={18} strokeWidth={1.75} />
          {t("search")}
        </button>
      </form>
      <div role="alert">{trial?.trouble && <p className="refused">{sentenceOf(trial.trouble, language)}</p>}</div>
      <p className="hint" role="status">
        {state()}
      </p>
      {count > 0 && (
        <ul className="founds">
          {trial?.found.map((place) => (
            <Found key={place.passage} place={place} onOpen={() => onOpen(place)} />
          ))}
        </ul>
      )}
    </section>
  );
}
