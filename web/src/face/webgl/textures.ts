/** The rig's data as textures. */

import type { EyeEntry, RigAssets, RigDocument } from "./rig.ts";

type GL = WebGL2RenderingContext;

/** Samples of a lip curve; a lid curve has fewer and its row is padded. */
export const CURVE_SAMPLES = 129;

function filtered(gl: GL, target: GLenum, filter: GLenum): void {
  gl.texParameteri(target, gl.TEXTURE_MIN_FILTER, filter);
  gl.texParameteri(target, gl.TEXTURE_MAG_FILTER, filter === gl.NEAREST ? gl.NEAREST : gl.LINEAR);
  gl.texParameteri(target, gl.TEXTURE_WRAP_S, gl.CLAMP_TO_EDGE);
  gl.texParameteri(target, gl.TEXTURE_WRAP_T, gl.CLAMP_TO_EDGE);
}

function layers(gl: GL, format: GLenum, grid: number, count: number, filter: GLenum): WebGLTexture {
  const texture = gl.createTexture();
  gl.bindTexture(gl.TEXTURE_2D_ARRAY, texture);
  gl.texStorage3D(gl.TEXTURE_2D_ARRAY, 1, format, grid, grid, count);
  filtered(gl, gl.TEXTURE_2D_ARRAY, filter);
  return texture;
}

/** One layer a field: upper.dx, upper.dy, lower.dx, lower.dy as signed bytes, value = step / 127. */
export function fieldLayers(gl: GL, assets: RigAssets): WebGLTexture {
  const { grid, offset, items } = assets.document.fields;
  const texture = layers(gl, gl.RGBA8_SNORM, grid, items.length, gl.NEAREST);
  const size = grid * grid;
  let place = offset;
  items.forEach((item, layer) => {
    const planes = item.split ? 4 : 2;
    const source = new Int8Array(assets.fields, place, planes * size);
    const texels = new Int8Array(4 * size);
    for (let i = 0; i < size; i++)
      for (let axis = 0; axis < 4; axis++) texels[4 * i + axis] = source[(axis % planes) * size + i] ?? 0;
    place += planes * size;
    gl.texSubImage3D(gl.TEXTURE_2D_ARRAY, 0, 0, 0, layer, grid, grid, 1, gl.RGBA, gl.BYTE, texels);
  });
  return texture;
}

/** How far apart each field, at full weight, brings the two sheets at most: nodes of the grid. */
export function fieldPartings(assets: RigAssets): number[] {
  const { grid, offset, items, box } = assets.document.fields;
  const size = grid * grid;
  let place = offset;
  return items.map((item) => {
    const planes = new Int8Array(assets.fields, place, (item.split ? 4 : 2) * size);
    place += planes.length;
    let most = 0;
    if (item.split)
      for (let i = 0; i < 2 * size; i++)
        most = Math.max(most, Math.abs((planes[i] ?? 0) - (planes[i + 2 * size] ?? 0)));
    return (most * item.scale * grid) / box.side;
  });
}

/** One layer a shading map: signed bytes. */
export function shadeLayers(gl: GL, assets: RigAssets): WebGLTexture {
  const { grid, offset, items } = assets.document.shades;
  const texture = layers(gl, gl.R8_SNORM, grid, Math.max(1, items.length), gl.NEAREST);
  gl.pixelStorei(gl.UNPACK_ALIGNMENT, 1);
  items.forEach((_, layer) => {
    const map = new Int8Array(assets.fields, offset + layer * grid * grid, grid * grid);
    gl.texSubImage3D(gl.TEXTURE_2D_ARRAY, 0, 0, 0, layer, grid, grid, 1, gl.RED, gl.BYTE, map);
  });
  gl.pixelStorei(gl.UNPACK_ALIGNMENT, 4);
  return texture;
}

/** One layer an axis (yaw, pitch, roll): dx, dy in plate units per radian. */
export function poseLayers(gl: GL, assets: RigAssets): WebGLTexture {
  const { grid, offset, scale, drivers } = assets.document.pose;
  const texture = layers(gl, gl.RGBA32F, grid, drivers.length, gl.NEAREST);
  const size = grid * grid;
  const view = new DataView(assets.fields, offset, drivers.length * 2 * size * 2);
  for (let layer = 0; layer < drivers.length; layer++) {
    const texels = new Float32Array(4 * size);
    for (let i = 0; i < size; i++)
      for (let axis = 0; axis < 2; axis++)
        texels[4 * i + axis] = view.getInt16(2 * ((2 * layer + axis) * size + i), true) * scale;
    gl.texSubImage3D(gl.TEXTURE_2D_ARRAY, 0, 0, 0, layer, grid, grid, 1, gl.RGBA, gl.FLOAT, texels);
  }
  return texture;
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
  filtered(gl, gl.TEXTURE_2D, gl.NEAREST);
  return texture;
}

/** A picture with straight alpha; `mips` for one that may be drawn smaller than it is. */
export function pictureTexture(gl: GL, picture: ImageBitmap, mips: boolean): WebGLTexture {
  const texture = gl.createTexture();
  gl.bindTexture(gl.TEXTURE_2D, texture);
  gl.pixelStorei(gl.UNPACK_PREMULTIPLY_ALPHA_WEBGL, false);
  gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA8, gl.RGBA, gl.UNSIGNED_BYTE, picture);
  if (mips) gl.generateMipmap(gl.TEXTURE_2D);
  filtered(gl, gl.TEXTURE_2D, mips ? gl.LINEAR_MIPMAP_LINEAR : gl.LINEAR);
  return texture;
}

export interface Target {
  readonly texture: WebGLTexture;
  readonly buffer: WebGLFramebuffer;
  readonly size: number;
}

/** A square half-float picture that a pass draws into and the next one reads. */
export function target(gl: GL, size: number): Target {
  const texture = gl.createTexture();
  gl.bindTexture(gl.TEXTURE_2D, texture);
  gl.texStorage2D(gl.TEXTURE_2D, 1, gl.RGBA16F, size, size);
  filtered(gl, gl.TEXTURE_2D, gl.LINEAR);
  const buffer = gl.createFramebuffer();
  gl.bindFramebuffer(gl.FRAMEBUFFER, buffer);
  gl.framebufferTexture2D(gl.FRAMEBUFFER, gl.COLOR_ATTACHMENT0, gl.TEXTURE_2D, texture, 0);
  return { texture, buffer, size };
}
