import { useEffect, useMemo, useState } from "react";
import { pageAt, pagesOf, piecesOf } from "../state/captions.ts";
import { usePage, useView } from "./context.ts";

/** How long the last words stay after she has said them. */
const LINGER_MS = 2200;
/** A word appears this long before it is heard, so that the eye has it in time. */
const LEAD_MS = 60;
const WIDTH = 84;
const NARROW_WIDTH = 60;

interface Shown {
  readonly page: number;
  readonly words: number;
}

const NOTHING: Shown = { page: -1, words: 0 };

/** What she is saying, word by word as it is heard. The words to come already have their place, so nothing moves. */
export function Captions() {
  const { live } = usePage();
  const { caption, said, language, sounding } = useView();
  const [shown, setShown] = useState<Shown>(NOTHING);
  const itemId = caption?.itemId ?? null;
  const text = said.find((one) => one.id === itemId)?.text ?? "";
  const pages = useMemo(() => {
    const width = window.innerWidth < 600 ? NARROW_WIDTH : WIDTH;
    return pagesOf(piecesOf(text, caption?.words ?? []), width);
  }, [text, caption]);

  useEffect(() => {
    let request = 0;
    let silentSince = 0;
    const look = (now: number) => {
      const position = live.player.position();
      const here = position && position.itemId === itemId ? position : null;
      if (here?.playing) silentSince = now;
      const visible = here !== null && (here.playing || (sounding ? true : now - silentSince < LINGER_MS));
      const ms = (here?.ms ?? 0) + LEAD_MS;
      const page = visible ? pageAt(pages, ms) : -1;
      const words = (pages[page] ?? []).filter((piece) => piece.startMs <= ms).length;
      setShown((before) => (before.page === page && before.words === words ? before : { page, words }));
      request = requestAnimationFrame(look);
    };
    silentSince = performance.now();
    request = requestAnimationFrame(look);
    return () => cancelAnimationFrame(request);
  }, [live, itemId, pages, sounding]);

  if (caption?.written) {
    return (
      <p className="captions" lang={language} aria-hidden="true">
        <span key={itemId} className="caption-page">
          {text}
        </span>
      </p>
    );
  }
  const page = pages[shown.page] ?? [];
  return (
    <p className="captions" lang={language} aria-hidden="true">
      <span key={`${itemId}-${shown.page}`} className="caption-page">
        {page.map((piece, i) => (
          <span key={piece.startMs} className={i < shown.words ? "word heard" : "word"}>
            {piece.text}
          </span>
        ))}
      </span>
    </p>
  );
}
