import { describe, expect, test } from "vitest";
import { ACCESS } from "../../src/words/access-messages.ts";
import { DASHBOARD } from "../../src/words/dashboard-messages.ts";
import { KNOWLEDGE } from "../../src/words/knowledge-messages.ts";
import { preferredLanguage } from "../../src/words/language.ts";
import { MEMORY } from "../../src/words/memory-messages.ts";
import { keyFor, MESSAGE_KEYS, message } from "../../src/words/messages.ts";
import { SOURCE } from "../../src/words/source-messages.ts";
import { STUDIO } from "../../src/words/studio-messages.ts";
import type { Table } from "../../src/words/table.ts";

describe.each(MESSAGE_KEYS)("%s", (key) => {
  const texts = [message("en", key), message("zh", key), message("es", key)];

  test("is there in all three languages, with the same places for values", () => {
    for (const text of texts) expect(text.trim()).not.toBe("");
    const places = texts.map((text) => (text.match(/\{\w+\}/g) ?? []).sort().join());
    expect(new Set(places).size).toBe(1);
  });

  test("does not shout, and has no emoji", () => {
    for (const text of texts) expect(text).not.toMatch(/[!！¡]|\p{Extended_Pictographic}/u);
  });
});

const TABLES: readonly (readonly [string, Table])[] = [
  ["studio", STUDIO],
  ["dashboard", DASHBOARD],
  ["key", ACCESS],
  ["documents", KNOWLEDGE],
  ["sources", SOURCE],
  ["memory", MEMORY],
];

describe.each(TABLES)("the table of the %s", (_, table) => {
  test("has every sentence in all three languages, with the same places for values", () => {
    for (const [key, row] of Object.entries(table)) {
      for (const text of row) expect(text.trim(), key).not.toBe("");
      const places = row.map((text) => (text.match(/\{\w+\}/g) ?? []).sort().join());
      expect(new Set(places).size, key).toBe(1);
    }
  });

  test("does not shout, and has no emoji", () => {
    for (const row of Object.values(table)) {
      for (const text of row) expect(text).not.toMatch(/[!！¡]|\p{Extended_Pictographic}/u);
    }
  });
});

test("values are put in, and an unknown place stays", () => {
  expect(message("en", "meet", { name: "Ada" })).toBe("Tap to meet Ada");
  expect(message("en", "meet")).toContain("{name}");
});

test("names from the server find their message, or a fallback", () => {
  expect(keyFor("engine", "stt", "kind_other")).toBe("engine_stt");
  expect(keyFor("engine", "nonsense", "kind_other")).toBe("kind_other");
});

test("the interface starts in the first of the browser's languages that it speaks", () => {
  expect(preferredLanguage(["fr-FR", "es-MX", "en"])).toBe("es");
  expect(preferredLanguage(["zh-Hant-TW"])).toBe("zh");
  expect(preferredLanguage([])).toBe("en");
});
