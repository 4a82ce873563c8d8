import { expect, test } from "vitest";
import { bytesFromInt16, encodeBase64 } from "../../src/protocol/base64.ts";
import { decodeMotion } from "../../src/protocol/motion-codec.ts";

const format = { ranges: [1, 30] };

test("each value is a fraction of its channel's range", () => {
  const data = encodeBase64(bytesFromInt16(Int16Array.of(32767, -32767, 0, 16384)));
  const motion = decodeMotion(data, format);
  expect(motion.count).toBe(2);
  expect([...motion.values].map((value) => Number(value.toFixed(2)))).toEqual([1, -30, 0, 15]);
});

test("half a frame is refused", () => {
  expect(() => decodeMotion(encodeBase64(bytesFromInt16(Int16Array.of(1, 2, 3))), format)).toThrow(RangeError);
});
