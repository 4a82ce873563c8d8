import { expect, test } from "vitest";
import { AmbientLayer } from "../../src/face/ambient-layer.ts";
import { CHANNEL_COUNT } from "../../src/face/channels.ts";

function motion(count: number, value = 0.5): { count: number; width: number; values: Float32Array } {
  return { count, width: CHANNEL_COUNT, values: new Float32Array(count * CHANNEL_COUNT).fill(value) };
}

test("the pace follows what waits, so that neither gaps nor lag build up", () => {
  const layer = new AmbientLayer(50);
  const out = new Float32Array(CHANNEL_COUNT);
  let start = 0;
  let gaps = 0;
  layer.push(start, motion(25));
  for (let ms = 0; ms < 30_000; ms += 10) {
    if (ms % 410 === 0) {
      start += ms === 0 ? 500 : 400;
      layer.push(start, motion(20));
    }
    if (!layer.advance(10, out)) gaps += 1;
    if (ms > 5000) expect(layer.waitingMs).toBeLessThan(600);
  }
  expect(gaps).toBe(0);
});

test("after a long sleep it starts near the newest", () => {
  const layer = new AmbientLayer(50);
  for (let i = 0; i < 40; i++) layer.push(i * 240, motion(12));
  expect(layer.waitingMs).toBeLessThan(1501);
});

test("a jump of the session's clock starts anew", () => {
  const layer = new AmbientLayer(50);
  const out = new Float32Array(CHANNEL_COUNT);
  layer.push(0, motion(12, 0.1));
  layer.push(9000, motion(12, 0.9));
  layer.advance(10, out);
  expect(out[0]).toBeCloseTo(0.9);
});

test("nothing to show is said", () => {
  expect(new AmbientLayer(50).advance(16, new Float32Array(CHANNEL_COUNT))).toBe(false);
});
