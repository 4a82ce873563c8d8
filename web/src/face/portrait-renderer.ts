/** A still portrait, for browsers without WebGL 2: fades in and sways a little with the head. */

import { at } from "./channels.ts";
import type { FaceRenderer } from "./renderer.ts";

const FADE_MS = 300;
/** Pixels that a degree of the head moves the picture, as a share of its width. */
const SHIFT = 0.0012;
const ZOOM = 1.03;

async function loadImage(url: string): Promise<HTMLImageElement> {
  const image = new Image();
  image.src = url;
  await image.decode();
  return image;
}

export class PortraitRenderer implements FaceRenderer {
  private image: HTMLImageElement | null = null;
  private shownAt: number | null = null;

  constructor(
    private readonly canvas: HTMLCanvasElement,
    private readonly context: CanvasRenderingContext2D,
  ) {}

  static create(canvas: HTMLCanvasElement): PortraitRenderer | null {
    const context = canvas.getContext("2d");
    return context ? new PortraitRenderer(canvas, context) : null;
  }

  async load(rigUrl: string): Promise<void> {
    const response = await fetch(rigUrl);
    if (!response.ok) throw new Error(`the portrait's rig answered ${response.status}`);
    const rig = (await response.json()) as { plate: { file: string } };
    this.image = await loadImage(new URL(rig.plate.file, new URL(rigUrl, location.href)).href);
    this.shownAt = null;
  }

  draw(channels: Float32Array): void {
    if (!this.image) return;
    const { width, height } = this.canvas;
    this.shownAt ??= performance.now();
    const context = this.context;
    context.clearRect(0, 0, width, height);
    context.globalAlpha = Math.min(1, (performance.now() - this.shownAt) / FADE_MS);
    context.save();
    const yaw = channels[at.headYaw] ?? 0;
    const pitch = channels[at.headPitch] ?? 0;
    const roll = channels[at.headRoll] ?? 0;
    context.translate(width * (0.5 + SHIFT * yaw), height * (1 + SHIFT * pitch));
    context.rotate((roll * Math.PI) / 900);
    context.scale(ZOOM, ZOOM);
    context.drawImage(this.image, -width / 2, -height, width, height);
    context.restore();
  }

  resize(width: number, height: number): void {
    this.canvas.width = width;
    this.canvas.height = height;
  }

  dispose(): void {
    this.image = null;
  }
}
