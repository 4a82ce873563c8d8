/** What went wrong, as a sentence: the server's own where it gave one. */

import type { Language } from "../protocol/events.ts";
import { Unreachable } from "../protocol/json.ts";
import { read } from "../words/table.ts";
import { WORKSHOP } from "../words/workshop-messages.ts";

/** A trouble to show: the server's sentence, or the key of one of the page's. */
export type Trouble = { readonly text: string } | { readonly key: "unreachable" | "strange" };

export function troubleOf(error: unknown): Trouble {
  if (error instanceof Unreachable) return { key: "unreachable" };
  const text = error instanceof Error ? error.message : "";
  return text ? { text } : { key: "strange" };
}

export function sentenceOf(trouble: Trouble, language: Language): string {
  return "text" in trouble ? trouble.text : read(WORKSHOP[trouble.key], language);
}
