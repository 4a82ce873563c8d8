import { expect, test } from "vitest";
import { figuresOf, readingsOf, scoreOf, unmeasuredOf } from "../../src/studio/readings.ts";

const GOOD = {
  overall: 91.4,
  ssim: 0.993,
  lip_sync: 0.46,
  lag: -0.02,
  closure_hits: 0.957,
  shut_in_silence: 0.93,
  flicker: 0.41,
  sound_excess: 0.04,
  frames: 310,
  fps: 25,
  psnr: null,
  not_available: { lse_c: "needs the SyncNet weights" },
};

test("a good video reads as good in every line", () => {
  const readings = readingsOf(GOOD, "en");
  expect(readings).toHaveLength(7);
  for (const reading of readings) expect(reading.verdict, reading.label).toBe("good");
  expect(readings[0]?.value).toBe("96 %");
  expect(readings[1]?.value).toBe("−20 ms");
  expect(scoreOf(GOOD)).toBe(91.4);
});

test("each number is judged by its own bounds", () => {
  const verdict = (name: string, value: number) => readingsOf({ [name]: value }, "en")[0]?.verdict;
  expect(verdict("lag", 0.06)).toBe("fair");
  expect(verdict("lag", 0.2)).toBe("poor");
  expect(verdict("lag", -0.12)).toBe("good");
  expect(verdict("closure_hits", 0.9)).toBe("fair");
  expect(verdict("closure_hits", 0.5)).toBe("poor");
  expect(verdict("flicker", 2)).toBe("poor");
  expect(verdict("ssim", 0.9)).toBe("fair");
  expect(verdict("sound_excess", -0.1)).toBe("fair");
});

test("what was not measured is not shown as a number, but with its reason", () => {
  expect(readingsOf({ ssim: null, lag: undefined, flicker: Number.NaN }, "en")).toEqual([]);
  expect(scoreOf({})).toBeNull();
  expect(figuresOf(GOOD, "en").map((figure) => figure.label)).toEqual(["figureFrames", "figureFps"]);
  expect(unmeasuredOf(GOOD)).toEqual([["LSE-C", "needs the SyncNet weights"]]);
  expect(unmeasuredOf({})).toEqual([]);
});

test("numbers are written as the language does", () => {
  expect(readingsOf({ lip_sync: 0.46 }, "es")[0]?.value).toBe("0,46");
});
