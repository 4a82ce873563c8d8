import { describe, expect, test } from "vitest";
import { wavOf } from "../../src/audio/wav.ts";
import { barsOf, latestBars, levelsOf } from "../../src/studio/peaks.ts";
import { kindOf } from "../../src/studio/receive.ts";
import { LONGEST_TAKE, Take } from "../../src/studio/take.ts";

test("a take is a WAV file of what was pushed", async () => {
  const take = new Take();
  take.push(new Float32Array([0, 0.5]), 0.2);
  take.push(new Float32Array([-1]), 0.9);
  expect(take.seconds).toBeCloseTo(3 / 24000);
  expect(take.levels).toEqual([0.2, 0.9]);
  const view = new DataView(await take.wav().arrayBuffer());
  expect(view.byteLength).toBe(44 + 6);
  expect([view.getInt16(44, true), view.getInt16(46, true), view.getInt16(48, true)]).toEqual([0, 16384, -32767]);
});

test("a take ends at its longest", () => {
  const take = new Take();
  const second = new Float32Array(24000);
  for (let i = 0; i < LONGEST_TAKE + 5; i++) take.push(second, 0);
  expect(take.full).toBe(true);
  expect(take.seconds).toBe(LONGEST_TAKE);
});

test("the header tells rate and length", () => {
  const bytes = wavOf([new Int16Array(4)], 24000);
  const view = new DataView(bytes.buffer);
  expect(new TextDecoder().decode(bytes.subarray(0, 4))).toBe("RIFF");
  expect(view.getUint32(4, true)).toBe(bytes.length - 8);
  expect(view.getUint32(24, true)).toBe(24000);
  expect(view.getUint32(40, true)).toBe(8);
});

describe("bars", () => {
  test("are as high as the loudest in their piece, the loudest of all at 1", () => {
    expect(barsOf([0.1, 0.4, 0.2, 0.2], 2)).toEqual([1, 0.5]);
    expect(barsOf([0.5], 3)).toEqual([1, 1, 1]);
    expect(barsOf([], 2)).toEqual([0, 0]);
  });

  test("that come in live stand at the right", () => {
    expect(latestBars([1, 2], 4)).toEqual([0, 0, 1, 2]);
    expect(latestBars([1, 2, 3], 2)).toEqual([2, 3]);
  });

  test("of samples are their root mean squares", () => {
    expect(levelsOf(new Float32Array([0, 0, 1, -1]), 2)).toEqual([0, 1]);
  });
});

test("a dropped file goes where it belongs", () => {
  expect(kindOf({ type: "image/heic", name: "x" })).toBe("photo");
  expect(kindOf({ type: "", name: "me.JPG" })).toBe("photo");
  expect(kindOf({ type: "audio/ogg", name: "x" })).toBe("sound");
  expect(kindOf({ type: "", name: "talk.flac" })).toBe("sound");
  expect(kindOf({ type: "text/plain", name: "notes.txt" })).toBeNull();
});
