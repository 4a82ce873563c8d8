/** The two choices that the page remembers in this browser; without storage it forgets them, and nothing else. */

import type { LanguageChoice } from "../protocol/events.ts";
import type { TalkMode } from "../state/view.ts";
import { asChoice } from "../words/language.ts";

const PREFIX = "visavis.";

function read(name: string): string | null {
  try {
    return localStorage.getItem(PREFIX + name);
  } catch {
    return null;
  }
}

export function savePreference(name: "language" | "mode", value: string): void {
  try {
    localStorage.setItem(PREFIX + name, value);
  } catch {
    return;
  }
}

export function savedLanguage(): LanguageChoice {
  return asChoice(read("language"));
}

export function savedMode(): TalkMode {
  return read("mode") === "push" ? "push" : "hands-free";
}
