import { expect, test } from "vitest";
import { outcomesOf, scoresOf, stageTimes } from "../../src/dashboard/figures.ts";
import { shareOf, ticksFor } from "../../src/dashboard/scale.ts";
import type { Statistics } from "../../src/protocol/studio.ts";

const STATISTICS: Statistics = {
  total_jobs: 10,
  completed: 6,
  failed: 1,
  cancelled: 0,
  stage_seconds: { video_generation: 9, audio_processing: 3 },
  recent: [
    { id: "new", created_at: "2026-01-02T00:00:00Z", status: "completed", quality: 90 },
    { id: "bad", created_at: "2026-01-01T12:00:00Z", status: "failed", quality: null },
    { id: "old", created_at: "2026-01-01T00:00:00Z", status: "completed", quality: 80 },
  ],
};

test("stages come in the pipeline's order", () => {
  expect(stageTimes(STATISTICS).map((one) => one.stage)).toEqual(["audio_processing", "video_generation"]);
});

test("judged videos go from old to new", () => {
  expect(scoresOf(STATISTICS).map((one) => one.job.id)).toEqual(["old", "new"]);
});

test("what has not ended is under way; what there is none of is left out", () => {
  expect(outcomesOf(STATISTICS)).toEqual([
    { kind: "completed", count: 6 },
    { kind: "failed", count: 1 },
    { kind: "underway", count: 3 },
  ]);
});

test("ticks are round, few, inside 0 … 100 and around the values", () => {
  for (const [low, high] of [
    [84.3, 94.1],
    [0, 100],
    [99, 99.5],
    [50, 50],
    [0, 0],
  ] as const) {
    const ticks = ticksFor(low, high);
    expect(ticks[0]).toBeLessThanOrEqual(low);
    expect(ticks.at(-1)).toBeGreaterThanOrEqual(high);
    expect(ticks.length).toBeGreaterThan(1);
    expect(ticks.length).toBeLessThanOrEqual(6);
    for (const tick of ticks) expect(tick >= 0 && tick <= 100).toBe(true);
  }
});

test("a share is inside, and in the middle of nothing", () => {
  expect([shareOf(5, 0, 10), shareOf(-1, 0, 10), shareOf(3, 2, 2)]).toEqual([0.5, 0, 0.5]);
});
