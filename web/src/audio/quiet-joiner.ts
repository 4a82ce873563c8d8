/** Sends what nobody says in fewer pieces: in a quiet room four packets travel as one. */

/** Levels below this are a quiet room: about -52 dB below full scale. */
const QUIET = 0.15;
/** Packets of quiet that are sent as one. */
const TOGETHER = 4;
/** Packets go by themselves until this one after the last sound, for two seconds: there the server looks for the end. */
const AFTERWARDS = 62;

export class QuietJoiner {
  private readonly waiting: Float32Array[] = [];
  private left = AFTERWARDS;

  /** Takes a packet and its level; returns what is to be sent now. Any sound goes at once, after what waited. */
  push(samples: Float32Array, level: number): Float32Array | null {
    this.left = level < QUIET ? Math.max(0, this.left - 1) : AFTERWARDS;
    this.waiting.push(samples);
    return this.left > 0 || this.waiting.length === TOGETHER ? this.take() : null;
  }

  /** Forgets what waits; the next packets go by themselves. */
  clear(): void {
    this.waiting.length = 0;
    this.left = AFTERWARDS;
  }

  private take(): Float32Array {
    const parts = this.waiting.splice(0);
    const [first] = parts;
    if (parts.length === 1 && first) return first;
    const all = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0));
    let at = 0;
    for (const part of parts) {
      all.set(part, at);
      at += part.length;
    }
    return all;
  }
}
