/** Picks the renderer that this browser can run. */

import { PortraitRenderer } from "./portrait-renderer.ts";
import type { FaceRenderer, RendererFactory } from "./renderer.ts";
import { createWebglRenderer } from "./webgl/webgl-renderer.ts";

/** Renderers that move the face, best first. Each gets a canvas that has no context yet. */
const MOVING: readonly RendererFactory[] = [createWebglRenderer];

/** A browser without WebGL 2, or a rig that it cannot draw, still shows the portrait. */
const STILL: RendererFactory = (canvas) => PortraitRenderer.create(canvas);

export interface Chosen {
  readonly renderer: FaceRenderer;
  readonly canvas: HTMLCanvasElement;
  /** The face does not move. */
  readonly still: boolean;
}

/**
 * Loads the rig into the first renderer that can draw it; null when none can.
 * `makeCanvas` is called for every try, because a canvas keeps the first context it was asked for.
 */
export async function createRenderer(makeCanvas: () => HTMLCanvasElement, rigUrl: string): Promise<Chosen | null> {
  for (const factory of [...MOVING, STILL]) {
    const canvas = makeCanvas();
    const renderer = factory(canvas);
    if (!renderer) continue;
    try {
      await renderer.load(rigUrl);
      return { renderer, canvas, still: factory === STILL };
    } catch {
      renderer.dispose();
    }
  }
  return null;
}
