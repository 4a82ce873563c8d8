/** The light that the skin's movement takes away or adds, on a grid over the fields' box. */

import { type Area, filled, Layers } from "./layers.ts";
import type { RigAssets } from "./rig.ts";

/** Changes of light that no picture shows. */
const UNSEEN = 5e-4;

export class Shade {
  readonly grid: number;
  /** What to add to the light of 1 at each node. */
  readonly light: Float32Array;
  /** The light is 1 outside. */
  area: Area = { left: 0, top: 0, right: 0, bottom: 0 };
  private readonly layers: Layers;
  private readonly weights: Float32Array;

  constructor({ document, fields }: RigAssets) {
    const { grid, offset, items } = document.shades;
    const size = grid * grid;
    const steps = items.map(({ scale }, i) => {
      const plane = new Int8Array(fields, offset + i * size, size);
      return filled(size, (place) => scale * (plane[place] ?? 0));
    });
    this.grid = grid;
    this.layers = new Layers(grid, 1, steps);
    this.light = this.layers.total;
    this.weights = new Float32Array(items.length);
  }

  /** Takes the shades' drivers; false when no light changes. */
  fall(drivers: readonly number[]): boolean {
    if (this.layers.change(this.weights, drivers) < UNSEEN) return false;
    this.weights.set(drivers);
    this.area = this.layers.sum(this.weights, UNSEEN / 4);
    return true;
  }
}
