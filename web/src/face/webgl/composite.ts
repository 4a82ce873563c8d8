/** The passes that draw: the skin of the whole face, then each eye and the mouth over it, where they are. */

import type { Drivers } from "./drivers.ts";
import type { Mapping } from "./mapping.ts";
import { Plate } from "./plate.ts";
import { Program } from "./program.ts";
import { type Rect, Regions } from "./regions.ts";
import type { Frame, RigAssets, SpriteItem } from "./rig.ts";
import eyeSource from "./shaders/eye.frag.glsl?raw";
import mouthSource from "./shaders/mouth.frag.glsl?raw";
import readingSource from "./shaders/reading.glsl?raw";
import skinSource from "./shaders/skin.frag.glsl?raw";
import squareSource from "./shaders/square.vert.glsl?raw";
import { curveRows, pictureTexture } from "./textures.ts";

const SIDES = ["Left", "Right"] as const;
const EYE_DRIVERS = ["lid", "underlid", "gazeX", "gazeY"] as const;
/** Smaller eye movements are not drawn. */
const ASLEEP = 1e-3;

/** The grids of a frame as textures. */
export interface Grids {
  readonly mapping: WebGLTexture;
  readonly sheets: WebGLTexture;
  readonly pose: WebGLTexture;
}

export class Composite {
  private readonly skin: Program;
  private readonly eye: Program;
  private readonly mouth: Program;
  private readonly regions: Regions;
  private readonly plate: Plate;
  private readonly atlas: WebGLTexture;
  private readonly curves: WebGLTexture;

  constructor(
    private readonly gl: WebGL2RenderingContext,
    private readonly assets: RigAssets,
    mapping: Mapping,
  ) {
    [this.skin, this.eye, this.mouth] = [skinSource, eyeSource, mouthSource].map((source) =>
      Program.build(gl, squareSource, readingSource + source),
    ) as [Program, Program, Program];
    this.regions = new Regions(assets.document, mapping);
    this.plate = new Plate(gl, assets.plate);
    this.atlas = pictureTexture(gl, assets.sprites);
    this.curves = curveRows(gl, assets.document);
    this.shapeMouth();
  }

  /** Draws over the whole canvas; `parted` is how far the lips' own drawing has taken over, 0 to 1. */
  draw(drivers: Drivers, parted: number, grids: Grids): void {
    const { gl, regions } = this;
    const size = gl.canvas.width;
    const plate = this.plate.at(size);
    gl.bindFramebuffer(gl.FRAMEBUFFER, null);
    gl.viewport(0, 0, size, size);
    this.prepare(this.skin, plate, grids);
    gl.drawArrays(gl.TRIANGLES, 0, 3);
    gl.enable(gl.SCISSOR_TEST);
    gl.enable(gl.BLEND);
    gl.blendFunc(gl.SRC_ALPHA, gl.ONE_MINUS_SRC_ALPHA);
    const awake = SIDES.filter((side) => EYE_DRIVERS.some((name) => Math.abs(drivers.value(name + side)) > ASLEEP));
    if (awake.length) this.prepare(this.eye, plate, grids);
    for (const side of awake) {
      this.shapeEye(side, drivers);
      this.within(regions.eye(side));
    }
    if (parted > 0) {
      this.prepare(this.mouth, plate, grids);
      this.moveMouth(drivers, parted);
      this.within(regions.mouth(drivers.value("drop")));
    }
    gl.disable(gl.BLEND);
    gl.disable(gl.SCISSOR_TEST);
  }

  private within(rect: Rect | null): void {
    if (!rect) return;
    const { gl } = this;
    const size = gl.canvas.height;
    const [x, y, width, height] = rect;
    const bottom = Math.floor((1 - y - height) * size);
    gl.scissor(Math.floor(x * size), bottom, Math.ceil(width * size) + 1, Math.ceil(height * size) + 1);
    gl.drawArrays(gl.TRIANGLES, 0, 3);
  }

  private prepare(program: Program, plate: WebGLTexture, { mapping, sheets, pose }: Grids): void {
    const { atlas, curves } = this;
    program.activate().number("flip", -1);
    program.number("pixel", 1 / this.gl.canvas.width);
    Object.entries({ plate, mapping, atlas, curves, sheets, pose }).forEach(([name, texture], unit) => {
      program.texture(name, unit, texture);
    });
  }

  private moveMouth(drivers: Drivers, parted: number): void {
    this.mouth
      .vector("teeth", ...["drop", "teethTop", "teethBottom", "tip"].map((name) => drivers.value(name)))
      .vector("lipEdge", drivers.value("clean"), drivers.value("into"))
      .number("tongueOut", drivers.value("out"))
      .number("parted", parted);
  }

  /** What never changes for a rig. */
  private shapeMouth(): void {
    const { mouth: program, assets } = this;
    const { mouth, sprites, fields } = assets.document;
    const middle = (mouth.upper.length - 1) / 2;
    program.activate().vector("box", fields.box.x, fields.box.y, fields.box.side);
    this.frame(program, mouth.frame);
    program.vector("skin", ...mouth.skin).number("light", mouth.light);
    program.number("meeting", 0.72 * (mouth.upper[middle] ?? 0) + 0.28 * (mouth.lower[middle] ?? 0));
    for (const name of ["teethUpper", "teethLower", "tongue"]) this.sprite(program, name, sprites.items[name]);
  }

  private shapeEye(side: (typeof SIDES)[number], drivers: Drivers): void {
    const { eye: program, assets } = this;
    const { eyes, sprites } = assets.document;
    const { frame, lashes, above, below } = eyes[side];
    program.integer("row", side === "Left" ? 1 : 2).vector("shape", lashes, above, below);
    program.vector("drive", ...EYE_DRIVERS.map((name) => drivers.value(name + side)));
    this.frame(program, frame);
    for (const name of ["ball", "skin"]) this.sprite(program, name, sprites.items[name + side]);
  }

  private frame(program: Program, { origin, angle, scale }: Frame): void {
    program
      .vector("origin", ...origin)
      .vector("turn", Math.cos(angle), Math.sin(angle))
      .number("scale", scale);
  }

  private sprite(program: Program, name: string, item: SpriteItem | undefined): void {
    if (!item) throw new Error(`the rig has no sprite for "${name}"`);
    const { width, height } = this.assets.document.sprites;
    const [x, y, w, h] = item.place;
    program.vector(`${name}Place`, x / width, y / height, w / width, h / height);
    program.vector(`${name}Rect`, ...item.rect);
  }
}
