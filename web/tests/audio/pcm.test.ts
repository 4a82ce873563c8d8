import { expect, test } from "vitest";
import { Packetizer } from "../../src/audio/packets.ts";
import { floatFromInt16, int16FromFloat, meterLevel } from "../../src/audio/pcm.ts";

test("samples are clipped, not wrapped", () => {
  expect([...int16FromFloat(Float32Array.of(0, 1, 2, -2))]).toEqual([0, 32767, 32767, -32767]);
  expect(floatFromInt16(Int16Array.of(-32768))[0]).toBe(-1);
});

test("the meter goes from silence to loud speech", () => {
  expect(meterLevel(new Float32Array(480))).toBe(0);
  expect(meterLevel(new Float32Array(480).fill(0.5))).toBe(1);
  const quiet = meterLevel(new Float32Array(480).fill(0.01));
  expect(quiet).toBeGreaterThan(0.3);
  expect(quiet).toBeLessThan(0.5);
});

test("packets are all of one size, whatever comes in", () => {
  const packets: Float32Array[] = [];
  const packetizer = new Packetizer(480);
  for (let i = 0; i < 10; i++)
    packetizer.push(
      Float32Array.from({ length: 133 }, (_, k) => i * 133 + k),
      (p) => packets.push(p),
    );
  expect(packets.map((packet) => packet.length)).toEqual([480, 480]);
  expect(packets[1]?.[0]).toBe(480);
});
