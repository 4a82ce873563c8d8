/** Chooses how many pixels to draw: fewer when the display's rate cannot be held, more again when it can. */

const PATIENCE = 24;
const STEPS: readonly number[] = [1, 0.8, 0.64, 0.5];
const WEIGHT = 0.1;

export class Pace {
  private step = 0;
  private average: number;
  private last = 0;
  private since = 0;
  private promotions = 0;

  /** Frames further apart than `slow` ms come late; frames closer than `quick` ms leave room for more pixels. */
  constructor(
    private readonly slow = 30,
    private readonly quick = 18,
  ) {
    this.average = quick;
  }

  /** The share of the wanted size to draw at. */
  get share(): number {
    return STEPS[this.step] ?? 1;
  }

  /** Tells that a frame is drawn at `now` (ms); true when the share has changed. */
  tick(now: number): boolean {
    const gap = now - this.last;
    this.last = now;
    // A hidden page draws nothing; its pause says nothing about speed.
    if (gap <= 0 || gap > 500) return false;
    this.average += WEIGHT * (gap - this.average);
    this.since += 1;
    if (this.since < PATIENCE) return false;
    if (this.average > this.slow && this.step < STEPS.length - 1) return this.move(1);
    const wait = PATIENCE * 10 * 2 ** this.promotions;
    if (this.average < this.quick && this.step > 0 && this.since > wait) {
      this.promotions += 1;
      return this.move(-1);
    }
    return false;
  }

  private move(by: number): boolean {
    this.step += by;
    this.since = 0;
    this.average = this.quick;
    return true;
  }
}
