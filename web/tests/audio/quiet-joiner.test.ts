import { expect, test } from "vitest";
import { QuietJoiner } from "../../src/audio/quiet-joiner.ts";

/** Pushes packets of one sample each, by their levels; the samples sent at each. */
function run(joiner: QuietJoiner, levels: readonly number[], start = 0): number[][] {
  return levels.map((level, i) => [...(joiner.push(Float32Array.of(start + i), level) ?? [])]);
}

test("while somebody speaks, and two seconds after, every packet goes at once", () => {
  const joiner = new QuietJoiner();
  const levels = [0.5, 0.5, ...Array<number>(61).fill(0)];
  expect(run(joiner, levels)).toEqual(levels.map((_, i) => [i]));
});

test("then four go as one, none is lost or moved, and the first sound takes along what waited", () => {
  const joiner = new QuietJoiner();
  run(joiner, [0.5, ...Array<number>(61).fill(0)]);
  expect(run(joiner, [0, 0.14, 0, 0, 0, 0, 0.3, 0], 100)).toEqual([
    [],
    [],
    [],
    [100, 101, 102, 103],
    [],
    [],
    [104, 105, 106],
    [107],
  ]);
});

test("what was waiting when the microphone went is not sent later", () => {
  const joiner = new QuietJoiner();
  run(joiner, Array<number>(63).fill(0));
  joiner.clear();
  expect(run(joiner, [0], 7)).toEqual([[7]]);
});
