/** The 58 channels of a face, in the order of the motion track: ARKit's 52 and six that it lacks. */

export const CHANNELS = [
  "browDownLeft", "browDownRight", "browInnerUp", "browOuterUpLeft", "browOuterUpRight",
  "cheekPuff", "cheekSquintLeft", "cheekSquintRight",
  "eyeBlinkLeft", "eyeBlinkRight", "eyeLookDownLeft", "eyeLookDownRight", "eyeLookInLeft", "eyeLookInRight",
  "eyeLookOutLeft", "eyeLookOutRight", "eyeLookUpLeft", "eyeLookUpRight",
  "eyeSquintLeft", "eyeSquintRight", "eyeWideLeft", "eyeWideRight",
  "jawForward", "jawLeft", "jawOpen", "jawRight",
  "mouthClose", "mouthDimpleLeft", "mouthDimpleRight", "mouthFrownLeft", "mouthFrownRight", "mouthFunnel",
  "mouthLeft", "mouthLowerDownLeft", "mouthLowerDownRight", "mouthPressLeft", "mouthPressRight", "mouthPucker",
  "mouthRight", "mouthRollLower", "mouthRollUpper", "mouthShrugLower", "mouthShrugUpper", "mouthSmileLeft",
  "mouthSmileRight", "mouthStretchLeft", "mouthStretchRight", "mouthUpperUpLeft", "mouthUpperUpRight",
  "noseSneerLeft", "noseSneerRight", "tongueOut",
  "headYaw", "headPitch", "headRoll", "teethUpper", "teethLower", "tongueTip",
] as const; // biome-ignore format: grouped by part of the face

export type Channel = (typeof CHANNELS)[number];

export const CHANNEL_COUNT = CHANNELS.length;

/** The place of a channel in a frame. */
export const at: Readonly<Record<Channel, number>> = Object.fromEntries(
  CHANNELS.map((name, index) => [name, index]),
) as Record<Channel, number>;

/** Largest absolute values: degrees for the head, 1 for the rest. */
export const RANGES: readonly number[] = CHANNELS.map((name) => (name.startsWith("head") ? 30 : 1));

const FIRST_EXTRA = at.headYaw;

/** Adds two layers into `out` and clips each channel to what it may be; ARKit weights are never negative. */
export function compose(ambient: Float32Array, speech: Float32Array, out: Float32Array): void {
  for (let i = 0; i < CHANNEL_COUNT; i++) {
    const range = RANGES[i] ?? 1;
    const sum = (ambient[i] ?? 0) + (speech[i] ?? 0);
    out[i] = Math.max(i < FIRST_EXTRA ? 0 : -range, Math.min(range, sum));
  }
}
