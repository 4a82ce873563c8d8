import { beforeEach, expect, test } from "vitest";
import { type PlaybackNote, PlaybackQueue } from "../../src/audio/playback-queue.ts";

const FADE = 8;
let queue: PlaybackQueue;
let frame: number;
let notes: PlaybackNote[];

function pull(count: number): number[] {
  const output = new Float32Array(count);
  notes.push(...queue.pull(output, frame));
  frame += count;
  return [...output];
}

beforeEach(() => {
  queue = new PlaybackQueue(FADE, 16);
  frame = 100;
  notes = [];
});

test("an item is played whole, and its start and end are exact", () => {
  queue.push("a", new Float32Array(40).fill(0.5));
  queue.finish("a");
  expect(pull(64).filter((value) => value === 0.5)).toHaveLength(40);
  expect(notes).toEqual([
    { kind: "start", itemId: "a", sample: 0, frame: 100 },
    { kind: "stop", itemId: "a", sample: 40, frame: 140, reason: "ended" },
  ]);
});

test("it waits for a lead, unless that is all there is", () => {
  queue.push("a", new Float32Array(10).fill(1));
  expect(pull(4)).toEqual([0, 0, 0, 0]);
  queue.finish("a");
  expect(pull(2)).toEqual([1, 1]);
});

test("when audio is late it stops, and goes on where it was", () => {
  queue.push("a", new Float32Array(20).fill(1));
  pull(32);
  queue.push("a", new Float32Array(20).fill(1));
  pull(32);
  expect(notes.map(({ kind, sample, frame: at }) => [kind, sample, at])).toEqual([
    ["start", 0, 100],
    ["stop", 20, 120],
    ["start", 20, 132],
    ["stop", 40, 152],
  ]);
});

test("a flush fades out within the fade and forgets the rest", () => {
  queue.push("a", new Float32Array(100).fill(1));
  queue.push("b", new Float32Array(100).fill(1));
  pull(10);
  queue.flush();
  const output = pull(64);
  expect(output.slice(0, FADE)).toEqual([7, 6, 5, 4, 3, 2, 1, 0].map((value) => value / 8));
  expect(output.slice(FADE).every((value) => value === 0)).toBe(true);
  expect(notes.at(-1)).toEqual({ kind: "stop", itemId: "a", sample: 18, frame: 118, reason: "flushed" });
  queue.push("c", new Float32Array(20).fill(1));
  pull(32);
  expect(notes.find((note) => note.itemId === "c")).toMatchObject({ kind: "start", sample: 0 });
  expect(notes.some((note) => note.itemId === "b")).toBe(false);
});

test("what waits before it was started is dropped by a flush too", () => {
  queue.push("a", new Float32Array(10).fill(1));
  queue.flush();
  queue.finish("b");
  expect(pull(32).every((value) => value === 0)).toBe(true);
  expect(notes).toEqual([]);
});

test("a pause keeps the place, and the sound comes back without a click", () => {
  queue.push("a", new Float32Array(200).fill(1));
  pull(10);
  queue.pause();
  pull(32);
  expect(notes.at(-1)).toMatchObject({ kind: "stop", reason: "paused", sample: 18 });
  queue.resume();
  const output = pull(16);
  expect(notes.at(-1)).toMatchObject({ kind: "start", sample: 18 });
  expect(output[0]).toBeCloseTo(1 / 8);
  expect(output[15]).toBe(1);
});

test("an interruption while paused drops everything", () => {
  queue.push("a", new Float32Array(200).fill(1));
  pull(10);
  queue.pause();
  pull(32);
  queue.flush();
  expect(pull(32).every((value) => value === 0)).toBe(true);
});
