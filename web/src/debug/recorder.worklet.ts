/** Posts every block of sound that goes to the speakers, with its place on the output's clock. */

import { scope } from "../audio/worklet-scope.ts";

const BLOCK = 2400;

class Recorder extends scope.AudioWorkletProcessor {
  private block = new Float32Array(BLOCK);
  private filled = 0;
  private from = 0;

  process(inputs: Float32Array[][]): boolean {
    const samples = inputs[0]?.[0] ?? new Float32Array(128);
    if (this.filled === 0) this.from = scope.currentFrame;
    if (this.filled + samples.length > BLOCK) this.send();
    this.block.set(samples, this.filled);
    this.filled += samples.length;
    return true;
  }

  private send(): void {
    const samples = this.block.slice(0, this.filled);
    this.port.postMessage({ frame: this.from, samples }, [samples.buffer]);
    this.filled = 0;
    this.from = scope.currentFrame;
  }
}

scope.registerProcessor("visavis-recorder", Recorder);
