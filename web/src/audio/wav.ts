/** Samples as a WAV file. */

const HEADER_BYTES = 44;

/** Mono 16-bit PCM with its header; `parts` follow one another. */
export function wavOf(parts: readonly Int16Array[], rate: number): Uint8Array<ArrayBuffer> {
  const bytes = 2 * parts.reduce((sum, part) => sum + part.length, 0);
  const view = new DataView(new ArrayBuffer(HEADER_BYTES + bytes));
  const text = (at: number, value: string) => {
    for (let i = 0; i < value.length; i++) view.setUint8(at + i, value.charCodeAt(i));
  };
  text(0, "RIFF");
  view.setUint32(4, HEADER_BYTES - 8 + bytes, true);
  text(8, "WAVEfmt ");
  view.setUint32(16, 16, true);
  view.setUint16(20, 1, true);
  view.setUint16(22, 1, true);
  view.setUint32(24, rate, true);
  view.setUint32(28, 2 * rate, true);
  view.setUint16(32, 2, true);
  view.setUint16(34, 16, true);
  text(36, "data");
  view.setUint32(40, bytes, true);
  let at = HEADER_BYTES;
  for (const part of parts) {
    for (const sample of part) {
      view.setInt16(at, sample, true);
      at += 2;
    }
  }
  return new Uint8Array(view.buffer);
}
