import { afterEach, expect, test, vi } from "vitest";
import { cadence } from "../../src/face/cadence.ts";

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test("the display says when, until it is stopped", () => {
  const waiting: FrameRequestCallback[] = [];
  vi.stubGlobal("requestAnimationFrame", (run: FrameRequestCallback) => waiting.push(run));
  const cancelled: number[] = [];
  vi.stubGlobal("cancelAnimationFrame", (request: number) => cancelled.push(request));
  const drawn: number[] = [];
  const stop = cadence((now) => drawn.push(now), "");
  waiting[0]?.(16);
  waiting[1]?.(33);
  expect(drawn).toEqual([16, 33]);
  stop();
  expect(cancelled).toEqual([3]);
});

test("a test of something else has it drawn at once and then seldom; nobody else can ask for that", () => {
  vi.useFakeTimers();
  const waiting: FrameRequestCallback[] = [];
  vi.stubGlobal("requestAnimationFrame", (run: FrameRequestCallback) => waiting.push(run));
  let drawn = 0;
  const draw = () => {
    drawn += 1;
  };
  const stop = cadence(draw, "?debug=1&gap=1000");
  expect(drawn).toBe(1);
  vi.advanceTimersByTime(2500);
  expect(drawn).toBe(3);
  stop();
  vi.advanceTimersByTime(2500);
  expect(drawn).toBe(3);
  cadence(draw, "?gap=1000");
  expect(waiting).toHaveLength(1);
});
