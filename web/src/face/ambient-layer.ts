/** What the face does all the time, streamed by the server: played at a steady pace, a little behind its arrival. */

import type { MotionFrames } from "../protocol/motion-codec.ts";
import { CHANNEL_COUNT } from "./channels.ts";

/** What should be waiting: enough for an uneven line, little enough to react soon. */
const TARGET_MS = 325;
const LONGEST_MS = 1500;
/** How strongly the pace follows what waits: a second too much plays a quarter faster. */
const PULL = 0.25;

export class AmbientLayer {
  private readonly frames: Float32Array[] = [];
  /** Session time of the first frame kept, and of what is shown, in ms. */
  private firstMs = 0;
  private headMs = 0;

  constructor(private readonly fps: number) {}

  /** Milliseconds that are still to be shown. */
  get waitingMs(): number {
    return this.frames.length === 0 ? 0 : this.endMs - this.headMs;
  }

  push(startMs: number, motion: MotionFrames): void {
    if (this.frames.length === 0 || Math.abs(startMs - this.endMs) > 1000 / this.fps) this.restart(startMs);
    for (let i = 0; i < motion.count; i++) {
      this.frames.push(motion.values.slice(i * motion.width, (i + 1) * motion.width));
    }
    if (this.waitingMs > LONGEST_MS) this.headMs = this.endMs - TARGET_MS;
  }

  /** Goes on by `dtMs` and writes the frame shown into `out`; false when there is nothing new to show. */
  advance(dtMs: number, out: Float32Array): boolean {
    if (this.frames.length === 0) return false;
    const waiting = this.waitingMs;
    if (waiting <= 0) return false;
    const pace = 1 + (PULL * (waiting - TARGET_MS)) / 1000;
    this.headMs = Math.min(this.endMs, this.headMs + dtMs * pace);
    const place = ((this.headMs - this.firstMs) * this.fps) / 1000;
    const index = Math.min(Math.floor(place), this.frames.length - 1);
    const low = this.frames[index];
    const high = this.frames[index + 1] ?? low;
    if (!low || !high) return false;
    const share = place - Math.floor(place);
    for (let i = 0; i < CHANNEL_COUNT; i++) out[i] = (low[i] ?? 0) + ((high[i] ?? 0) - (low[i] ?? 0)) * share;
    this.forget(index - 1);
    return true;
  }

  private get endMs(): number {
    return this.firstMs + (this.frames.length * 1000) / this.fps;
  }

  private restart(startMs: number): void {
    this.frames.length = 0;
    this.firstMs = startMs;
    this.headMs = startMs;
  }

  private forget(count: number): void {
    if (count <= 0) return;
    this.frames.splice(0, count);
    this.firstMs += (count * 1000) / this.fps;
  }
}
