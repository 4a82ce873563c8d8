/** What the microphone heard, kept until it is sent. */

import { int16FromFloat, SAMPLE_RATE } from "../audio/pcm.ts";
import { wavOf } from "../audio/wav.ts";

/** As long as a recording may be, in seconds. */
export const LONGEST_TAKE = 600;

export class Take {
  private readonly parts: Int16Array[] = [];
  private samples = 0;
  /** The meter's level of each packet. */
  readonly levels: number[] = [];

  get seconds(): number {
    return this.samples / SAMPLE_RATE;
  }

  get full(): boolean {
    return this.seconds >= LONGEST_TAKE;
  }

  push(packet: Float32Array, level: number): void {
    if (this.full) return;
    this.parts.push(int16FromFloat(packet));
    this.samples += packet.length;
    this.levels.push(level);
  }

  wav(): Blob {
    return new Blob([wavOf(this.parts, SAMPLE_RATE)], { type: "audio/wav" });
  }
}
