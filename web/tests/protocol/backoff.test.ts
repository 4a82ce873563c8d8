import { expect, test } from "vitest";
import { backoffMs } from "../../src/protocol/backoff.ts";

test("waits double up to eight seconds, and jitter only shortens them", () => {
  expect([0, 1, 2, 3, 4, 5, 50].map((attempt) => backoffMs(attempt, 0))).toEqual([
    500, 1000, 2000, 4000, 8000, 8000, 8000,
  ]);
  expect(backoffMs(0, 0.999)).toBeGreaterThanOrEqual(375);
});
