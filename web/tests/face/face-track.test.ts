import { expect, test } from "vitest";
import { at, CHANNEL_COUNT, CHANNELS, compose, RANGES } from "../../src/face/channels.ts";
import { FaceTrack } from "../../src/face/face-track.ts";
import { bytesFromInt16, encodeBase64 } from "../../src/protocol/base64.ts";

/** Frames in which one channel has the given values, as shares of its range. */
function frames(channel: keyof typeof at, values: readonly number[]): string {
  const raw = new Int16Array(values.length * CHANNEL_COUNT);
  values.forEach((value, i) => {
    raw[i * CHANNEL_COUNT + at[channel]] = Math.round(value * 32767);
  });
  return encodeBase64(bytesFromInt16(raw));
}

function steady(): FaceTrack {
  return new FaceTrack(() => 0.99);
}

test("the channels are ARKit's 52 and six more, the head in degrees", () => {
  expect(CHANNELS).toHaveLength(58);
  expect(RANGES.filter((range) => range === 30)).toHaveLength(3);
});

test("layers add up and are clipped to what a channel may be", () => {
  const [a, b, out] = [new Float32Array(58), new Float32Array(58), new Float32Array(58)];
  a[at.jawOpen] = 0.8;
  b[at.jawOpen] = 0.8;
  a[at.mouthPucker] = 0.2;
  b[at.mouthPucker] = -0.5;
  b[at.headYaw] = -40;
  compose(a, b, out);
  expect([out[at.jawOpen], out[at.mouthPucker], out[at.headYaw]]).toEqual([1, 0, -30]);
});

test("the mouth follows the audio's clock, between frames too", () => {
  const face = steady();
  face.pushSpeech("a", 0, frames("jawOpen", [0, 0.2, 0.4, 0.6, 0.8]));
  for (let now = 0; now <= 60; now += 20) face.at(now, { itemId: "a", ms: 30, playing: true }, false);
  expect(face.at(80, { itemId: "a", ms: 30, playing: true }, false)[at.jawOpen]).toBeCloseTo(0.3, 2);
  expect(face.at(96, { itemId: "a", ms: 60, playing: true }, false)[at.jawOpen]).toBeCloseTo(0.6, 2);
});

test("cut off, the mouth is closed within 80 ms and does not jump", () => {
  const face = steady();
  face.pushSpeech("a", 0, frames("jawOpen", Array(20).fill(0.5)));
  for (let now = 0; now <= 100; now += 10) face.at(now, { itemId: "a", ms: now, playing: true }, false);
  let before = 0.5;
  for (let now = 110; now <= 180; now += 10) {
    const jaw = face.at(now, { itemId: "a", ms: 100, playing: false }, false)[at.jawOpen] ?? 0;
    expect(before - jaw).toBeGreaterThanOrEqual(0);
    expect(before - jaw).toBeLessThan(0.12);
    before = jaw;
  }
  expect(before).toBe(0);
});

test("blinks and sway go on while no server moves the face", () => {
  const face = new FaceTrack(Math.random);
  let blinks = 0;
  let closed = false;
  const yaw = new Set<number>();
  for (let now = 0; now < 20_000; now += 16) {
    const frame = face.at(now, null, false);
    const shut = (frame[at.eyeBlinkLeft] ?? 0) > 0.7;
    if (shut && !closed) blinks += 1;
    closed = shut;
    yaw.add(Math.round((frame[at.headYaw] ?? 0) * 10));
  }
  expect(blinks).toBeGreaterThanOrEqual(3);
  expect(yaw.size).toBeGreaterThan(8);
});

test("the server's motion takes over softly, plays at its own pace, and is let go when it ends", () => {
  const face = steady();
  for (let batch = 0; batch < 8; batch++) face.pushAmbient(batch * 250, frames("headYaw", Array(12.5 | 0).fill(0.5)));
  const seen: number[] = [];
  for (let now = 0; now < 1000; now += 16) seen.push(face.at(now, null, false)[at.headYaw] ?? 0);
  const steps = seen.slice(1).map((value, i) => Math.abs(value - (seen[i] ?? 0)));
  expect(Math.max(...steps)).toBeLessThan(1.5);
  expect(Math.max(...seen)).toBeCloseTo(15, 0);
  for (let now = 1000; now < 4000; now += 16) seen.push(face.at(now, null, false)[at.headYaw] ?? 0);
  expect(Math.abs(seen.at(-1) ?? 99)).toBeLessThan(2);
});

test("with reduced motion the head hardly moves", () => {
  const face = steady();
  face.pushSpeech("a", 0, frames("headPitch", Array(20).fill(0.2)));
  for (let now = 0; now <= 80; now += 20) face.at(now, { itemId: "a", ms: now, playing: true }, true);
  expect(face.at(100, { itemId: "a", ms: 100, playing: true }, true)[at.headPitch]).toBeCloseTo(6 * 0.35, 1);
});

test("channels of another server are refused", () => {
  expect(() => steady().setFormat({ fps: 50, channels: ["jawOpen"], ranges: [1] })).toThrow(RangeError);
});
