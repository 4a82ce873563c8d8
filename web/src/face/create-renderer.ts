/** Picks the renderer that this browser can run. */

import { PortraitRenderer } from "./portrait-renderer.ts";
import type { FaceRenderer, RendererFactory } from "./renderer.ts";
import { createWebglRenderer } from "./webgl/webgl-renderer.ts";

/** Renderers that move the face, best first. Each gets a canvas that has no context yet. */
const MOVING: readonly RendererFactory[] = [createWebglRenderer];

export interface Chosen {
  readonly renderer: FaceRenderer;
  readonly canvas: HTMLCanvasElement;
  /** The face does not move. */
  readonly still: boolean;
}

/** `makeCanvas` is called for every try, because a canvas keeps the first context it was asked for. */
export function createRenderer(makeCanvas: () => HTMLCanvasElement): Chosen | null {
  for (const factory of MOVING) {
    const canvas = makeCanvas();
    const renderer = factory(canvas);
    if (renderer) return { renderer, canvas, still: false };
  }
  const canvas = makeCanvas();
  const renderer = PortraitRenderer.create(canvas);
  return renderer ? { renderer, canvas, still: true } : null;
}
