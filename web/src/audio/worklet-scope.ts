/** The names of the audio worklet's global scope that the DOM library leaves out. */

export declare class AudioWorkletProcessor {
  readonly port: MessagePort;
  constructor(options?: AudioWorkletNodeOptions);
}

export interface WorkletScope {
  readonly sampleRate: number;
  readonly currentFrame: number;
  readonly currentTime: number;
  readonly AudioWorkletProcessor: typeof AudioWorkletProcessor;
  registerProcessor(name: string, processor: new (options?: AudioWorkletNodeOptions) => AudioWorkletProcessor): void;
}

export const scope = globalThis as unknown as WorkletScope;
