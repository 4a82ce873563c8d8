import { useEffect, useMemo, useRef, useState } from "react";
import type { KnowledgeApi, Place } from "../protocol/knowledge.ts";
import type { SourceKey } from "../words/source-messages.ts";
import { surroundings } from "./window.ts";

interface Props {
  readonly api: KnowledgeApi;
  readonly place: Place;
  readonly t: (key: SourceKey) => string;
}

/** The text of a document around a passage, which is marked; what the citation holds when there is no more. */
export function SourceText({ api, place, t }: Props) {
  const [text, setText] = useState<string | null>(null);
  const [gone, setGone] = useState(false);
  const mark = useRef<HTMLElement>(null);
  const { collection, document, start, end } = place;
  const shown = useMemo(() => (text === null ? null : surroundings(text, start, end)), [text, start, end]);

  useEffect(() => {
    let left = false;
    setText(null);
    setGone(false);
    api.text(collection, document).then(
      (found) => !left && setText(found),
      () => !left && setGone(true),
    );
    return () => {
      left = true;
    };
  }, [api, collection, document]);

  useEffect(() => {
    if (shown) mark.current?.scrollIntoView({ block: "center" });
  }, [shown]);

  if (gone || (text !== null && shown === null)) {
    return (
      <div className="source-text">
        <p className="muted">{t("gone")}</p>
        <blockquote>{place.text}</blockquote>
      </div>
    );
  }
  if (!shown) {
    return (
      <p className="source-text muted" role="status">
        {t("loading")}
      </p>
    );
  }
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls is reached by keyboard
    <section className="source-text" tabIndex={0} aria-label={t("passage")}>
      {shown.cutBefore && "… "}
      {shown.before}
      <mark ref={mark}>{shown.passage}</mark>
      {shown.after}
      {shown.cutAfter && " …"}
    </section>
  );
}
