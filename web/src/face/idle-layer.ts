/** A face at rest while no server moves it: blinks, a small sway, and eyes that wander a little. */

import { at } from "./channels.ts";

const CLOSE_MS = 70;
const OPEN_MS = 180;
const BLINK_MIN_MS = 1800;
const BLINK_SPREAD_MS = 4200;
const GAZE_MIN_MS = 900;
const GAZE_SPREAD_MS = 2600;
const SACCADE_MS = 40;

export class IdleLayer {
  private timeMs = 0;
  private blinkAt = 900;
  private gazeAt = 1200;
  private gaze = { x: 0, y: 0 };
  private aim = { x: 0, y: 0 };

  /** `random` gives numbers in [0, 1). */
  constructor(private readonly random: () => number) {}

  /** Goes on by `dtMs` and writes the frame into `out`; `calm` leaves only the blinks. */
  advance(dtMs: number, calm: boolean, out: Float32Array): void {
    this.timeMs += dtMs;
    out.fill(0);
    const blink = this.blink();
    out[at.eyeBlinkLeft] = blink;
    out[at.eyeBlinkRight] = blink;
    if (calm) return;
    this.look(dtMs, out);
    const t = this.timeMs / 1000;
    out[at.headYaw] = 0.9 * Math.sin(t * 0.43) + 0.5 * Math.sin(t * 0.97 + 1.3);
    out[at.headPitch] = 0.6 * Math.sin(t * 0.61 + 0.4) + 0.3 * Math.sin(t * 1.31);
    out[at.headRoll] = 0.6 * Math.sin(t * 0.37 + 2.1);
    const smile = 0.08 + 0.03 * Math.sin(t * 0.29);
    out[at.mouthSmileLeft] = smile;
    out[at.mouthSmileRight] = smile;
  }

  private blink(): number {
    const since = this.timeMs - this.blinkAt;
    if (since < 0) return 0;
    if (since < CLOSE_MS) return since / CLOSE_MS;
    if (since < CLOSE_MS + OPEN_MS) return 1 - (since - CLOSE_MS) / OPEN_MS;
    this.blinkAt = this.timeMs + BLINK_MIN_MS + this.random() * BLINK_SPREAD_MS;
    return 0;
  }

  private look(dtMs: number, out: Float32Array): void {
    if (this.timeMs >= this.gazeAt) {
      this.gazeAt = this.timeMs + GAZE_MIN_MS + this.random() * GAZE_SPREAD_MS;
      const away = this.random() < 0.35;
      this.aim = away ? { x: (this.random() - 0.5) * 0.5, y: (this.random() - 0.5) * 0.24 } : { x: 0, y: 0 };
    }
    const share = 1 - Math.exp(-dtMs / SACCADE_MS);
    this.gaze.x += (this.aim.x - this.gaze.x) * share;
    this.gaze.y += (this.aim.y - this.gaze.y) * share;
    const { x, y } = this.gaze;
    out[at.eyeLookInLeft] = Math.max(0, x);
    out[at.eyeLookOutRight] = Math.max(0, x);
    out[at.eyeLookOutLeft] = Math.max(0, -x);
    out[at.eyeLookInRight] = Math.max(0, -x);
    out[at.eyeLookDownLeft] = Math.max(0, y);
    out[at.eyeLookDownRight] = Math.max(0, y);
    out[at.eyeLookUpLeft] = Math.max(0, -y);
    out[at.eyeLookUpRight] = Math.max(0, -y);
  }
}
