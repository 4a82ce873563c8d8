/** Turns a field of movements round: where the skin that is seen at a node came from. */

import type { Area } from "./layers.ts";
import { read } from "./sampling.ts";

const ROUNDS = 4;
/** In nodes; smaller corrections than this are not worth another round. */
const SETTLED = 4e-3;

/**
 * A field moves the skin at m to m + D(m). For each node p of the area this finds m and writes m - p, in nodes.
 * `field` and `into` hold `width` values a node; the two from `which` on are the movement's x and y.
 */
export function invert(
  field: Float32Array,
  into: Float32Array,
  grid: number,
  width: number,
  which: number,
  { left, top, right, bottom }: Area,
): void {
  for (let y = top; y < bottom; y++) {
    for (let x = left; x < right; x++) {
      const node = width * (y * grid + x) + which;
      let dx = field[node] ?? 0;
      let dy = field[node + 1] ?? 0;
      let settled = dx === 0 && dy === 0;
      for (let round = 1; round < ROUNDS && !settled; round++) {
        const nx = read(field, grid, width, which, x - dx, y - dy);
        const ny = read(field, grid, width, which + 1, x - dx, y - dy);
        settled = Math.abs(nx - dx) + Math.abs(ny - dy) < SETTLED;
        dx = nx;
        dy = ny;
      }
      into[node] = -dx;
      into[node + 1] = -dy;
    }
  }
}
