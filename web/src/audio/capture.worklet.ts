/** Runs beside the microphone: mixes to mono, converts to 24 kHz and posts packets. */

import { PACKET_MS, Packetizer } from "./packets.ts";
import { SAMPLE_RATE } from "./pcm.ts";
import { Resampler } from "./resampler.ts";
import { scope } from "./worklet-scope.ts";

const PACKET_SAMPLES = (PACKET_MS * SAMPLE_RATE) / 1000;

class CaptureProcessor extends scope.AudioWorkletProcessor {
  private readonly resampler = new Resampler(scope.sampleRate, SAMPLE_RATE);
  private readonly packets = new Packetizer(PACKET_SAMPLES);
  private mono = new Float32Array(128);

  process(inputs: Float32Array[][]): boolean {
    const channels = inputs[0];
    const first = channels?.[0];
    if (!channels || !first) return true;
    if (this.mono.length !== first.length) this.mono = new Float32Array(first.length);
    for (let i = 0; i < first.length; i++) {
      let sum = 0;
      for (const channel of channels) sum += channel[i] ?? 0;
      this.mono[i] = sum / channels.length;
    }
    this.packets.push(this.resampler.process(this.mono), (packet) => this.port.postMessage(packet, [packet.buffer]));
    return true;
  }
}

scope.registerProcessor("visavis-capture", CaptureProcessor);
