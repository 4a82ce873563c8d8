/** How the skin itself moves: the fields summed by their drivers and turned round, on the grid of their box. */

import { invert } from "./inverse.ts";
import { type Area, filled, Layers } from "./layers.ts";
import type { RigAssets } from "./rig.ts";

/** Movements of nodes that no picture shows. */
const UNSEEN = 0.01;
/** Sheets no further apart than this, in nodes, are one. */
const TOGETHER = 0.02;
const NOTHING: Area = { left: 0, top: 0, right: 0, bottom: 0 };

export class Warp {
  readonly grid: number;
  /** For each node of the posed face, where its skin came from: x and y of the upper sheet, then of the lower one. */
  readonly sheets: Float32Array;
  /** x and y of the sheet that shows. */
  readonly shown: Float32Array;
  /** Nothing moves outside. */
  area: Area = NOTHING;
  /** The most that the two sheets may lie apart, in nodes. */
  parting = 0;
  private readonly layers: Layers;
  private readonly weights: Float32Array;
  private readonly partings: readonly number[];

  constructor(private readonly assets: RigAssets) {
    const { grid, offset, items, box } = assets.document.fields;
    const size = grid * grid;
    let place = offset;
    const steps = items.map(({ split, scale }) => {
      const count = split ? 4 : 2;
      const planes = new Int8Array(assets.fields, place, count * size);
      place += planes.length;
      const unit = (scale * grid) / box.side;
      return filled(4 * size, (i) => unit * (planes[((i & 3) % count) * size + (i >> 2)] ?? 0));
    });
    this.grid = grid;
    this.layers = new Layers(grid, 4, steps);
    this.partings = steps.map(apart);
    this.weights = new Float32Array(items.length);
    this.sheets = new Float32Array(4 * size);
    this.shown = new Float32Array(2 * size);
  }

  /** Takes the fields' drivers; false when nothing moves by them that did not before. */
  move(drivers: readonly number[]): boolean {
    const { layers, weights, sheets, grid } = this;
    if (layers.change(weights, drivers) < UNSEEN) return false;
    weights.set(drivers);
    this.parting = this.partings.reduce((sum, most, i) => sum + most * Math.abs(weights[i] ?? 0), 0);
    this.area = layers.sum(weights, UNSEEN / 4);
    sheets.fill(0);
    this.shown.fill(0);
    invert(layers.total, sheets, grid, 4, 0, this.area);
    if (this.parting > TOGETHER) invert(layers.total, sheets, grid, 4, 2, this.area);
    this.merge();
    return true;
  }

  /** From nodes to plate units, and which of the two sheets shows. */
  private merge(): void {
    const { sheets, shown, grid, area } = this;
    const { fields, mouth } = this.assets.document;
    const { frame, upper, span } = mouth;
    const unit = fields.box.side / grid;
    const one = this.parting <= TOGETHER;
    const c = Math.cos(frame.angle) / frame.scale;
    const s = Math.sin(frame.angle) / frame.scale;
    const last = upper.length - 1;
    for (let y = area.top; y < area.bottom; y++)
      for (let x = area.left; x < area.right; x++) {
        const node = y * grid + x;
        const ux = unit * (sheets[4 * node] ?? 0);
        const uy = unit * (sheets[4 * node + 1] ?? 0);
        const lx = one ? ux : unit * (sheets[4 * node + 2] ?? 0);
        const ly = one ? uy : unit * (sheets[4 * node + 3] ?? 0);
        let above = true;
        if (ux !== lx || uy !== ly) {
          const dx = fields.box.x + unit * (x + 0.5) + ux - frame.origin[0];
          const dy = fields.box.y + unit * (y + 0.5) + uy - frame.origin[1];
          const at = Math.min(last, Math.max(0, ((dx * c + dy * s + span) * last) / (2 * span)));
          const low = Math.min(last - 1, Math.floor(at));
          const edge = (upper[low] ?? 0) + (at - low) * ((upper[low + 1] ?? 0) - (upper[low] ?? 0));
          above = dy * c - dx * s < edge;
        }
        sheets[4 * node] = ux;
        sheets[4 * node + 1] = uy;
        sheets[4 * node + 2] = lx;
        sheets[4 * node + 3] = ly;
        shown[2 * node] = above ? ux : lx;
        shown[2 * node + 1] = above ? uy : ly;
      }
  }
}

/** How far apart a field brings the two sheets at most. */
function apart(steps: Float32Array): number {
  let most = 0;
  for (let i = 0; i < steps.length; i += 4)
    for (let axis = i; axis < i + 2; axis++)
      most = Math.max(most, Math.abs((steps[axis] ?? 0) - (steps[axis + 2] ?? 0)));
  return most;
}
