/** The rig on the graphics card: three passes from channels to pixels. */

import { Composite } from "./composite.ts";
import { Drivers } from "./drivers.ts";
import { Program } from "./program.ts";
import type { RigAssets } from "./rig.ts";
import invertSource from "./shaders/invert.frag.glsl?raw";
import squareSource from "./shaders/square.vert.glsl?raw";
import sumSource from "./shaders/sum.frag.glsl?raw";
import { fieldLayers, fieldPartings, poseLayers, shadeLayers, type Target, target } from "./textures.ts";

const TO_BYTE = 127;
/** Below this the lips are drawn as the portrait has them; from here on the two sheets take over, softly. */
const PARTED = 0.02;
const PARTED_FULLY = 0.3;

interface Sum {
  readonly program: Program;
  readonly layers: WebGLTexture;
  readonly target: Target;
  readonly weights: Float32Array;
  /** The driver of each layer and what its value is multiplied with. */
  readonly terms: readonly { readonly slot: number; readonly scale: number }[];
}

export class Scene {
  readonly drivers: Drivers;
  private readonly fields: Sum;
  private readonly shades: Sum;
  private readonly poses: Sum;
  private readonly partings: readonly number[];
  private readonly invert: Program;
  private readonly warp: Target;
  private readonly head: Target;
  private readonly composite: Composite;

  /** Throws when a shader or a texture format is refused. */
  constructor(
    private readonly gl: WebGL2RenderingContext,
    private readonly assets: RigAssets,
  ) {
    const { document } = assets;
    this.drivers = new Drivers(document.drivers);
    const { fields, shades, pose } = document;
    this.fields = this.sum(fieldLayers(gl, assets), fields.grid, fields.items, TO_BYTE);
    this.partings = fieldPartings(assets);
    this.shades = this.sum(shadeLayers(gl, assets), shades.grid, shades.items, TO_BYTE);
    const axes = pose.drivers.map((driver) => ({ driver, scale: 1 }));
    this.poses = this.sum(poseLayers(gl, assets), pose.grid, axes, 1);
    this.invert = Program.build(gl, squareSource, invertSource);
    this.warp = target(gl, fields.grid);
    this.head = target(gl, pose.grid);
    this.composite = new Composite(gl, assets);
  }

  /** Draws one frame of channels over the whole canvas. */
  draw(channels: Float32Array): void {
    const { drivers } = this;
    const { box } = this.assets.document.fields;
    drivers.evaluate(channels);
    for (const sum of [this.fields, this.shades, this.poses]) this.add(sum);
    this.invert.activate().number("flip", 1).vector("box", box.x, box.y, box.side);
    this.invert.texture("field", 0, this.fields.target.texture);
    this.pass(this.warp);
    this.invert.vector("box", 0, 0, 1).texture("field", 0, this.poses.target.texture);
    this.pass(this.head);

    const parted = Math.min(1, Math.max(0, (this.parting() - PARTED) / PARTED_FULLY));
    this.composite.draw(drivers, parted, this.warp, this.head, this.shades.target);
  }

  /** The most that the two sheets may lie apart, in nodes of the field grid. */
  private parting(): number {
    let nodes = 0;
    this.fields.terms.forEach(({ slot }, i) => {
      nodes += Math.abs(this.drivers.values[slot] ?? 0) * (this.partings[i] ?? 0);
    });
    return nodes;
  }

  private sum(
    layers: WebGLTexture,
    grid: number,
    items: readonly { readonly driver: string; readonly scale: number }[],
    full: number,
  ): Sum {
    const count = Math.max(1, items.length);
    return {
      program: Program.build(this.gl, squareSource, sumSource.replaceAll("COUNT", String(count))),
      layers,
      target: target(this.gl, grid),
      weights: new Float32Array(count),
      terms: items.map((item) => ({ slot: this.drivers.slot(item.driver), scale: item.scale * full })),
    };
  }

  private add(sum: Sum): void {
    sum.terms.forEach(({ slot, scale }, i) => {
      sum.weights[i] = (this.drivers.values[slot] ?? 0) * scale;
    });
    sum.program.activate().number("flip", 1).numbers("weights", sum.weights);
    sum.program.texture("layersIn", 0, sum.layers, this.gl.TEXTURE_2D_ARRAY);
    this.pass(sum.target);
  }

  private pass(into: Target): void {
    const { gl } = this;
    gl.bindFramebuffer(gl.FRAMEBUFFER, into.buffer);
    gl.viewport(0, 0, into.size, into.size);
    gl.drawArrays(gl.TRIANGLES, 0, 3);
  }
}
