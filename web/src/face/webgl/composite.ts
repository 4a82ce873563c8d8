/** The last pass: the whole face, then the eyes and the mouth again where they are. */

import type { Drivers } from "./drivers.ts";
import { Program } from "./program.ts";
import { type Rect, Regions } from "./regions.ts";
import type { Frame, RigAssets, SpriteItem } from "./rig.ts";
import compositeSource from "./shaders/composite.frag.glsl?raw";
import squareSource from "./shaders/square.vert.glsl?raw";
import { curveRows, pictureTexture, type Target } from "./textures.ts";

const SIDES = ["Left", "Right"] as const;
const EYE_DRIVERS = ["lid", "underlid", "gazeX", "gazeY"] as const;
/** Smaller eye movements are not drawn. */
const ASLEEP = 1e-3;

export class Composite {
  private readonly plain: Program;
  private readonly eyes: Program;
  private readonly mouth: Program;
  private readonly regions: Regions;
  private readonly textures: readonly WebGLTexture[];

  constructor(
    private readonly gl: WebGL2RenderingContext,
    private readonly assets: RigAssets,
  ) {
    this.plain = this.build(0, 0);
    this.eyes = this.build(1, 0);
    this.mouth = this.build(0, 1);
    this.regions = new Regions(assets);
    this.textures = [
      pictureTexture(gl, assets.plate, true),
      pictureTexture(gl, assets.sprites, false),
      curveRows(gl, assets.document),
    ];
  }

  /** Draws over the whole canvas; `parted` is how far the lips' own drawing has taken over, 0 to 1. */
  draw(drivers: Drivers, parted: number, warp: Target, head: Target, shade: Target): void {
    const { gl, regions } = this;
    const maps = [...this.textures, warp.texture, head.texture, shade.texture];
    const turn = ["yaw", "pitch", "roll"].map((name) => drivers.value(name));
    gl.bindFramebuffer(gl.FRAMEBUFFER, null);
    gl.viewport(0, 0, gl.canvas.width, gl.canvas.height);
    this.prepare(this.plain, drivers, parted, maps);
    gl.drawArrays(gl.TRIANGLES, 0, 3);
    const awake = SIDES.filter((side) => EYE_DRIVERS.some((name) => Math.abs(drivers.value(name + side)) > ASLEEP));
    gl.enable(gl.SCISSOR_TEST);
    if (awake.length) this.prepare(this.eyes, drivers, parted, maps);
    for (const side of awake) this.within(regions.eye(side, turn));
    if (parted > 0) {
      this.prepare(this.mouth, drivers, parted, maps);
      this.within(regions.mouth(turn, drivers.value("drop")));
    }
    gl.disable(gl.SCISSOR_TEST);
  }

  private build(eyes: number, mouth: number): Program {
    const source = compositeSource.replaceAll("EYES", String(eyes)).replaceAll("MOUTH", String(mouth));
    const program = Program.build(this.gl, squareSource, source);
    this.constants(program);
    return program;
  }

  private within([x, y, width, height]: Rect): void {
    const { gl } = this;
    const size = gl.canvas.height;
    const bottom = Math.floor((1 - y - height) * size);
    gl.scissor(Math.floor(x * size), bottom, Math.ceil(width * size) + 1, Math.ceil(height * size) + 1);
    gl.drawArrays(gl.TRIANGLES, 0, 3);
  }

  private prepare(program: Program, drivers: Drivers, parted: number, maps: readonly WebGLTexture[]): void {
    const size = this.gl.canvas.width;
    program.activate();
    program.number("flip", -1).number("pixel", 1 / size);
    program.number("lod", Math.max(0, Math.log2(this.assets.document.plate.size / size)));
    program.vector("teeth", ...["drop", "teethTop", "teethBottom", "tip"].map((name) => drivers.value(name)));
    program.vector("lipEdge", drivers.value("clean"), drivers.value("into"));
    program.number("tongueOut", drivers.value("out")).number("parted", parted);
    SIDES.forEach((side, i) => {
      program.vector(`eyeDrive[${i}]`, ...EYE_DRIVERS.map((name) => drivers.value(name + side)));
    });
    maps.forEach((texture, unit) => {
      program.texture(["plate", "atlas", "curves", "warp", "pose", "shade"][unit] ?? "", unit, texture);
    });
  }

  /** What never changes for a rig. */
  private constants(program: Program): void {
    const { document } = this.assets;
    const { box } = document.fields;
    const { mouth, eyes, sprites } = document;
    program.activate().vector("box", box.x, box.y, box.side);
    program.number("shaded", document.shades.items.length ? 1 : 0);
    this.frame(program, mouth.frame, "mouthOrigin", "mouthTurn", "mouthScale");
    program.vector("mouthSkin", ...mouth.skin).number("mouthLight", mouth.light);
    const middle = (mouth.upper.length - 1) / 2;
    program.vector("meeting", 0.72 * (mouth.upper[middle] ?? 0) + 0.28 * (mouth.lower[middle] ?? 0), 0);
    for (const name of ["teethUpper", "teethLower", "tongue"]) this.sprite(program, sprites.items[name], name, "");
    [eyes.Left, eyes.Right].forEach((eye, i) => {
      this.frame(program, eye.frame, `eyeOrigin[${i}]`, `eyeTurn[${i}]`, `eyeScale[${i}]`);
      program.vector(`eyeShape[${i}]`, eye.lashes, eye.above, eye.below);
      const side = i === 0 ? "Left" : "Right";
      this.sprite(program, sprites.items[`ball${side}`], "ball", `[${i}]`);
      this.sprite(program, sprites.items[`skin${side}`], "skin", `[${i}]`);
    });
  }

  private frame(program: Program, frame: Frame, origin: string, turn: string, scale: string): void {
    program.vector(origin, ...frame.origin).vector(turn, Math.cos(frame.angle), Math.sin(frame.angle));
    program.number(scale, frame.scale);
  }

  private sprite(program: Program, item: SpriteItem | undefined, name: string, index: string): void {
    if (!item) throw new Error(`the rig has no sprite "${name}"`);
    const { width, height } = this.assets.document.sprites;
    const [x, y, w, h] = item.place;
    program.vector(`${name}Place${index}`, x / width, y / height, w / width, h / height);
    program.vector(`${name}Rect${index}`, ...item.rect);
  }
}
