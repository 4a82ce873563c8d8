/** Streaming sample-rate conversion by a windowed sinc: what the microphone gives, as the wire wants it. */

const LOBES = 16;
const PHASES = 512;
/** The pass band ends here, as a share of the lower Nyquist frequency. */
const CUTOFF = 0.94;

function sinc(x: number): number {
  return x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x);
}

/** Kernel values at `PHASES` steps per input sample, from 0 to `half` input samples. */
function kernel(scale: number, half: number): Float32Array {
  const table = new Float32Array(half * PHASES + 2);
  for (let i = 0; i < table.length; i++) {
    const x = i / PHASES;
    const window = x >= half ? 0 : 0.5 + 0.5 * Math.cos((Math.PI * x) / half);
    table[i] = scale * sinc(x * scale) * window;
  }
  return table;
}

export class Resampler {
  private readonly step: number;
  private readonly half: number;
  private readonly table: Float32Array;
  private history: Float32Array;
  private position: number;

  constructor(from: number, to: number) {
    if (!(from > 0 && to > 0)) throw new RangeError(`cannot resample from ${from} to ${to} Hz`);
    this.step = from / to;
    const scale = Math.min(1, to / from) * CUTOFF;
    this.half = Math.ceil(LOBES / scale);
    this.table = kernel(scale, this.half);
    this.history = new Float32Array(this.half);
    this.position = this.half;
  }

  /** The output that `input` completes; the last few samples wait for what follows. */
  process(input: Float32Array): Float32Array {
    if (this.step === 1) return input.slice();
    const samples = new Float32Array(this.history.length + input.length);
    samples.set(this.history);
    samples.set(input, this.history.length);
    const last = samples.length - this.half;
    const count = Math.max(0, Math.ceil((last - this.position) / this.step));
    const output = new Float32Array(count);
    for (let i = 0; i < count; i++) output[i] = this.at(samples, this.position + i * this.step);
    const next = this.position + count * this.step;
    const drop = Math.max(0, Math.floor(next) - this.half);
    this.history = samples.slice(drop);
    this.position = next - drop;
    return output;
  }

  private at(samples: Float32Array, position: number): number {
    const first = Math.max(0, Math.ceil(position - this.half));
    const last = Math.min(samples.length - 1, Math.floor(position + this.half));
    let sum = 0;
    for (let i = first; i <= last; i++) {
      const place = Math.abs(position - i) * PHASES;
      const index = place | 0;
      const low = this.table[index] ?? 0;
      const high = this.table[index + 1] ?? 0;
      sum += (samples[i] ?? 0) * (low + (high - low) * (place - index));
    }
    return sum;
  }
}
