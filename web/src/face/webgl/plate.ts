/** The portrait as the face is read from: never much finer than it is drawn. */

import { Program } from "./program.ts";
import shrinkSource from "./shaders/shrink.frag.glsl?raw";
import squareSource from "./shaders/square.vert.glsl?raw";
import { filtered, pictureTexture } from "./textures.ts";

/** It is kept this much finer than the canvas, so that movement does not blur it. */
const OVERSAMPLE = 1.5;

export class Plate {
  private readonly whole: WebGLTexture;
  private readonly shrink: Program;
  private small: WebGLTexture | null = null;
  private side: number;

  constructor(
    private readonly gl: WebGL2RenderingContext,
    private readonly picture: ImageBitmap,
  ) {
    this.side = picture.width;
    this.whole = pictureTexture(gl, picture);
    gl.generateMipmap(gl.TEXTURE_2D);
    this.shrink = Program.build(gl, squareSource, shrinkSource);
  }

  /** For a canvas of `size` px. It may draw: call it before a pass is prepared. */
  at(size: number): WebGLTexture {
    const side = Math.min(this.picture.width, Math.round(size * OVERSAMPLE));
    if (side !== this.side) {
      this.side = side;
      this.gl.deleteTexture(this.small);
      this.small = side < this.picture.width ? this.shrunk(side) : null;
    }
    return this.small ?? this.whole;
  }

  private shrunk(side: number): WebGLTexture {
    const { gl, shrink, whole } = this;
    const texture = gl.createTexture();
    gl.bindTexture(gl.TEXTURE_2D, texture);
    gl.texStorage2D(gl.TEXTURE_2D, 1, gl.RGBA8, side, side);
    filtered(gl, gl.LINEAR);
    const buffer = gl.createFramebuffer();
    gl.bindFramebuffer(gl.FRAMEBUFFER, buffer);
    gl.framebufferTexture2D(gl.FRAMEBUFFER, gl.COLOR_ATTACHMENT0, gl.TEXTURE_2D, texture, 0);
    gl.viewport(0, 0, side, side);
    const ratio = this.picture.width / side;
    shrink
      .activate()
      .number("flip", 1)
      .number("lod", Math.max(0, Math.log2(ratio) - 1));
    shrink.number("away", (ratio - 1) / 2 / this.picture.width).texture("picture", 0, whole);
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MIN_FILTER, gl.LINEAR_MIPMAP_LINEAR);
    gl.drawArrays(gl.TRIANGLES, 0, 3);
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MIN_FILTER, gl.LINEAR);
    gl.deleteFramebuffer(buffer);
    return texture;
  }
}
