/** The microphone, as packets at 24 kHz with a level for the meter. */

import workletUrl from "./capture.worklet.ts?worker&url";
import { meterLevel } from "./pcm.ts";

export type MicrophoneProblem = "denied" | "missing" | "busy" | "unsupported";

export class MicrophoneError extends Error {
  constructor(readonly problem: MicrophoneProblem) {
    super(`microphone: ${problem}`);
  }
}

export interface MicrophoneListener {
  onPacket(samples: Float32Array, level: number): void;
  /** The device went away while in use. */
  onEnded(): void;
}

const CONSTRAINTS: MediaTrackConstraints = {
  channelCount: 1,
  echoCancellation: true,
  noiseSuppression: true,
  autoGainControl: true,
};

function problemOf(error: unknown): MicrophoneProblem {
  const name = error instanceof DOMException ? error.name : "";
  if (name === "NotAllowedError" || name === "SecurityError") return "denied";
  if (name === "NotFoundError" || name === "OverconstrainedError") return "missing";
  if (name === "NotReadableError" || name === "AbortError") return "busy";
  return "unsupported";
}

export class Microphone {
  private constructor(
    private readonly stream: MediaStream,
    private readonly context: AudioContext,
  ) {}

  /** Asks for the microphone and starts it; rejects with a `MicrophoneError`. Call from a user's gesture. */
  static async open(listener: MicrophoneListener): Promise<Microphone> {
    if (!navigator.mediaDevices?.getUserMedia || typeof AudioWorkletNode === "undefined") {
      throw new MicrophoneError("unsupported");
    }
    let stream: MediaStream;
    try {
      stream = await navigator.mediaDevices.getUserMedia({ audio: CONSTRAINTS });
    } catch (error) {
      throw new MicrophoneError(problemOf(error));
    }
    const context = new AudioContext({ latencyHint: "interactive" });
    try {
      await context.audioWorklet.addModule(workletUrl);
      await context.resume();
      const node = new AudioWorkletNode(context, "visavis-capture", { numberOfOutputs: 0 });
      node.port.onmessage = (message: MessageEvent<Float32Array>) => {
        listener.onPacket(message.data, meterLevel(message.data));
      };
      context.createMediaStreamSource(stream).connect(node);
    } catch {
      for (const track of stream.getTracks()) track.stop();
      void context.close();
      throw new MicrophoneError("unsupported");
    }
    for (const track of stream.getAudioTracks()) track.addEventListener("ended", () => listener.onEnded());
    return new Microphone(stream, context);
  }

  close(): void {
    for (const track of this.stream.getTracks()) track.stop();
    void this.context.close();
  }
}
