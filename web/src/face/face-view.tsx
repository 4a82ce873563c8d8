/** The face on the page: one canvas, drawn at the display's own rate. */

import { useEffect, useRef } from "react";
import type { Live } from "../session/live.ts";
import { cadence } from "./cadence.ts";
import { type Chosen, createRenderer } from "./create-renderer.ts";
import { groundOf } from "./ground.ts";

interface Props {
  readonly live: Live;
  readonly rigUrl: string | null;
  readonly label: string;
  readonly onStill: () => void;
  readonly onGround: (color: string) => void;
}

/** More device pixels than this cost more than they show. */
const LARGEST_PX = 1280;
/** A rig that could not be had is asked for again after this long: the server may still be drawing it up. */
const RETRY_MS = 3000;

function sideOf(canvas: HTMLCanvasElement): number {
  return Math.max(1, Math.min(LARGEST_PX, Math.round(canvas.clientWidth * Math.min(2, window.devicePixelRatio))));
}

/** Draws the face from now on; returns what ends it. */
function play(live: Live, { renderer, canvas }: Chosen, onGround: (color: string) => void): () => void {
  const size = () => renderer.resize(sideOf(canvas), sideOf(canvas));
  const watcher = new ResizeObserver(size);
  const calm = window.matchMedia("(prefers-reduced-motion: reduce)");
  let grounded = false;
  const draw = (now: number) => {
    const position = live.player.position();
    const channels = live.face.at(now, position, calm.matches);
    renderer.draw(channels);
    live.observer?.drawn(canvas, channels, position);
    if (!grounded) {
      const color = groundOf(canvas);
      if (color) onGround(color);
      grounded = color !== null;
    }
  };
  size();
  watcher.observe(canvas);
  canvas.dataset.loaded = "true";
  const stop = cadence(draw);
  return () => {
    stop();
    watcher.disconnect();
    renderer.dispose();
  };
}

export function FaceView({ live, rigUrl, label, onStill, onGround }: Props) {
  const holder = useRef<HTMLDivElement>(null);

  useEffect(() => {
    const box = holder.current;
    if (!box || !rigUrl) return;
    const makeCanvas = () => {
      const canvas = document.createElement("canvas");
      canvas.className = "face-canvas";
      box.replaceChildren(canvas);
      return canvas;
    };
    let stop: (() => void) | null = null;
    let gone = false;
    let timer = 0;
    const tryLoading = async () => {
      const chosen = await createRenderer(makeCanvas, rigUrl);
      if (gone) chosen?.renderer.dispose();
      else if (!chosen) timer = window.setTimeout(tryLoading, RETRY_MS);
      else {
        if (chosen.still) onStill();
        stop = play(live, chosen, onGround);
      }
    };
    void tryLoading();
    return () => {
      gone = true;
      window.clearTimeout(timer);
      stop?.();
    };
  }, [live, rigUrl, onStill, onGround]);

  return <div ref={holder} className="face" role="img" aria-label={label} />;
}
