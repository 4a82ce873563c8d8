/** What draws a face: one rig on one canvas, from the channels of one moment. */

/** Where the face sits in its picture, as shares of the picture's width and height. */
export interface FaceBox {
  readonly eyes: number;
  readonly chin: number;
}

export interface FaceRenderer {
  /** Fetches the rig and what it names beside it; rejects when it cannot be had or drawn. */
  load(rigUrl: string): Promise<void>;
  /** Draws the face with `channels` (58, in the order of `CHANNELS`). Called once per display frame after `load`. */
  draw(channels: Float32Array): void;
  /** The canvas now has this many device pixels. */
  resize(width: number, height: number): void;
  /** Frees what it holds; it is not used afterwards. */
  dispose(): void;
}

/** Null when this browser cannot run the renderer on the canvas. The canvas is square. */
export type RendererFactory = (canvas: HTMLCanvasElement) => FaceRenderer | null;
