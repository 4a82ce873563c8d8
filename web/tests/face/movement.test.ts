import { describe, expect, it } from "vitest";
import { invert } from "../../src/face/webgl/inverse.ts";
import { Layers } from "../../src/face/webgl/layers.ts";
import { Mapping } from "../../src/face/webgl/mapping.ts";
import { Pose } from "../../src/face/webgl/pose.ts";
import { Regions } from "../../src/face/webgl/regions.ts";
import type { RigAssets, RigDocument } from "../../src/face/webgl/rig.ts";
import { read } from "../../src/face/webgl/sampling.ts";
import { Shade } from "../../src/face/webgl/shade.ts";
import { Warp } from "../../src/face/webgl/warp.ts";

const FIELD = 32;
const POSE = 8;
const SHADE = 16;
const BOX = { x: 0.25, y: 0.25, side: 0.5 };
/** The field's step and the pose's, in plate units. */
const STEP = 1 / 8192;

/** A rig whose one field opens the mouth along the middle row of its box, and whose one turn is a move to the right. */
function rig(): RigAssets {
  const field = new Int8Array(4 * FIELD * FIELD);
  for (let y = 4; y < FIELD - 4; y++)
    for (let x = 4; x < FIELD - 4; x++) {
      const far = Math.hypot(x - 15.5, y - 15.5) / 11;
      const most = 100 * Math.max(0, 1 - far * far) ** 2;
      field[(1 * FIELD + y) * FIELD + x] = -most / 2;
      field[(3 * FIELD + y) * FIELD + x] = most;
    }
  const shade = new Int8Array(SHADE * SHADE);
  shade.fill(-50, 5 * SHADE, 9 * SHADE);
  const pose = new Int16Array(2 * POSE * POSE);
  pose.fill(8000, 0, POSE * POSE);
  const fields = new Uint8Array(field.length + shade.length + 2 * pose.length);
  fields.set(new Uint8Array(field.buffer));
  fields.set(new Uint8Array(shade.buffer), field.length);
  fields.set(new Uint8Array(pose.buffer), field.length + shade.length);
  const frame = { origin: [0.5, 0.5], scale: 0.1, angle: 0 } as const;
  const flat = [0, 0, 0];
  const document = {
    fields: { grid: FIELD, offset: 0, box: BOX, items: [{ driver: "open", scale: STEP, split: true }] },
    shades: { grid: SHADE, offset: field.length, items: [{ driver: "open", scale: 0.01 }] },
    pose: { grid: POSE, offset: field.length + shade.length, scale: STEP, drivers: ["yaw"] },
    mouth: { frame, span: 1.6, upper: flat, lower: flat, skin: [1, 1, 1], light: 1 },
    eyes: { Left: { frame }, Right: { frame } },
  } as unknown as RigDocument;
  return { document, fields: fields.buffer, plate: {} as ImageBitmap, sprites: {} as ImageBitmap };
}

function parts() {
  const assets = rig();
  const [pose, warp, shade] = [new Pose(assets), new Warp(assets), new Shade(assets)];
  const mapping = new Mapping(assets.document, pose, warp, shade);
  return { pose, warp, shade, mapping, regions: new Regions(assets.document, mapping) };
}

/** x, y and light of the mapping near a place of the picture. */
function seen({ nodes, grid }: Mapping, x: number, y: number): number[] {
  return [0, 1, 2].map((which) => read(nodes, grid, 4, which, x * grid - 0.5, y * grid - 0.5));
}

describe("layers", () => {
  it("sum what weighs enough and know where anything is left", () => {
    const one = new Float32Array(16);
    const other = new Float32Array(16);
    one[5] = 2;
    other[10] = -1;
    const layers = new Layers(4, 1, [one, other]);
    expect(layers.sum([0.5, 2], 0.1)).toEqual({ left: 1, top: 1, right: 3, bottom: 3 });
    expect([layers.total[5], layers.total[10]]).toEqual([1, -2]);
    expect(layers.sum([0, 1], 0.1)).toEqual({ left: 2, top: 2, right: 3, bottom: 3 });
    expect([layers.total[5], layers.total[10]]).toEqual([0, -1]);
    expect(layers.change([0.5, 2], [0, 1])).toBe(2);
  });
});

describe("an inverted field", () => {
  it("leads from where skin is seen back to where it came from", () => {
    const grid = 24;
    const field = new Float32Array(2 * grid * grid);
    for (let i = 0; i < grid * grid; i++) {
      field[2 * i] = 2 * Math.sin((Math.PI * (i % grid)) / (grid - 1));
      field[2 * i + 1] = -Math.sin((Math.PI * Math.floor(i / grid)) / (grid - 1));
    }
    const inverse = new Float32Array(field.length);
    invert(field, inverse, grid, 2, 0, { left: 0, top: 0, right: grid, bottom: grid });
    for (const [x, y] of [
      [12, 12],
      [5, 9],
      [18, 4],
    ] as const) {
      const mx = x + (inverse[2 * (y * grid + x)] ?? 0);
      const my = y + (inverse[2 * (y * grid + x) + 1] ?? 0);
      expect(mx + read(field, grid, 2, 0, mx, my)).toBeCloseTo(x, 1);
      expect(my + read(field, grid, 2, 1, mx, my)).toBeCloseTo(y, 1);
    }
  });
});

describe("a mapping", () => {
  it("leaves a face at rest where it is", () => {
    const { mapping } = parts();
    mapping.update();
    expect(mapping.nodes.every((value) => value === 0)).toBe(true);
  });

  it("moves the whole picture with the head", () => {
    const { pose, mapping } = parts();
    expect(pose.turn([0.1])).toBe(true);
    expect(pose.turn([0.1])).toBe(false);
    mapping.update();
    const [x = 0, y] = seen(mapping, 0.5, 0.5);
    expect(x).toBeCloseTo(-0.1 * 8000 * STEP, 3);
    expect(y).toBeCloseTo(0);
    expect(mapping.reach).toBeCloseTo(-x, 3);
  });

  it("shows the upper sheet above the lips and the lower one below, darker where a shade falls", () => {
    const { warp, shade, mapping } = parts();
    expect(warp.move([1])).toBe(true);
    expect(warp.move([1.0001])).toBe(false);
    expect(warp.parting).toBeGreaterThan(0.3);
    shade.fall([0.4]);
    mapping.update();
    expect(seen(mapping, 0.5, 0.4)[1]).toBeGreaterThan(1e-3);
    expect(seen(mapping, 0.5, 0.6)[1]).toBeLessThan(-1e-3);
    expect(seen(mapping, 0.1, 0.1)).toEqual([0, 0, 0]);
    expect(seen(mapping, 0.3, 0.45)[2]).toBeCloseTo(-0.2, 2);
    expect(seen(mapping, 0.3, 0.65)[2]).toBe(0);
    warp.move([0]);
    shade.fall([0]);
    mapping.update();
    expect(mapping.nodes.every((value) => value === 0)).toBe(true);
  });
});

describe("regions", () => {
  it("hold the mouth and follow the head", () => {
    const { pose, mapping, regions } = parts();
    mapping.update();
    const [x, y, width, height] = regions.mouth(0.3) ?? [0, 0, 0, 0];
    expect([x < 0.365, y < 0.435, x + width > 0.635, y + height > 0.59]).toEqual([true, true, true, true]);
    expect(width).toBeLessThan(0.3);
    pose.turn([0.1]);
    mapping.update();
    expect((regions.mouth(0.3) ?? [0])[0] - x).toBeCloseTo(0.1 * 8000 * STEP, 1);
  });
});
