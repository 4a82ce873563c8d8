/** Cuts a stream of samples into packets of one size. */

/** What the microphone's packets hold: as much as the server listens to at a time, so that no sample waits there. */
export const PACKET_MS = 32;

export class Packetizer {
  private readonly buffer: Float32Array<ArrayBuffer>;
  private filled = 0;

  constructor(size: number) {
    this.buffer = new Float32Array(size);
  }

  /** Calls `emit` with a fresh array for every packet that `samples` completes. */
  push(samples: Float32Array, emit: (packet: Float32Array<ArrayBuffer>) => void): void {
    let at = 0;
    while (at < samples.length) {
      const take = Math.min(samples.length - at, this.buffer.length - this.filled);
      this.buffer.set(samples.subarray(at, at + take), this.filled);
      this.filled += take;
      at += take;
      if (this.filled === this.buffer.length) {
        emit(this.buffer.slice());
        this.filled = 0;
      }
    }
  }
}
