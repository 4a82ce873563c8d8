import { expect, test } from "vitest";
import type { Word } from "../../src/protocol/events.ts";
import { pageAt, pagesOf, piecesOf } from "../../src/state/captions.ts";

function words(...texts: string[]): Word[] {
  return texts.map((text, i) => ({ text, start_ms: i * 100, end_ms: i * 100 + 90 }));
}

test("words take the punctuation of the text they stand in", () => {
  const pieces = piecesOf("Hi, I'm Genevieve. And you?", words("Hi", "I'm", "Genevieve", "And", "you"));
  expect(pieces.map((piece) => piece.text)).toEqual(["Hi, ", "I'm ", "Genevieve. ", "And ", "you?"]);
});

test("text without times yet is not shown", () => {
  const pieces = piecesOf("Hi there. What would you like to learn?", words("Hi", "there"));
  expect(pieces.map((piece) => piece.text)).toEqual(["Hi ", "there. "]);
});

test("opening marks wait for their own word", () => {
  expect(piecesOf("Bien. ¿Y tú?", words("Bien")).map((piece) => piece.text)).toEqual(["Bien. "]);
});

test("Chinese has no spaces", () => {
  const pieces = piecesOf("你好，我是 Genevieve。", words("你好", "我", "是", "Genevieve"));
  expect(pieces.map((piece) => piece.text).join("")).toBe("你好，我是 Genevieve。");
});

test("a word that the text does not hold stands for itself", () => {
  expect(piecesOf("24 hours", words("twenty-four", "hours")).map((piece) => piece.text)).toEqual([
    "twenty-four ",
    "hours",
  ]);
});

test("pages end with sentences and never grow past their width", () => {
  const text = "One two three. Four five six, seven eight nine ten eleven twelve thirteen.";
  const pieces = piecesOf(text, words(...(text.match(/\w+/g) ?? [])));
  const pages = pagesOf(pieces, 24).map((page) => page.map((piece) => piece.text).join(""));
  expect(pages[0]).toBe("One two three. ");
  expect(pages[1]).toBe("Four five six, ");
  expect(Math.max(...pages.map((page) => page.trim().length))).toBeLessThanOrEqual(24);
  expect(pages.join("")).toBe(text);
});

test("the page follows the clock", () => {
  const pages = pagesOf(piecesOf("A b. C d.", words("A", "b", "C", "d")), 20);
  expect([-1, 0, 150, 200, 9000].map((ms) => pageAt(pages, ms))).toEqual([-1, 0, 0, 1, 1]);
});
