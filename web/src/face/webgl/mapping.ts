/** Where every place of the picture is read from, and its light: head, skin and shade together, on one grid. */

import type { Area } from "./layers.ts";
import type { Pose } from "./pose.ts";
import type { RigDocument } from "./rig.ts";
import { read } from "./sampling.ts";
import type { Shade } from "./shade.ts";
import type { Warp } from "./warp.ts";

/** Nodes along each side of the picture; the server's renderer has as many. */
const GRID = 192;

interface Along {
  readonly low: Int32Array;
  readonly share: Float32Array;
}

/** For each node, the one of a grid of `count` over the same length that lies before it, and how far past that. */
function along(count: number): Along {
  const low = new Int32Array(GRID);
  const share = new Float32Array(GRID);
  for (let i = 0; i < GRID; i++) {
    const at = Math.min(count - 1, Math.max(0, ((i + 0.5) / GRID) * count - 0.5));
    low[i] = Math.min(count - 2, Math.floor(at));
    share[i] = at - (low[i] ?? 0);
  }
  return { low, share };
}

/** Whether reading at (x, y) in nodes touches the area. */
function near(area: Area, x: number, y: number): boolean {
  return x > area.left - 1 && x < area.right && y > area.top - 1 && y < area.bottom;
}

export class Mapping {
  readonly grid = GRID;
  /** For each node what to add to its x and y, what to add to the light of 1, and nothing. */
  readonly nodes = new Float32Array(4 * GRID * GRID);
  /** What to add to x and y to undo the head's turn alone. */
  readonly unturned = new Float32Array(2 * GRID * GRID);
  /** The furthest that anything has moved. */
  reach = 0;
  private readonly head: Along;
  private readonly row: Float32Array;

  constructor(
    private readonly document: RigDocument,
    private readonly pose: Pose,
    private readonly warp: Warp,
    private readonly shade: Shade,
  ) {
    this.head = along(pose.grid);
    this.row = new Float32Array(2 * pose.grid);
  }

  /** Takes what pose, warp and shade have come to. */
  update(): void {
    this.turn();
    const { nodes, unturned, warp, shade } = this;
    const { box } = this.document.fields;
    const fine = warp.grid / box.side;
    const coarse = shade.grid / box.side;
    let reach = 0;
    for (let y = 0; y < GRID; y++)
      for (let x = 0; x < GRID; x++) {
        const node = y * GRID + x;
        const qx = unturned[2 * node] ?? 0;
        const qy = unturned[2 * node + 1] ?? 0;
        const px = (x + 0.5) / GRID + qx - box.x;
        const py = (y + 0.5) / GRID + qy - box.y;
        let dx = 0;
        let dy = 0;
        if (near(warp.area, fine * px - 0.5, fine * py - 0.5)) {
          dx = read(warp.shown, warp.grid, 2, 0, fine * px - 0.5, fine * py - 0.5);
          dy = read(warp.shown, warp.grid, 2, 1, fine * px - 0.5, fine * py - 0.5);
        }
        const s = coarse * (px + dx) - 0.5;
        const t = coarse * (py + dy) - 0.5;
        nodes[4 * node] = qx + dx;
        nodes[4 * node + 1] = qy + dy;
        nodes[4 * node + 2] = near(shade.area, s, t) ? read(shade.light, shade.grid, 1, 0, s, t) : 0;
        reach = Math.max(reach, Math.abs(qx + dx), Math.abs(qy + dy));
      }
    this.reach = reach;
  }

  /** The pose's own grid brought to this one. */
  private turn(): void {
    const { pose, head, row, unturned } = this;
    const wide = 2 * pose.grid;
    for (let y = 0; y < GRID; y++) {
      const from = wide * (head.low[y] ?? 0);
      const share = head.share[y] ?? 0;
      for (let i = 0; i < wide; i++) {
        const above = pose.shift[from + i] ?? 0;
        row[i] = above + share * ((pose.shift[from + wide + i] ?? 0) - above);
      }
      for (let x = 0; x < GRID; x++) {
        const low = 2 * (head.low[x] ?? 0);
        const part = head.share[x] ?? 0;
        const to = 2 * (y * GRID + x);
        const left = row[low] ?? 0;
        const over = row[low + 1] ?? 0;
        unturned[to] = left + part * ((row[low + 2] ?? 0) - left);
        unturned[to + 1] = over + part * ((row[low + 3] ?? 0) - over);
      }
    }
  }
}
