import { expect, test } from "vitest";
import { surroundings } from "../../src/source/window.ts";

test("a passage stands between what is before and after it", () => {
  const found = surroundings("One. Two. Three.", 5, 9);
  expect(found).toEqual({ before: "One. ", passage: "Two.", after: " Three.", cutBefore: false, cutAfter: false });
});

test("offsets count characters as the server does", () => {
  expect(surroundings("😀😀 保修期", 3, 6)?.passage).toBe("保修期");
});

test("a long document is cut at its lines, far from the passage", () => {
  const lines = Array.from({ length: 400 }, (_, i) => `Line ${i} of a long document.`);
  const text = lines.join("\n");
  const start = text.indexOf("Line 200");
  const found = surroundings(text, start, start + 8);
  expect(found?.passage).toBe("Line 200");
  expect([found?.cutBefore, found?.cutAfter]).toEqual([true, true]);
  expect(found?.before).toMatch(/^Line \d+ of/);
  expect(found?.after.length).toBeLessThan(3001);
});

test("offsets beyond the text are no passage", () => {
  expect(surroundings("short", 20, 30)).toBeNull();
  expect(surroundings("short", 3, 3)).toBeNull();
});
