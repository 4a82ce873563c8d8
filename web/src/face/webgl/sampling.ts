/** Reading a grid between its nodes. */

/**
 * One of the `width` values that each node of a square grid holds, at (x, y) in nodes: linear between them, as at the rim
 * half a node beyond it, and 0 further out.
 */
export function read(values: Float32Array, grid: number, width: number, which: number, x: number, y: number): number {
  const last = grid - 1;
  if (!(x >= -0.5 && y >= -0.5 && x <= last + 0.5 && y <= last + 0.5)) return 0;
  const cx = x < 0 ? 0 : x > last ? last : x;
  const cy = y < 0 ? 0 : y > last ? last : y;
  const x0 = cx >= last ? last - 1 : cx | 0;
  const y0 = cy >= last ? last - 1 : cy | 0;
  const a = width * (y0 * grid + x0) + which;
  const b = a + width * grid;
  const above = (values[a] ?? 0) + (cx - x0) * ((values[a + width] ?? 0) - (values[a] ?? 0));
  const below = (values[b] ?? 0) + (cx - x0) * ((values[b + width] ?? 0) - (values[b] ?? 0));
  return above + (cy - y0) * (below - above);
}
