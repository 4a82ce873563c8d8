/** The engine's names of voices, as people read them. */

import type { Language } from "../protocol/events.ts";
import { LANGUAGES } from "../words/language.ts";

/** Kokoro's: language and voice in two letters, an underscore, the name. */
const KOKORO = /^([abez])[fm]_(\w+)$/;
const KOKORO_LANGUAGES: Readonly<Record<string, Language>> = { a: "en", b: "en", z: "zh", e: "es" };
/** Edge's and Piper's: a language tag, then the name. */
const TAGGED = /^(en|zh|es)[-_][A-Za-z]+-(\w+?)(?:Neural|-.*)?$/;

export interface VoiceName {
  readonly name: string;
  /** null when the name does not tell. */
  readonly language: Language | null;
}

export function voiceName(id: string): VoiceName {
  const kokoro = KOKORO.exec(id);
  if (kokoro) return { name: capital(kokoro[2] ?? id), language: KOKORO_LANGUAGES[kokoro[1] ?? ""] ?? null };
  const tagged = TAGGED.exec(id);
  const language = LANGUAGES.find((one) => one === tagged?.[1]);
  return tagged && language ? { name: capital(tagged[2] ?? id), language } : { name: id, language: null };
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
