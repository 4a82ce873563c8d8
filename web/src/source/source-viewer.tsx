/** The window that shows where a passage stands: the page of the document, or its text with the passage marked. */

import "./source.css";
import { Download, X } from "lucide-react";
import { useCallback } from "react";
import type { Language } from "../protocol/events.ts";
import type { KnowledgeApi, Place } from "../protocol/knowledge.ts";
import { useDialog } from "../ui/use-dialog.ts";
import { SOURCE, type SourceKey } from "../words/source-messages.ts";
import { read, type Values } from "../words/table.ts";
import { SourcePage } from "./source-page.tsx";
import { SourceText } from "./source-text.tsx";

interface Props {
  readonly api: KnowledgeApi;
  readonly place: Place | null;
  readonly language: Language;
  readonly onClose: () => void;
}

export function SourceViewer({ api, place, language, onClose }: Props) {
  const dialog = useDialog(place !== null);
  const t = useCallback((key: SourceKey, values?: Values) => read(SOURCE[key], language, values), [language]);

  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: a click beside the window closes it; by keyboard Esc does
    <dialog
      ref={dialog}
      className="source"
      aria-labelledby="source-title"
      onClose={onClose}
      onClick={(event) => event.target === dialog.current && onClose()}
    >
      {place && (
        <div className="source-body">
          <header className="source-head">
            <div>
              <h2 id="source-title">{place.title}</h2>
              {place.heading && place.heading !== place.title && <p className="muted">{place.heading}</p>}
            </div>
            <button type="button" className="icon-button" aria-label={t("close")} title={t("close")} onClick={onClose}>
              <X aria-hidden="true" size={20} strokeWidth={1.75} />
            </button>
          </header>
          {place.page === null ? (
            <SourceText key={place.passage} api={api} place={place} t={t} />
          ) : (
            <SourcePage key={place.passage} api={api} place={place} page={place.page} t={t} />
          )}
          <footer className="source-foot">
            <a className="pill-button" href={api.file(place.collection, place.document)} download="">
              <Download aria-hidden="true" size={18} strokeWidth={1.75} />
              {t("file")}
            </a>
          </footer>
        </div>
      )}
    </dialog>
  );
}
