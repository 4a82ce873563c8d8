import { ChevronLeft, ChevronRight } from "lucide-react";
import { useEffect, useState } from "react";
import type { KnowledgeApi, Place } from "../protocol/knowledge.ts";
import type { SourceKey } from "../words/source-messages.ts";
import type { Values } from "../words/table.ts";
import { SourceText } from "./source-text.tsx";

interface Props {
  readonly api: KnowledgeApi;
  readonly place: Place;
  readonly page: number;
  readonly t: (key: SourceKey, values?: Values) => string;
}

/** The picture of a page with the passage marked in it, and the pages beside it; its text when it cannot be drawn. */
export function SourcePage({ api, place, page, t }: Props) {
  const [shown, setShown] = useState(page);
  const [pages, setPages] = useState<number | null>(null);
  const [drawn, setDrawn] = useState<"waiting" | "there" | "failed">("waiting");
  const { collection, document, passage, title } = place;
  const url = api.page(collection, document, shown, passage);

  useEffect(() => {
    let left = false;
    api.document(collection, document).then(
      (found) => !left && setPages(found.pages ?? null),
      () => undefined,
    );
    return () => {
      left = true;
    };
  }, [api, collection, document]);

  if (drawn === "failed") return <SourceText api={api} place={place} t={t} />;
  const turn = (by: number) => {
    setDrawn("waiting");
    setShown(shown + by);
  };
  const values = { n: String(shown), all: String(pages ?? ""), title };
  return (
    <>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls is reached by keyboard */}
      <section className="source-page" tabIndex={0} aria-label={t("page", values)} data-drawn={drawn}>
        <img
          key={url}
          src={url}
          alt={t("picture", values)}
          onLoad={() => setDrawn("there")}
          onError={() => setDrawn("failed")}
        />
        {drawn === "waiting" && (
          <p className="muted" role="status">
            {t("loading")}
          </p>
        )}
      </section>
      <div className="source-pages">
        <button
          type="button"
          className="icon-button"
          aria-label={t("before")}
          disabled={shown <= 1}
          onClick={() => turn(-1)}
        >
          <ChevronLeft aria-hidden="true" size={20} strokeWidth={1.75} />
        </button>
        <p aria-live="polite">{pages ? t("pageOf", values) : t("page", values)}</p>
        <button
          type="button"
          className="icon-button"
          aria-label={t("after")}
          disabled={pages === null || shown >= pages}
          onClick={() => turn(1)}
        >
          <ChevronRight aria-hidden="true" size={20} strokeWidth={1.75} />
        </button>
      </div>
    </>
  );
}
