/** A passage and what stands around it in its document. */

/** How much of the document is shown on each side of the passage, in characters. */
const AROUND = 3000;

export interface Surroundings {
  readonly before: string;
  readonly passage: string;
  readonly after: string;
  readonly cutBefore: boolean;
  readonly cutAfter: boolean;
}

/** Offsets count characters as Python does, so a character outside of the basic plane is one. */
function indexOf(text: string, characters: number): number {
  let index = 0;
  for (let count = 0; count < characters && index < text.length; count++) {
    index += (text.codePointAt(index) ?? 0) > 0xffff ? 2 : 1;
  }
  return index;
}

/** Null when the offsets lie outside of the text. */
export function surroundings(text: string, start: number, end: number): Surroundings | null {
  const from = indexOf(text, start);
  const to = from + indexOf(text.slice(from), end - start);
  if (start < 0 || to <= from) return null;
  const first = from <= AROUND ? 0 : paragraphAfter(text, from - AROUND, from);
  const last = text.length - to <= AROUND ? text.length : paragraphBefore(text, to + AROUND, to);
  return {
    before: text.slice(first, from),
    passage: text.slice(from, to),
    after: text.slice(to, last),
    cutBefore: first > 0,
    cutAfter: last < text.length,
  };
}

function paragraphAfter(text: string, from: number, limit: number): number {
  const found = text.indexOf("\n", from);
  return found >= 0 && found < limit ? found + 1 : from;
}

function paragraphBefore(text: string, to: number, limit: number): number {
  const found = text.lastIndexOf("\n", to);
  return found > limit ? found : to;
}
