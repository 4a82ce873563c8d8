/** Where on the canvas the eyes and the mouth are: only there is their costly shader run. */

import type { Mapping } from "./mapping.ts";
import type { Frame, RigDocument } from "./rig.ts";

/** x, y, width, height as shares of the canvas, y down. */
export type Rect = readonly [number, number, number, number];

/** Left, top, right and bottom in a frame of the plate. */
type Sides = readonly [number, number, number, number];

/** Nodes of the mapping around those found, since what is looked for may begin between two. */
const ROOM = 1.5;

export class Regions {
  constructor(
    private readonly document: RigDocument,
    private readonly mapping: Mapping,
  ) {}

  /** `drop` is how far the jaw has opened. The mouth stands where the head is turned to; the skin's own movement is inside. */
  mouth(drop: number): Rect | null {
    const { mapping, document } = this;
    return this.found(document.mouth.frame, [-1.35, -0.65, 1.35, 0.6 + drop], mapping.unturned, 2);
  }

  eye(side: "Left" | "Right"): Rect | null {
    return this.found(this.document.eyes[side].frame, [-1.35, -1.7, 1.35, 0.95], this.mapping.nodes, 4);
  }

  /** Around all nodes that are read from inside the sides; null when none is. */
  private found(frame: Frame, [left, top, right, bottom]: Sides, shift: Float32Array, width: number): Rect | null {
    const { grid, reach } = this.mapping;
    const c = Math.cos(frame.angle) / frame.scale;
    const s = Math.sin(frame.angle) / frame.scale;
    const far = frame.scale * Math.hypot(Math.max(-left, right), Math.max(-top, bottom)) + reach;
    const from = (middle: number) => Math.max(0, Math.floor((middle - far) * grid - 0.5));
    const to = (middle: number) => Math.min(grid, Math.ceil((middle + far) * grid + 0.5));
    const [ox, oy] = frame.origin;
    let [x0, y0, x1, y1] = [grid, grid, -1, -1];
    for (let y = from(oy); y < to(oy); y++)
      for (let x = from(ox); x < to(ox); x++) {
        const node = width * (y * grid + x);
        const dx = (x + 0.5) / grid + (shift[node] ?? 0) - ox;
        const dy = (y + 0.5) / grid + (shift[node + 1] ?? 0) - oy;
        const u = dx * c + dy * s;
        const v = dy * c - dx * s;
        if (u < left || u > right || v < top || v > bottom) continue;
        x0 = Math.min(x0, x);
        x1 = Math.max(x1, x);
        y0 = Math.min(y0, y);
        y1 = Math.max(y1, y);
      }
    if (x1 < 0) return null;
    const low = (node: number) => Math.max(0, (node + 0.5 - ROOM) / grid);
    const high = (node: number) => Math.min(1, (node + 0.5 + ROOM) / grid);
    return [low(x0), low(y0), high(x1) - low(x0), high(y1) - low(y0)];
  }
}
