/** Captions: the words of an answer as written, cut into pages of a line or two. */

import type { Word } from "../protocol/events.ts";

/** A word with the punctuation and the space that follow it in the text. */
export interface CaptionPiece {
  readonly text: string;
  readonly startMs: number;
  readonly endMs: number;
}

export type CaptionPage = readonly CaptionPiece[];

const SENTENCE_END = /[.!?…。！？]["'”’)]*\s*$/;
const CLAUSE_END = /[,;:，；：、]\s*$/;
const WIDE = /[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef]/;

/** Lays the timed words over the text they were taken from; a word that is not in it stands for itself. */
export function piecesOf(text: string, words: readonly Word[]): readonly CaptionPiece[] {
  const starts: number[] = [];
  let cursor = 0;
  for (const word of words) {
    const found = text.indexOf(word.text.trim(), cursor);
    starts.push(found);
    if (found >= 0) cursor = found + word.text.trim().length;
  }
  return words.map((word, i) => {
    const start = starts[i] ?? -1;
    const next = i + 1 < words.length ? (starts[i + 1] ?? -1) : sentenceEnd(text, start + word.text.trim().length);
    const own = WIDE.test(word.text) ? word.text : `${word.text} `;
    return { text: start < 0 || next < 0 ? own : text.slice(start, next), startMs: word.start_ms, endMs: word.end_ms };
  });
}

/** The last word known takes the marks behind it, and nothing that has no time yet. */
function sentenceEnd(text: string, from: number): number {
  const marks = /^[^\p{L}\p{N}¿¡]*/u.exec(text.slice(from))?.[0] ?? "";
  return from + marks.length;
}

/** Width of a text in half-width characters. */
function widthOf(text: string): number {
  let width = 0;
  for (const character of text) width += WIDE.test(character) ? 2 : 1;
  return width;
}

/** Pages of at most `width` half-width characters; a page ends with its sentence, or at a comma once it is half full. */
export function pagesOf(pieces: readonly CaptionPiece[], width: number): readonly CaptionPage[] {
  const pages: CaptionPiece[][] = [];
  let page: CaptionPiece[] = [];
  let filled = 0;
  for (const piece of pieces) {
    const size = widthOf(piece.text);
    if (page.length > 0 && filled + size > width) {
      pages.push(page);
      page = [];
      filled = 0;
    }
    page.push(piece);
    filled += size;
    const full = SENTENCE_END.test(piece.text) || (CLAUSE_END.test(piece.text) && filled > width * 0.6);
    if (full) {
      pages.push(page);
      page = [];
      filled = 0;
    }
  }
  if (page.length > 0) pages.push(page);
  return pages;
}

/** The page that is heard at `ms`, or that was heard last; -1 before the first word. */
export function pageAt(pages: readonly CaptionPage[], ms: number): number {
  let found = -1;
  pages.forEach((page, i) => {
    if ((page[0]?.startMs ?? Number.POSITIVE_INFINITY) <= ms) found = i;
  });
  return found;
}
