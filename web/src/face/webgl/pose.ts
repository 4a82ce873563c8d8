/** How the head's turn moves the plate: the three axes summed and turned round, on a coarse grid over the whole picture. */

import { invert } from "./inverse.ts";
import { filled, Layers } from "./layers.ts";
import type { RigAssets } from "./rig.ts";

/** Turns that move no place by this many nodes are not told from one another. */
const UNSEEN = 1e-3;

export class Pose {
  readonly grid: number;
  /** x and y for each node: what to add to a place of the picture to find it on the head as it was. */
  readonly shift: Float32Array;
  private readonly layers: Layers;
  private readonly weights: Float32Array;

  constructor({ document, fields }: RigAssets) {
    const { grid, offset, scale, drivers } = document.pose;
    const size = grid * grid;
    const view = new DataView(fields, offset, drivers.length * 2 * size * 2);
    const step = (index: number) => view.getInt16(2 * index, true) * scale * grid;
    this.grid = grid;
    this.layers = new Layers(
      grid,
      2,
      drivers.map((_, axis) => filled(2 * size, (i) => step((2 * axis + (i & 1)) * size + (i >> 1)))),
    );
    this.shift = new Float32Array(2 * size);
    this.weights = new Float32Array(drivers.length);
  }

  /** Takes the turns about yaw, pitch and roll, radians; false when nothing moves by them that did not before. */
  turn(angles: readonly number[]): boolean {
    const { weights, shift, layers, grid } = this;
    if (layers.change(weights, angles) < UNSEEN) return false;
    weights.set(angles);
    const area = layers.sum(weights, 0);
    shift.fill(0);
    invert(layers.total, shift, grid, 2, 0, area);
    for (let i = 0; i < shift.length; i++) shift[i] = (shift[i] ?? 0) / grid;
    return true;
  }
}
