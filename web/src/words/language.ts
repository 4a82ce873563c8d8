/** Which language the interface starts in. */

import type { Language, LanguageChoice } from "../protocol/events.ts";

export const LANGUAGES: readonly Language[] = ["en", "zh", "es"];

/** Each language by its own name. */
export const LANGUAGE_NAMES: Readonly<Record<Language, string>> = { en: "English", zh: "中文", es: "Español" };

/** BCP 47 tags for the page's own `lang`. */
export const LANGUAGE_TAGS: Readonly<Record<Language, string>> = { en: "en", zh: "zh-CN", es: "es" };

/** The first of the browser's languages that the page speaks; English when there is none. */
export function preferredLanguage(tags: readonly string[]): Language {
  for (const tag of tags) {
    const primary = tag.toLowerCase().split("-")[0];
    const found = LANGUAGES.find((language) => language === primary);
    if (found) return found;
  }
  return "en";
}

export function asChoice(value: string | null): LanguageChoice {
  return LANGUAGES.find((language) => language === value) ?? "auto";
}
