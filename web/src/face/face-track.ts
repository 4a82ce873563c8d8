/** Everything that moves the face, put together for one frame of the display. */

import type { Position } from "../audio/playout-clock.ts";
import type { MotionFormat } from "../protocol/events.ts";
import { decodeMotion } from "../protocol/motion-codec.ts";
import { AmbientLayer } from "./ambient-layer.ts";
import { CHANNEL_COUNT, CHANNELS, compose, RANGES } from "./channels.ts";
import { IdleLayer } from "./idle-layer.ts";
import { SpeechLayer } from "./speech-layer.ts";

/** How long the face takes between its own idling and the server's motion. */
const BLEND_MS = 300;
const LONGEST_STEP_MS = 100;
/** With reduced motion the head moves this much of its way. */
const CALM_HEAD = 0.35;
const HEAD = ["headYaw", "headPitch", "headRoll"].map((name) => CHANNELS.indexOf(name as (typeof CHANNELS)[number]));

export class FaceTrack {
  private format: MotionFormat = { fps: 50, channels: CHANNELS, ranges: RANGES };
  private ambient = new AmbientLayer(50);
  private speech = new SpeechLayer(50);
  private readonly idle: IdleLayer;
  private readonly ambientFrame = new Float32Array(CHANNEL_COUNT);
  private readonly idleFrame = new Float32Array(CHANNEL_COUNT);
  private readonly speechFrame = new Float32Array(CHANNEL_COUNT);
  private readonly frame = new Float32Array(CHANNEL_COUNT);
  private served = 0;
  private lastMs: number | null = null;

  constructor(random: () => number) {
    this.idle = new IdleLayer(random);
  }

  /** Throws a RangeError when the server's channels are not ours. */
  setFormat(format: MotionFormat): void {
    if (format.channels.length !== CHANNEL_COUNT || format.channels.some((name, i) => name !== CHANNELS[i])) {
      throw new RangeError("the server's motion channels are not the ones this page draws");
    }
    this.format = format;
    this.ambient = new AmbientLayer(format.fps);
    this.speech = new SpeechLayer(format.fps);
  }

  pushAmbient(startMs: number, frames: string): void {
    this.ambient.push(startMs, decodeMotion(frames, this.format));
  }

  pushSpeech(itemId: string, startMs: number, frames: string): void {
    this.speech.push(itemId, startMs, decodeMotion(frames, this.format));
  }

  /** The face at display time `nowMs`, while `position` is heard; the array is reused by the next call. */
  at(nowMs: number, position: Position | null, calm: boolean): Float32Array {
    const dt = this.lastMs === null ? 0 : Math.min(LONGEST_STEP_MS, Math.max(0, nowMs - this.lastMs));
    this.lastMs = nowMs;
    const fresh = this.ambient.advance(dt, this.ambientFrame);
    this.served = Math.max(0, Math.min(1, this.served + (fresh ? dt : -dt) / BLEND_MS));
    this.idle.advance(dt, calm, this.idleFrame);
    for (let i = 0; i < CHANNEL_COUNT; i++) {
      const own = this.idleFrame[i] ?? 0;
      this.idleFrame[i] = own + ((this.ambientFrame[i] ?? 0) - own) * this.served;
    }
    this.speech.sample(position, dt, this.speechFrame);
    compose(this.idleFrame, this.speechFrame, this.frame);
    if (calm) for (const index of HEAD) this.frame[index] = (this.frame[index] ?? 0) * CALM_HEAD;
    return this.frame;
  }
}
