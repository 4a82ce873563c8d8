/** Plays the queue in the audio thread and posts its notes. */

import { SAMPLE_RATE } from "./pcm.ts";
import { PlaybackQueue } from "./playback-queue.ts";
import type { PlayerCommand } from "./player.ts";
import { scope } from "./worklet-scope.ts";

const FADE_SAMPLES = Math.round(SAMPLE_RATE * 0.015);
const LEAD_SAMPLES = Math.round(SAMPLE_RATE * 0.04);

class PlaybackProcessor extends scope.AudioWorkletProcessor {
  private readonly queue = new PlaybackQueue(FADE_SAMPLES, LEAD_SAMPLES);

  constructor() {
    super();
    this.port.onmessage = (message: MessageEvent<PlayerCommand>) => this.obey(message.data);
  }

  process(_inputs: Float32Array[][], outputs: Float32Array[][]): boolean {
    const output = outputs[0]?.[0];
    if (!output) return true;
    for (const note of this.queue.pull(output, scope.currentFrame)) this.port.postMessage(note);
    return true;
  }

  private obey(command: PlayerCommand): void {
    if (command.kind === "push") this.queue.push(command.itemId, command.samples);
    else if (command.kind === "finish") this.queue.finish(command.itemId);
    else this.queue[command.kind]();
  }
}

scope.registerProcessor("visavis-playback", PlaybackProcessor);
