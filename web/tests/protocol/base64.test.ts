import { expect, test } from "vitest";
import { bytesFromInt16, decodeBase64, encodeBase64, int16FromBytes } from "../../src/protocol/base64.ts";

test("bytes survive the way there and back, also past one chunk", () => {
  const bytes = Uint8Array.from({ length: 100_001 }, (_, i) => (i * 7) % 256);
  expect(decodeBase64(encodeBase64(bytes))).toEqual(bytes);
});

test("int16 is little-endian, and an odd last byte is dropped", () => {
  expect([...bytesFromInt16(Int16Array.of(1, -2))]).toEqual([1, 0, 254, 255]);
  expect([...int16FromBytes(Uint8Array.of(1, 0, 254, 255, 9))]).toEqual([1, -2]);
});

test("what is not base64 is an error", () => {
  expect(() => decodeBase64("***")).toThrow();
});
