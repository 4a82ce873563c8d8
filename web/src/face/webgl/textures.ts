/** The rig's data as textures. */

import type { EyeEntry, RigDocument } from "./rig.ts";

type GL = WebGL2RenderingContext;

/** Samples of a lip curve; a lid curve has fewer and its row is padded. */
const CURVE_SAMPLES = 129;

/** How the bound texture is read: between its px with `filter`, beyond its rim as at the rim. */
export function filtered(gl: GL, filter: GLenum): void {
  gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MIN_FILTER, filter);
  gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MAG_FILTER, filter);
  gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_WRAP_S, gl.CLAMP_TO_EDGE);
  gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_WRAP_T, gl.CLAMP_TO_EDGE);
}

/** Row 0 the lips, row 1 the left eye, row 2 the right eye: (upper, lower) at equal steps over ±span. */
export function curveRows(gl: GL, document: RigDocument): WebGLTexture {
  const rows: readonly (RigDocument["mouth"] | EyeEntry)[] = [document.mouth, document.eyes.Left, document.eyes.Right];
  const texels = new Float32Array(CURVE_SAMPLES * 2 * rows.length);
  rows.forEach((row, r) => {
    row.upper.forEach((upper, i) => {
      texels[2 * (r * CURVE_SAMPLES + i)] = upper;
      texels[2 * (r * CURVE_SAMPLES + i) + 1] = row.lower[i] ?? 0;
    });
  });
  const texture = gl.createTexture();
  gl.bindTexture(gl.TEXTURE_2D, texture);
  gl.texImage2D(gl.TEXTURE_2D, 0, gl.RG32F, CURVE_SAMPLES, rows.length, 0, gl.RG, gl.FLOAT, texels);
  filtered(gl, gl.NEAREST);
  return texture;
}

/** A picture with straight alpha. */
export function pictureTexture(gl: GL, picture: ImageBitmap): WebGLTexture {
  const texture = gl.createTexture();
  gl.bindTexture(gl.TEXTURE_2D, texture);
  gl.pixelStorei(gl.UNPACK_PREMULTIPLY_ALPHA_WEBGL, false);
  gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA8, gl.RGBA, gl.UNSIGNED_BYTE, picture);
  filtered(gl, gl.LINEAR);
  return texture;
}

/** A grid of floats that a frame fills and the shaders read between its nodes. */
export class GridTexture {
  readonly texture: WebGLTexture;
  private readonly format: GLenum;

  /**
   * Each node holds `width` values, 2 or 4: whole floats where the browser can read between them, which a processor does
   * faster, and half floats elsewhere.
   */
  constructor(
    private readonly gl: GL,
    private readonly grid: number,
    width: number,
  ) {
    const whole = gl.getExtension("OES_texture_float_linear") !== null;
    const [pair, four] = whole ? [gl.RG32F, gl.RGBA32F] : [gl.RG16F, gl.RGBA16F];
    this.format = width === 2 ? gl.RG : gl.RGBA;
    this.texture = gl.createTexture();
    gl.bindTexture(gl.TEXTURE_2D, this.texture);
    gl.texStorage2D(gl.TEXTURE_2D, 1, width === 2 ? pair : four, grid, grid);
    filtered(gl, gl.LINEAR);
  }

  fill(values: Float32Array): void {
    const { gl, grid } = this;
    gl.bindTexture(gl.TEXTURE_2D, this.texture);
    gl.texSubImage2D(gl.TEXTURE_2D, 0, 0, 0, grid, grid, this.format, gl.FLOAT, values);
  }
}
