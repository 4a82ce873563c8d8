import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { cadence } from "../../src/face/cadence.ts";

const waiting = new Map<number, FrameRequestCallback>();
let requests = 0;

/** The display shows the next picture. */
function show(now: number): void {
  const due = [...waiting.values()];
  waiting.clear();
  for (const run of due) run(now);
}

beforeEach(() => {
  waiting.clear();
  vi.useFakeTimers();
  vi.stubGlobal("requestAnimationFrame", (run: FrameRequestCallback) => {
    requests += 1;
    waiting.set(requests, run);
    return requests;
  });
  vi.stubGlobal("cancelAnimationFrame", (request: number) => waiting.delete(request));
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test("the display says when, until it is stopped", () => {
  const drawn: number[] = [];
  const stop = cadence(
    (now) => drawn.push(now),
    () => "",
  );
  show(16);
  show(33);
  stop();
  show(50);
  expect(drawn).toEqual([16, 33]);
});

test("a test of something else has it drawn seldom, as long as it asks; nobody else can", () => {
  let asked = "?debug=1&gap=1000";
  let drawn = 0;
  const stop = cadence(
    () => {
      drawn += 1;
    },
    () => asked,
  );
  show(16);
  show(33);
  expect(drawn).toBe(1);
  vi.advanceTimersByTime(2500);
  expect(drawn).toBe(3);
  asked = "?gap=1000";
  vi.advanceTimersByTime(1000);
  show(50);
  show(66);
  expect(drawn).toBe(6);
  stop();
  vi.advanceTimersByTime(2500);
  show(83);
  expect(drawn).toBe(6);
});
