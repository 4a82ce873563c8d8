/** The colour behind the portrait, read from the upper edge of what is drawn. */

const SIDE = 24;
const ROWS = 10;

/** An `rgb()` colour, or null while nothing opaque is drawn. Call in the same task as the drawing. */
export function groundOf(canvas: HTMLCanvasElement): string | null {
  const small = document.createElement("canvas");
  small.width = SIDE;
  small.height = SIDE;
  const context = small.getContext("2d", { willReadFrequently: true });
  if (!context || canvas.width === 0) return null;
  context.drawImage(canvas, 0, 0, SIDE, SIDE);
  const { data } = context.getImageData(0, 0, SIDE, SIDE);
  const sum = [0, 0, 0];
  let count = 0;
  for (let y = 0; y < ROWS; y++) {
    for (const x of [0, 1, SIDE - 2, SIDE - 1]) {
      const i = 4 * (y * SIDE + x);
      if ((data[i + 3] ?? 0) < 250) return null;
      for (let c = 0; c < 3; c++) sum[c] = (sum[c] ?? 0) + (data[i + c] ?? 0);
      count += 1;
    }
  }
  return `rgb(${sum.map((value) => Math.round(value / count)).join(" ")})`;
}
