import { expect, test } from "vitest";
import { PlayoutClock } from "../../src/audio/playout-clock.ts";

test("says which moment of which item is heard", () => {
  const clock = new PlayoutClock(24000);
  expect(clock.at(0)).toBeNull();
  clock.note({ kind: "start", itemId: "a", sample: 0, frame: 24000 });
  expect(clock.at(0.9)).toBeNull();
  expect(clock.at(1.25)).toEqual({ itemId: "a", ms: 250, playing: true });
  clock.note({ kind: "stop", itemId: "a", sample: 12000, frame: 36000, reason: "starved" });
  expect(clock.at(1.4)).toEqual({ itemId: "a", ms: 400, playing: true });
  expect(clock.at(1.7)).toEqual({ itemId: "a", ms: 500, playing: false });
  clock.note({ kind: "start", itemId: "a", sample: 12000, frame: 48000 });
  expect(clock.at(2.1)?.ms).toBeCloseTo(600);
  clock.note({ kind: "stop", itemId: "a", sample: 24000, frame: 60000, reason: "ended" });
  clock.note({ kind: "start", itemId: "b", sample: 0, frame: 60000 });
  expect(clock.at(2.49)).toMatchObject({ itemId: "a", playing: true });
  expect(clock.at(2.51)).toMatchObject({ itemId: "b", playing: true });
});
