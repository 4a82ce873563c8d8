/** The page of documents: collections, what is in them, and a way to try what they answer. */

import { LibraryBig } from "lucide-react";
import { useCallback, useEffect, useState } from "react";
import type { Place } from "../protocol/knowledge.ts";
import { SourceViewer } from "../source/source-viewer.tsx";
import { Frame } from "../workshop/frame.tsx";
import { useLanguage } from "../workshop/language.tsx";
import { sentenceOf } from "../workshop/sentence.ts";
import { AddFiles } from "./add-files.tsx";
import { CollectionPicker } from "./collection-picker.tsx";
import { useKnowledgeWords, useShelf, useShelfView } from "./context.ts";
import { DocumentRow, SendingRow } from "./document-row.tsx";
import { SearchTrial } from "./search-trial.tsx";

export function KnowledgePage() {
  const shelf = useShelf();
  const { documents, sending, trouble, collection } = useShelfView();
  const t = useKnowledgeWords();
  const { language } = useLanguage();
  const [place, setPlace] = useState<Place | null>(null);
  const close = useCallback(() => setPlace(null), []);
  const empty = documents?.length === 0 && sending.length === 0;

  useEffect(() => {
    document.title = `${t("title")} · visavis`;
  }, [t]);

  useEffect(() => {
    const query = collection ? `?collection=${encodeURIComponent(collection)}` : "";
    if (location.search !== query) history.replaceState(null, "", location.pathname + query);
  }, [collection]);

  return (
    <Frame here="knowledge">
      <div className="knowledge">
        <header className="knowledge-head">
          <h1>{t("heading")}</h1>
          <p className="hint">{t("lead")}</p>
        </header>
        <CollectionPicker />
        <div role="alert">{trouble && <p className="refused">{sentenceOf(trouble, language)}</p>}</div>
        <div className="knowledge-desk">
          <section className="documents" aria-labelledby="documents-heading">
            <h2 id="documents-heading" className="unseen">
              {t("documents")}
            </h2>
            <AddFiles />
            {empty && !trouble && (
              <div className="documents-empty">
                <LibraryBig aria-hidden="true" size={40} strokeWidth={1.25} />
                <h3>{t("empty")}</h3>
                <p className="hint">{t("emptyHint")}</p>
              </div>
            )}
            <ul className="document-list">
              {sending.map((one) => (
                <SendingRow key={one.key} sending={one} />
              ))}
              {documents?.map((one) => (
                <DocumentRow key={one.id} document={one} />
              ))}
            </ul>
          </section>
          <SearchTrial key={collection} onOpen={setPlace} />
        </div>
      </div>
      <SourceViewer api={shelf.api} place={place} language={language} onClose={close} />
    </Frame>
  );
}
