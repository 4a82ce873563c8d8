import { Download, FileText, Trash2, X } from "lucide-react";
import { useState } from "react";
import type { KnownDocument } from "../protocol/knowledge.ts";
import { formatBytes, formatPercent, formatWhen } from "../workshop/format.ts";
import { useLanguage } from "../workshop/language.tsx";
import { sentenceOf } from "../workshop/sentence.ts";
import { useKnowledgeWords, useShelf, useShelfView } from "./context.ts";
import type { Sending } from "./shelf.ts";

/** A file that is being sent, or that was not taken. */
export function SendingRow({ sending }: { readonly sending: Sending }) {
  const shelf = useShelf();
  const t = useKnowledgeWords();
  const { language } = useLanguage();
  const { name, trouble, key } = sending;
  return (
    <li className="document" data-state={trouble ? "failed" : "sending"}>
      <FileText aria-hidden="true" size={22} strokeWidth={1.5} />
      <div className="document-text">
        <h3>{name}</h3>
        <p role={trouble ? "alert" : "status"} className={trouble ? "refused" : "hint"}>
          {trouble ? sentenceOf(trouble, language) : t("sending")}
        </p>
      </div>
      {trouble && (
        <button
          type="button"
          className="icon-button"
          aria-label={t("dismiss", { title: name })}
          onClick={() => shelf.putAway(key)}
        >
          <X aria-hidden="true" size={18} strokeWidth={1.75} />
        </button>
      )}
    </li>
  );
}

function reasonOf(error: KnownDocument["error"]): string {
  return typeof error === "string" ? error : (error?.message ?? "");
}

/** What is known of a document, in a line. */
function Facts({ document }: { readonly document: KnownDocument }) {
  const t = useKnowledgeWords();
  const { language } = useLanguage();
  const { status, progress, pages, passages, bytes, added_at: added } = document;
  if (status === "failed") return <p className="refused">{reasonOf(document.error) || t("failed")}</p>;
  if (status === "indexing") {
    const share = Math.max(0, Math.min(1, progress ?? 0));
    return (
      <div className="document-progress">
        <p className="hint">{t("indexing", { p: formatPercent(share, language) })}</p>
        <span
          className="bar-track"
          role="progressbar"
          aria-label={document.title}
          aria-valuemin={0}
          aria-valuemax={100}
          aria-valuenow={Math.round(share * 100)}
        >
          <span style={{ translate: `${100 * (share - 1)}%` }} />
        </span>
      </div>
    );
  }
  const count = (n: number, one: "pagesOne" | "passagesOne", many: "pages" | "passages") =>
    n === 1 ? t(one) : t(many, { n: String(n) });
  return (
    <p className="document-facts">
      {pages ? <span>{count(pages, "pagesOne", "pages")}</span> : null}
      <span>{count(passages, "passagesOne", "passages")}</span>
      <span>{formatBytes(bytes, language)}</span>
      <span>{formatWhen(added, language)}</span>
    </p>
  );
}

/** A document of the collection; to remove it takes two taps. */
export function DocumentRow({ document }: { readonly document: KnownDocument }) {
  const shelf = useShelf();
  const { collection } = useShelfView();
  const t = useKnowledgeWords();
  const [asking, setAsking] = useState(false);
  const { id, title, name, status } = document;
  return (
    <li className="document" data-state={status}>
      <FileText aria-hidden="true" size={22} strokeWidth={1.5} />
      <div className="document-text">
        <h3>{title || name}</h3>
        <Facts document={document} />
      </div>
      {asking ? (
        <fieldset className="document-ask" aria-label={t("removeAsk")}>
          <button
            type="button"
            className="pill-button"
            // biome-ignore lint/a11y/noAutofocus: the answer to the question that was just asked for
            autoFocus
            onClick={() => setAsking(false)}
          >
            {t("keep")}
          </button>
          <button type="button" className="pill-button danger" onClick={() => void shelf.remove(id)}>
            {t("removeSure")}
          </button>
        </fieldset>
      ) : (
        <div className="document-tools">
          <a
            className="icon-button"
            href={shelf.api.file(collection, id)}
            download=""
            aria-label={t("file", { title: title || name })}
            title={t("file", { title: title || name })}
          >
            <Download aria-hidden="true" size={18} strokeWidth={1.75} />
          </a>
          <button
            type="button"
            className="icon-button"
            aria-label={t("remove", { title: title || name })}
            title={t("remove", { title: title || name })}
            onClick={() => setAsking(true)}
          >
            <Trash2 aria-hidden="true" size={18} strokeWidth={1.75} />
          </button>
        </div>
      )}
    </li>
  );
}
