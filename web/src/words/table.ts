/** A table of sentences in English, Chinese and Spanish, and how one is read. `{name}` stands for a value. */

import type { Language } from "../protocol/events.ts";

export type Row = readonly [en: string, zh: string, es: string];
export type Table = Readonly<Record<string, Row>>;
export type Values = Readonly<Record<string, string>>;

const COLUMN: Readonly<Record<Language, 0 | 1 | 2>> = { en: 0, zh: 1, es: 2 };

export function read(row: Row, language: Language, values: Values = {}): string {
  return row[COLUMN[language]].replace(/\{(\w+)\}/g, (whole, name: string) => values[name] ?? whole);
}
