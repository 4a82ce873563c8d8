/** The rig, from channels to pixels: grids of movement on the main thread, pictures on the graphics card. */

import { Composite } from "./composite.ts";
import { Drivers } from "./drivers.ts";
import { Mapping } from "./mapping.ts";
import { Pose } from "./pose.ts";
import type { RigAssets } from "./rig.ts";
import { Shade } from "./shade.ts";
import { GridTexture } from "./textures.ts";
import { Warp } from "./warp.ts";

/** Below this the lips are drawn as the portrait has them; from here on the two sheets take over, softly. */
const PARTED = 0.02;
const PARTED_FULLY = 0.3;

export class Scene {
  readonly drivers: Drivers;
  private readonly pose: Pose;
  private readonly warp: Warp;
  private readonly shade: Shade;
  private readonly mapping: Mapping;
  private readonly textures: {
    readonly mapping: GridTexture;
    readonly sheets: GridTexture;
    readonly pose: GridTexture;
  };
  private readonly composite: Composite;
  private readonly slots: Readonly<Record<"pose" | "warp" | "shade", readonly number[]>>;

  /** Throws when a shader or a texture format is refused. */
  constructor(gl: WebGL2RenderingContext, assets: RigAssets) {
    const { document } = assets;
    this.drivers = new Drivers(document.drivers);
    this.pose = new Pose(assets);
    this.warp = new Warp(assets);
    this.shade = new Shade(assets);
    this.mapping = new Mapping(document, this.pose, this.warp, this.shade);
    this.slots = {
      pose: document.pose.drivers.map((name) => this.drivers.slot(name)),
      warp: document.fields.items.map(({ driver }) => this.drivers.slot(driver)),
      shade: document.shades.items.map(({ driver }) => this.drivers.slot(driver)),
    };
    this.textures = {
      mapping: new GridTexture(gl, this.mapping.grid, 4),
      sheets: new GridTexture(gl, this.warp.grid, 4),
      pose: new GridTexture(gl, this.pose.grid, 2),
    };
    this.composite = new Composite(gl, assets, this.mapping);
  }

  /** Draws one frame of channels over the whole canvas. */
  draw(channels: Float32Array): void {
    const { drivers, pose, warp, shade, mapping, textures, slots } = this;
    drivers.evaluate(channels);
    const values = (of: readonly number[]) => of.map((slot) => drivers.values[slot] ?? 0);
    const turned = pose.turn(values(slots.pose));
    const moved = warp.move(values(slots.warp));
    const lit = shade.fall(values(slots.shade));
    if (turned || moved || lit) {
      mapping.update();
      textures.mapping.fill(mapping.nodes);
    }
    if (turned) textures.pose.fill(pose.shift);
    if (moved) textures.sheets.fill(warp.sheets);
    const parted = Math.min(1, Math.max(0, (warp.parting - PARTED) / PARTED_FULLY));
    this.composite.draw(drivers, parted, {
      mapping: textures.mapping.texture,
      sheets: textures.sheets.texture,
      pose: textures.pose.texture,
    });
  }
}
