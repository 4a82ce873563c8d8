/** Draws a rig with WebGL 2: the face that moves. */

import { CHANNEL_COUNT } from "../channels.ts";
import type { FaceRenderer, RendererFactory } from "../renderer.ts";
import { Pace } from "./pace.ts";
import { loadRig, type RigAssets } from "./rig.ts";
import { Scene } from "./scene.ts";

/** Smaller changes than this move no pixel. */
const STILL = 2e-4;
/**
 * Drawn on the processor, every pixel costs the conversation: a small picture 25 times a second is enough there. Below 20 a
 * second it becomes smaller still.
 */
const SOFTWARE_PX = 448;
const SOFTWARE_GAP_MS = 40;
const SOFTWARE_SLOW_MS = 52;
const SOFTWARE_QUICK_MS = 44;

/** Whether the browser draws WebGL on the processor. */
function isSoftware(gl: WebGL2RenderingContext): boolean {
  const extension = gl.getExtension("WEBGL_debug_renderer_info");
  const name = String(gl.getParameter(extension ? extension.UNMASKED_RENDERER_WEBGL : gl.RENDERER));
  return /swiftshader|llvmpipe|software|basic render/i.test(name);
}

export class WebglRenderer implements FaceRenderer {
  private scene: Scene | null = null;
  private assets: RigAssets | null = null;
  private readonly drawn = new Float32Array(CHANNEL_COUNT).fill(Number.NaN);
  private readonly pace: Pace;
  private readonly software: boolean;
  /** Least milliseconds between two pictures. */
  private readonly gap: number;
  private wanted = 1;
  private due = 0;

  constructor(
    private readonly canvas: HTMLCanvasElement,
    private readonly gl: WebGL2RenderingContext,
  ) {
    this.software = isSoftware(gl);
    this.gap = this.software ? SOFTWARE_GAP_MS : 0;
    this.pace = this.software ? new Pace(SOFTWARE_SLOW_MS, SOFTWARE_QUICK_MS) : new Pace();
    canvas.addEventListener("webglcontextlost", this.lost);
    canvas.addEventListener("webglcontextrestored", this.restored);
  }

  async load(rigUrl: string): Promise<void> {
    this.assets = await loadRig(rigUrl);
    this.scene = new Scene(this.gl, this.assets);
    this.drawn.fill(Number.NaN);
  }

  draw(channels: Float32Array): void {
    if (!this.scene) return;
    const now = performance.now();
    if (now < this.due) return;
    if (!this.changed(channels)) return;
    if (this.pace.tick(now)) this.fit();
    // A late picture does not make the next one late.
    this.due = Math.max(now, this.due + this.gap);
    this.drawn.set(channels);
    this.scene.draw(channels);
  }

  resize(width: number, height: number): void {
    this.wanted = Math.min(width, height);
    this.fit();
  }

  dispose(): void {
    this.canvas.removeEventListener("webglcontextlost", this.lost);
    this.canvas.removeEventListener("webglcontextrestored", this.restored);
    this.scene = null;
    this.assets?.plate.close();
    this.assets?.sprites.close();
    this.assets = null;
    this.gl.getExtension("WEBGL_lose_context")?.loseContext();
  }

  private fit(): void {
    const most = this.software ? Math.min(SOFTWARE_PX, this.wanted) : this.wanted;
    const size = Math.max(1, Math.round(most * this.pace.share));
    if (this.canvas.width === size && this.canvas.height === size) return;
    this.canvas.width = size;
    this.canvas.height = size;
    // A canvas that changes its size is blank until it is drawn again.
    if (this.scene && !Number.isNaN(this.drawn[0])) this.scene.draw(this.drawn);
  }

  private changed(channels: Float32Array): boolean {
    for (let i = 0; i < CHANNEL_COUNT; i++)
      if (!(Math.abs((channels[i] ?? 0) - (this.drawn[i] ?? 0)) < STILL)) return true;
    return false;
  }

  private readonly lost = (event: Event): void => {
    event.preventDefault();
    this.scene = null;
  };

  private readonly restored = (): void => {
    if (!this.assets) return;
    this.scene = new Scene(this.gl, this.assets);
    this.drawn.fill(Number.NaN);
  };
}

/** Null without WebGL 2. */
export const createWebglRenderer: RendererFactory = (canvas) => {
  const debug = new URLSearchParams(location.search).has("debug");
  const gl = canvas.getContext("webgl2", {
    alpha: false,
    antialias: false,
    depth: false,
    stencil: false,
    // A test reads the picture between two drawings.
    preserveDrawingBuffer: debug,
    powerPreference: "low-power",
  });
  return gl ? new WebglRenderer(canvas, gl) : null;
};
