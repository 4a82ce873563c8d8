/** Speech waiting to be played, item by item; says at which output frame each stretch of it starts and stops. */

export type StopReason = "ended" | "starved" | "paused" | "flushed";

/** `sample` counts within the item, `frame` on the output's own clock; both at one sample rate. */
export type PlaybackNote =
  | { readonly kind: "start"; readonly itemId: string; readonly sample: number; readonly frame: number }
  | {
      readonly kind: "stop";
      readonly itemId: string;
      readonly sample: number;
      readonly frame: number;
      readonly reason: StopReason;
    };

interface Line {
  readonly itemId: string;
  readonly chunks: Float32Array[];
  offset: number;
  played: number;
  waiting: number;
  complete: boolean;
}

interface Fade {
  readonly reason: "paused" | "flushed";
  left: number;
}

export class PlaybackQueue {
  private lines: Line[] = [];
  private running = false;
  private paused = false;
  private fade: Fade | null = null;
  private rise = 0;

  /** `fadeSamples` is how long a cut takes; `lead` is how much must wait before a line starts or goes on. */
  constructor(
    private readonly fadeSamples: number,
    private readonly lead: number,
  ) {}

  push(itemId: string, samples: Float32Array): void {
    const line = this.line(itemId);
    line.chunks.push(samples);
    line.waiting += samples.length;
  }

  /** Nothing more will come for this item. */
  finish(itemId: string): void {
    this.line(itemId).complete = true;
  }

  /** Fades out and forgets everything that waits. */
  flush(): void {
    if (this.running) this.fade = { reason: "flushed", left: this.fade?.left ?? this.fadeSamples };
    else this.lines = [];
    this.paused = false;
  }

  /** Fades out and keeps its place. */
  pause(): void {
    this.paused = true;
    if (this.running && !this.fade) this.fade = { reason: "paused", left: this.fadeSamples };
  }

  resume(): void {
    this.paused = false;
    if (this.fade?.reason === "paused") this.fade = null;
  }

  /** Fills `output`, whose first sample is output frame `frame`, and returns what happened in it. */
  pull(output: Float32Array, frame: number): PlaybackNote[] {
    const notes: PlaybackNote[] = [];
    for (let i = 0; i < output.length; i++) output[i] = this.next(frame + i, notes);
    return notes;
  }

  private next(frame: number, notes: PlaybackNote[]): number {
    if (this.fade && this.fade.left <= 0) this.cut(this.fade.reason, frame, notes);
    for (let line = this.lines[0]; line; line = this.lines[0]) {
      if (line.waiting === 0 && line.complete) {
        this.stop(line, "ended", frame, notes);
        this.lines.shift();
        continue;
      }
      if (line.waiting === 0) {
        this.stop(line, "starved", frame, notes);
        return 0;
      }
      if (!this.running) {
        if (this.paused || (line.waiting < this.lead && !line.complete)) return 0;
        this.running = true;
        this.rise = line.played > 0 ? this.fadeSamples : 0;
        notes.push({ kind: "start", itemId: line.itemId, sample: line.played, frame });
      }
      return this.take(line) * this.gain();
    }
    return 0;
  }

  private take(line: Line): number {
    const chunk = line.chunks[0];
    const value = chunk?.[line.offset] ?? 0;
    line.offset += 1;
    line.played += 1;
    line.waiting -= 1;
    if (chunk && line.offset >= chunk.length) {
      line.chunks.shift();
      line.offset = 0;
    }
    return value;
  }

  private gain(): number {
    if (this.fade) {
      this.fade.left -= 1;
      return this.fade.left / this.fadeSamples;
    }
    if (this.rise > 0) {
      this.rise -= 1;
      return 1 - this.rise / this.fadeSamples;
    }
    return 1;
  }

  private cut(reason: "paused" | "flushed", frame: number, notes: PlaybackNote[]): void {
    this.fade = null;
    const line = this.lines[0];
    if (line) this.stop(line, reason, frame, notes);
    if (reason === "flushed") this.lines = [];
  }

  private stop(line: Line, reason: StopReason, frame: number, notes: PlaybackNote[]): void {
    if (!this.running) return;
    this.running = false;
    this.fade = this.fade?.reason === "flushed" ? this.fade : null;
    notes.push({ kind: "stop", itemId: line.itemId, sample: line.played, frame, reason });
  }

  private line(itemId: string): Line {
    let line = this.lines.find((one) => one.itemId === itemId);
    if (!line) {
      line = { itemId, chunks: [], offset: 0, played: 0, waiting: 0, complete: false };
      this.lines.push(line);
    }
    return line;
  }
}
