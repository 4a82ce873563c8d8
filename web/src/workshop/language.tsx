/** The language of the studio's and the dashboard's pages, and how their words are read. */

import { createContext, type ReactNode, useCallback, useContext, useEffect, useMemo, useState } from "react";
import type { Language, LanguageChoice } from "../protocol/events.ts";
import { savedLanguage, savePreference } from "../session/preferences.ts";
import { LANGUAGE_TAGS, preferredLanguage } from "../words/language.ts";
import { read, type Table, type Values } from "../words/table.ts";

interface Speaking {
  readonly language: Language;
  readonly choice: LanguageChoice;
  choose(choice: LanguageChoice): void;
}

const LanguageContext = createContext<Speaking | null>(null);

export function LanguageProvider({ children }: { readonly children: ReactNode }) {
  const [choice, setChoice] = useState<LanguageChoice>(savedLanguage);
  const language = choice === "auto" ? preferredLanguage(navigator.languages) : choice;
  const speaking = useMemo<Speaking>(
    () => ({
      language,
      choice,
      choose: (next) => {
        setChoice(next);
        savePreference("language", next);
      },
    }),
    [language, choice],
  );
  useEffect(() => {
    document.documentElement.lang = LANGUAGE_TAGS[language];
  }, [language]);
  return <LanguageContext value={speaking}>{children}</LanguageContext>;
}

export function useLanguage(): Speaking {
  const speaking = useContext(LanguageContext);
  if (!speaking) throw new Error("a part of the page stands outside of it");
  return speaking;
}

export type WordsOf<T extends Table> = (key: keyof T, values?: Values) => string;

/** Reads from one table of words in the page's language. */
export function useTable<T extends Table>(table: T): WordsOf<T> {
  const { language } = useLanguage();
  return useCallback(
    (key, values) => {
      const row = table[key];
      return row ? read(row, language, values) : "";
    },
    [table, language],
  );
}
