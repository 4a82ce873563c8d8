/** Samples between the web's float (−1 … 1) and the wire's 16-bit integers. */

export const SAMPLE_RATE = 24000;

export function floatFromInt16(samples: Int16Array): Float32Array<ArrayBuffer> {
  const out = new Float32Array(samples.length);
  for (let i = 0; i < samples.length; i++) out[i] = (samples[i] ?? 0) / 32768;
  return out;
}

export function int16FromFloat(samples: Float32Array): Int16Array {
  const out = new Int16Array(samples.length);
  for (let i = 0; i < samples.length; i++) {
    out[i] = Math.round(Math.max(-1, Math.min(1, samples[i] ?? 0)) * 32767);
  }
  return out;
}

/** Loudness on a scale made for a meter: 0 is −60 dBFS or less, 1 is −10 dBFS or more. */
export function meterLevel(samples: Float32Array): number {
  let sum = 0;
  for (const sample of samples) sum += sample * sample;
  if (sum === 0) return 0;
  const decibels = 10 * Math.log10(sum / samples.length);
  return Math.max(0, Math.min(1, (decibels + 60) / 50));
}
