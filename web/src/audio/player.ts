/** Her voice: queued until the first gesture unlocks the sound, then played with an exact clock. */

import { SAMPLE_RATE } from "./pcm.ts";
import workletUrl from "./playback.worklet.ts?worker&url";
import type { PlaybackNote } from "./playback-queue.ts";
import { PlayoutClock, type Position } from "./playout-clock.ts";

export type PlayerCommand =
  | { readonly kind: "push"; readonly itemId: string; readonly samples: Float32Array<ArrayBuffer> }
  | { readonly kind: "finish"; readonly itemId: string }
  | { readonly kind: "flush" | "pause" | "resume" };

/** Lets a test record what leaves the player; gets the context and the last node before the speakers. */
export type AudioTap = (context: AudioContext, node: AudioNode) => Promise<void>;

/** The output's own time stamps are used while they are this close to the context's clock, in seconds. */
const PLAUSIBLE_LATENCY = 0.5;

export class Player {
  private context: AudioContext | null = null;
  private node: AudioWorkletNode | null = null;
  private waiting: PlayerCommand[] = [];
  private readonly clock = new PlayoutClock(SAMPLE_RATE);
  private starting: Promise<void> | null = null;

  constructor(
    private readonly onNote: (note: PlaybackNote) => void,
    private readonly tap: AudioTap | null = null,
  ) {}

  /** Starts the sound. Must be called synchronously in a user's gesture; later calls wake a sleeping context. */
  unlock(): Promise<void> {
    if (!this.context) {
      this.context = new AudioContext({ sampleRate: SAMPLE_RATE, latencyHint: "interactive" });
      this.starting = this.start(this.context, this.context.resume());
    } else if (this.context.state !== "running") {
      void this.context.resume();
    }
    return this.starting ?? Promise.resolve();
  }

  push(itemId: string, samples: Float32Array<ArrayBuffer>): void {
    this.command({ kind: "push", itemId, samples });
  }

  finish(itemId: string): void {
    this.command({ kind: "finish", itemId });
  }

  /** Cuts her off within the fade; forgets what was queued. */
  flush(): void {
    this.waiting = [];
    this.command({ kind: "flush" });
  }

  pause(): void {
    this.command({ kind: "pause" });
  }

  resume(): void {
    this.command({ kind: "resume" });
  }

  /** What the person hears right now, or null when nothing was played yet. */
  position(): Position | null {
    return this.context ? this.clock.at(this.outputTime(this.context)) : null;
  }

  close(): void {
    void this.context?.close();
    this.context = null;
    this.node = null;
  }

  private async start(context: AudioContext, running: Promise<void>): Promise<void> {
    await Promise.all([context.audioWorklet.addModule(workletUrl), running]);
    const node = new AudioWorkletNode(context, "visavis-playback", { numberOfInputs: 0, outputChannelCount: [1] });
    node.port.onmessage = (message: MessageEvent<PlaybackNote>) => {
      this.clock.note(message.data);
      this.onNote(message.data);
    };
    node.connect(context.destination);
    await this.tap?.(context, node);
    this.node = node;
    for (const command of this.waiting.splice(0)) this.command(command);
  }

  private command(command: PlayerCommand): void {
    if (!this.node) {
      this.waiting.push(command);
      return;
    }
    this.node.port.postMessage(command, command.kind === "push" ? [command.samples.buffer] : []);
  }

  private outputTime(context: AudioContext): number {
    const stamp = context.getOutputTimestamp?.();
    if (stamp?.contextTime !== undefined && stamp.performanceTime) {
      const heard = stamp.contextTime + (performance.now() - stamp.performanceTime) / 1000;
      const latency = context.currentTime - heard;
      if (latency > -0.05 && latency < PLAUSIBLE_LATENCY) return heard;
    }
    return context.currentTime - (context.outputLatency || context.baseLatency || 0);
  }
}
