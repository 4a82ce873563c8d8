import { expect, test } from "vitest";
import { formatAbout, formatClock, formatPercent, formatSeconds, formatWhen } from "../../src/workshop/format.ts";

test("short times have tenths, long ones minutes", () => {
  expect(formatSeconds(3.24, "en")).toBe("3.2 s");
  expect(formatSeconds(3.24, "es")).toBe("3,2 s");
  expect(formatSeconds(16.4, "en")).toBe("16 s");
  expect(formatSeconds(59.7, "en")).toBe("1 min 0 s");
  expect(formatSeconds(125, "zh")).toBe("2 分 5 秒");
});

test("an estimate has no tenths and is never nothing", () => {
  expect(formatAbout(7.2, "en")).toBe("8 s");
  expect(formatAbout(0.1, "es")).toBe("1 s");
  expect(formatAbout(12.4, "en")).toBe("12 s");
});

test("a clock counts whole seconds", () => {
  expect([formatClock(0), formatClock(7.9), formatClock(75)]).toEqual(["0:00", "0:07", "1:15"]);
});

test("a share is a whole percentage", () => {
  expect(formatPercent(0.957, "en")).toBe("96 %");
});

test("a time without a zone is UTC, and what is no time stays as it is", () => {
  expect(formatWhen("2026-01-02T10:00:00", "en")).toBe(formatWhen("2026-01-02T10:00:00+00:00", "en"));
  expect(formatWhen("soon", "en")).toBe("soon");
});
