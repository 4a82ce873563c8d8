/** Reads motion as the server writes it: int16, frame by frame, each value a fraction of its channel's range. */

import { decodeBase64, int16FromBytes } from "./base64.ts";
import type { MotionFormat } from "./events.ts";

const FULL_SCALE = 32767;

/** Decoded frames: `values` holds `count` rows of `width` channels. */
export interface MotionFrames {
  readonly count: number;
  readonly width: number;
  readonly values: Float32Array;
}

/** Throws a RangeError when the data is not a whole number of frames of this format. */
export function decodeMotion(data: string, format: Pick<MotionFormat, "ranges">): MotionFrames {
  const width = format.ranges.length;
  const raw = int16FromBytes(decodeBase64(data));
  if (width === 0 || raw.length % width !== 0) {
    throw new RangeError(`${raw.length} motion values are not whole frames of ${width} channels`);
  }
  const values = new Float32Array(raw.length);
  for (let i = 0; i < raw.length; i++) {
    values[i] = ((raw[i] ?? 0) / FULL_SCALE) * (format.ranges[i % width] ?? 1);
  }
  return { count: raw.length / width, width, values };
}
