/** Draws frames of a rig off the page, for comparison with the server's renderer. */

import { loadRig } from "../face/webgl/rig.ts";
import { Scene } from "../face/webgl/scene.ts";

export interface Drawing {
  /** A PNG as a data: address for each frame. */
  readonly pictures: readonly string[];
  /** Mean milliseconds a frame, drawing and waiting for the pixels. */
  readonly milliseconds: number;
}

/** Each of `frames` holds 58 channels; rejects when WebGL or the rig fails. */
export async function drawFace(rigUrl: string, frames: readonly number[][], size: number): Promise<Drawing> {
  const canvas = document.createElement("canvas");
  canvas.width = size;
  canvas.height = size;
  const gl = canvas.getContext("webgl2", { alpha: false, antialias: false, preserveDrawingBuffer: true });
  if (!gl) throw new Error("no WebGL 2");
  const scene = new Scene(gl, await loadRig(rigUrl));
  const pixel = new Uint8Array(4);
  const pictures: string[] = [];
  let spent = 0;
  for (const frame of frames) {
    const start = performance.now();
    scene.draw(new Float32Array(frame));
    gl.readPixels(0, 0, 1, 1, gl.RGBA, gl.UNSIGNED_BYTE, pixel);
    spent += performance.now() - start;
    pictures.push(canvas.toDataURL("image/png"));
  }
  return { pictures, milliseconds: spent / Math.max(1, frames.length) };
}
