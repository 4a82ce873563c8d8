/** Which moment of which item is heard at a given output time, exactly, from the queue's notes. */

import type { PlaybackNote } from "./playback-queue.ts";

/** `ms` is on the item's audio clock: 0 is its first sample. */
export interface Position {
  readonly itemId: string;
  readonly ms: number;
  readonly playing: boolean;
}

interface Stretch {
  readonly itemId: string;
  readonly from: number;
  readonly sample: number;
  to: number;
}

const KEPT = 32;

export class PlayoutClock {
  private stretches: Stretch[] = [];

  constructor(private readonly rate: number) {}

  note(note: PlaybackNote): void {
    if (note.kind === "start") {
      this.stretches.push({ itemId: note.itemId, from: note.frame, sample: note.sample, to: Number.POSITIVE_INFINITY });
      if (this.stretches.length > KEPT) this.stretches.shift();
      return;
    }
    const last = this.stretches.at(-1);
    if (last?.itemId === note.itemId) last.to = note.frame;
  }

  /** What is heard at output time `seconds`; after a stretch's end, its last moment, not playing. Null before any. */
  at(seconds: number): Position | null {
    const frame = seconds * this.rate;
    for (let i = this.stretches.length - 1; i >= 0; i--) {
      const stretch = this.stretches[i];
      if (!stretch || frame < stretch.from) continue;
      const heard = stretch.sample + Math.min(frame, stretch.to) - stretch.from;
      return { itemId: stretch.itemId, ms: (heard / this.rate) * 1000, playing: frame < stretch.to };
    }
    return null;
  }
}
