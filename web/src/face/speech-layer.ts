/** Mouth, nods and brow flashes of what she says: frames on each item's audio clock, eased out when she is cut off. */

import type { Position } from "../audio/playout-clock.ts";
import type { MotionFrames } from "../protocol/motion-codec.ts";
import { CHANNEL_COUNT } from "./channels.ts";

/** How long the mouth takes to come to rest when the sound stops. */
const EASE_OUT_MS = 80;
const EASE_IN_MS = 40;
const ITEMS_KEPT = 4;

interface Track {
  readonly frames: Map<number, Float32Array>;
}

export class SpeechLayer {
  private readonly tracks = new Map<string, Track>();
  private readonly held = new Float32Array(CHANNEL_COUNT);
  private gain = 0;

  constructor(private readonly fps: number) {}

  /** Frames of an item from `startMs` of its audio on. */
  push(itemId: string, startMs: number, motion: MotionFrames): void {
    let track = this.tracks.get(itemId);
    if (!track) {
      track = { frames: new Map() };
      this.tracks.set(itemId, track);
      const oldest = this.tracks.keys().next().value;
      if (this.tracks.size > ITEMS_KEPT && oldest !== undefined) this.tracks.delete(oldest);
    }
    const first = Math.round((startMs * this.fps) / 1000);
    for (let i = 0; i < motion.count; i++) {
      track.frames.set(first + i, motion.values.slice(i * motion.width, (i + 1) * motion.width));
    }
  }

  /** Writes the layer at the heard `position` into `out`; `dtMs` is the time since the last call. */
  sample(position: Position | null, dtMs: number, out: Float32Array): void {
    const found = position?.playing ? this.read(position.itemId, position.ms) : false;
    this.gain = found ? Math.min(1, this.gain + dtMs / EASE_IN_MS) : Math.max(0, this.gain - dtMs / EASE_OUT_MS);
    const smooth = this.gain * this.gain * (3 - 2 * this.gain);
    for (let i = 0; i < CHANNEL_COUNT; i++) out[i] = (this.held[i] ?? 0) * smooth;
  }

  private read(itemId: string, ms: number): boolean {
    const frames = this.tracks.get(itemId)?.frames;
    if (!frames) return false;
    const place = Math.max(0, (ms * this.fps) / 1000);
    const index = Math.floor(place);
    const low = frames.get(index);
    if (!low) return false;
    const high = frames.get(index + 1) ?? low;
    const share = place - index;
    for (let i = 0; i < CHANNEL_COUNT; i++) {
      const from = low[i] ?? 0;
      this.held[i] = from + ((high[i] ?? 0) - from) * share;
    }
    return true;
  }
}
