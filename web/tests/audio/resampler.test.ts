import { describe, expect, test } from "vitest";
import { Resampler } from "../../src/audio/resampler.ts";

function tone(hertz: number, rate: number, seconds: number): Float32Array {
  return Float32Array.from({ length: rate * seconds }, (_, i) => Math.sin((2 * Math.PI * hertz * i) / rate));
}

function inBlocks(resampler: Resampler, input: Float32Array, size = 128): Float32Array {
  const parts: number[] = [];
  for (let at = 0; at < input.length; at += size) parts.push(...resampler.process(input.subarray(at, at + size)));
  return Float32Array.from(parts);
}

function rms(samples: Float32Array): number {
  return Math.sqrt(samples.reduce((sum, value) => sum + value * value, 0) / samples.length);
}

describe.each([48000, 44100, 16000])("from %i Hz to 24 kHz", (rate) => {
  test("a tone keeps its height, its loudness and its length", () => {
    const output = inBlocks(new Resampler(rate, 24000), tone(1000, rate, 0.5));
    expect(Math.abs(output.length - 12000)).toBeLessThan(40);
    const settled = output.slice(200, 11800);
    let best = { error: Number.POSITIVE_INFINITY, lag: 0 };
    for (let lag = 0; lag < 24; lag++) {
      const error = rms(settled.map((value, i) => value - Math.sin((2 * Math.PI * 1000 * (i + lag)) / 24000)));
      if (error < best.error) best = { error, lag };
    }
    expect(best.error).toBeLessThan(0.01);
  });
});

test("what the lower rate cannot hold is taken out", () => {
  const output = inBlocks(new Resampler(48000, 24000), tone(14000, 48000, 0.3));
  expect(rms(output.slice(200))).toBeLessThan(0.01);
});

test("the block size does not matter", () => {
  const input = tone(440, 48000, 0.1);
  const small = inBlocks(new Resampler(48000, 24000), input, 128);
  const large = inBlocks(new Resampler(48000, 24000), input, 960);
  const shared = Math.min(small.length, large.length);
  for (let i = 0; i < shared; i++) expect(small[i]).toBeCloseTo(large[i] ?? 0, 5);
});

test("a rate of zero is refused", () => {
  expect(() => new Resampler(0, 24000)).toThrow(RangeError);
});
