import { expect, test } from "vitest";
import { busyWith, progressOf } from "../../src/state/readiness.ts";
import { answeredAfter, stepsOf } from "../../src/state/waterfall.ts";

test("each step starts where the one before it ended", () => {
  const steps = stepsOf({
    turn_id: "t",
    endpoint: 300,
    transcript: 450,
    first_token: 600,
    first_audio: 900,
    first_motion: 880,
  });
  expect(steps.map(({ label, fromMs, toMs }) => [label, fromMs, toMs])).toEqual([
    ["stepHeard", 0, 300],
    ["stepUnderstood", 300, 450],
    ["stepFirstWord", 450, 600],
    ["stepFirstSound", 880, 900],
    ["stepMouth", 600, 880],
  ]);
});

test("what happened before the person had finished counts as nought, what did not happen is left out", () => {
  const steps = stepsOf({ turn_id: "t", transcript: -120, first_token: null, first_audio: 200 });
  expect(steps.map(({ label, toMs }) => [label, toMs])).toEqual([
    ["stepUnderstood", 0],
    ["stepFirstSound", 200],
  ]);
  expect(answeredAfter({ turn_id: "t" })).toBeNull();
});

test("progress is the mean of the parts, given as a share or in percent", () => {
  const components = [
    { kind: "vad", name: "v", state: "ready" },
    { kind: "stt", name: "s", state: "loading", progress: 0.5 },
    { kind: "llm", name: "l", state: "loading", progress: 25 },
    { kind: "tts", name: "t", state: "waiting", progress: null },
  ];
  expect(progressOf({ status: "loading", components })).toBeCloseTo((1 + 0.5 + 0.25 + 0) / 4);
  expect(busyWith({ status: "loading", components })?.kind).toBe("stt");
  expect(busyWith({ status: "loading", components: [] })).toBeNull();
});
