/** Where on the canvas the eyes and the mouth can be: only there is their costly part of the shader run. */

import type { Frame, RigAssets } from "./rig.ts";

/** x, y, width, height as shares of the canvas, y down. */
export type Rect = readonly [number, number, number, number];

/** Room for what the fields move, as a share of the plate. */
const MARGIN = 0.03;

function bounds(
  frame: Frame,
  left: number,
  top: number,
  right: number,
  bottom: number,
): [number, number, number, number] {
  const [c, s] = [Math.cos(frame.angle) * frame.scale, Math.sin(frame.angle) * frame.scale];
  const xs: number[] = [];
  const ys: number[] = [];
  for (const x of [left, right])
    for (const y of [top, bottom]) {
      xs.push(frame.origin[0] + x * c - y * s);
      ys.push(frame.origin[1] + x * s + y * c);
    }
  return [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)];
}

export class Regions {
  private readonly pose: Int16Array;

  constructor(private readonly assets: RigAssets) {
    const { grid, offset, drivers } = assets.document.pose;
    const view = new DataView(assets.fields, offset, drivers.length * 4 * grid * grid);
    this.pose = Int16Array.from({ length: view.byteLength / 2 }, (_, i) => view.getInt16(2 * i, true));
  }

  /** `turn` is yaw, pitch and roll in radians, `drop` how far the jaw has opened. */
  mouth(turn: readonly number[], drop: number): Rect {
    return this.placed(this.assets.document.mouth.frame, [-1.35, -0.65, 1.35, 0.6 + drop], turn);
  }

  eye(side: "Left" | "Right", turn: readonly number[]): Rect {
    return this.placed(this.assets.document.eyes[side].frame, [-1.35, -1.7, 1.35, 0.95], turn);
  }

  private placed(frame: Frame, local: readonly [number, number, number, number], turn: readonly number[]): Rect {
    const [left, top, right, bottom] = bounds(frame, ...local);
    const [dx, dy] = this.shift((left + right) / 2, (top + bottom) / 2, turn);
    const x = Math.max(0, left + dx - MARGIN);
    const y = Math.max(0, top + dy - MARGIN);
    return [x, y, Math.min(1, right + dx + MARGIN) - x, Math.min(1, bottom + dy + MARGIN) - y];
  }

  /** How far the head's pose moves a place of the plate. */
  private shift(x: number, y: number, turn: readonly number[]): [number, number] {
    const { grid, scale } = this.assets.document.pose;
    const node = (v: number) => Math.max(0, Math.min(grid - 1, Math.floor(v * grid)));
    const at = node(y) * grid + node(x);
    let [dx, dy] = [0, 0];
    turn.forEach((angle, axis) => {
      dx += angle * scale * (this.pose[2 * axis * grid * grid + at] ?? 0);
      dy += angle * scale * (this.pose[(2 * axis + 1) * grid * grid + at] ?? 0);
    });
    return [dx, dy];
  }
}
