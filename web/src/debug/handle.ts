/** `window.__visavis`, only with `?debug=1`: what was played, drawn, sent and received, for a test to measure. */

import type { PlaybackNote } from "../audio/playback-queue.ts";
import type { Position } from "../audio/playout-clock.ts";
import type { ClientEvent, ServerEvent } from "../protocol/events.ts";
import type { Observer, Strings } from "../session/observer.ts";
import type { Store } from "../state/store.ts";
import type { View } from "../state/view.ts";
import { drawFace } from "./draw-face.ts";
import recorderUrl from "./recorder.worklet.ts?worker&url";

interface Block {
  /** Output frame of the first sample. */
  readonly frame: number;
  readonly samples: Float32Array;
}

interface Logged<T> {
  /** `performance.now()` in ms. */
  readonly time: number;
  readonly value: T;
}

interface DrawnFrame {
  readonly time: number;
  readonly itemId: string | null;
  /** Where the heard item stands, in ms of its audio. */
  readonly ms: number;
  readonly playing: boolean;
  readonly channels: readonly number[];
}

/** A region of the canvas in shares of its size, and how many pixels to keep of it. */
export interface Region {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly pixelsWide: number;
  readonly pixelsHigh: number;
}

interface Picture {
  readonly time: number;
  readonly itemId: string | null;
  readonly ms: number;
  /** Red, green, blue, pixel by pixel, row by row, base64. */
  readonly pixels: string;
}

export interface Handle extends Strings {
  readonly rate: number;
  view(): View;
  received(): readonly Logged<ServerEvent>[];
  sent(): readonly Logged<ClientEvent>[];
  notes(): readonly Logged<PlaybackNote>[];
  frames(): readonly DrawnFrame[];
  /** Everything played so far as base64 int16 LE, and the output frame of its first sample. */
  audio(): { readonly firstFrame: number; readonly pcm: string };
  /** Keeps pictures of this region of the face at every drawing from now on; null stops. */
  keepPictures(region: Region | null): void;
  pictures(): readonly Picture[];
  /** Draws a rig apart from the page. */
  readonly drawFace: typeof drawFace;
  /** Forgets all that was recorded. */
  clear(): void;
}

declare global {
  interface Window {
    __visavis?: Handle;
  }
}

const MOST = 20_000;

function base64(bytes: Uint8Array): string {
  let text = "";
  for (let i = 0; i < bytes.length; i += 0x8000) text += String.fromCharCode(...bytes.subarray(i, i + 0x8000));
  return btoa(text);
}

function joined(blocks: readonly Block[]): { firstFrame: number; pcm: string } {
  const firstFrame = blocks[0]?.frame ?? 0;
  const last = blocks.at(-1);
  const pcm = new Int16Array(last ? last.frame + last.samples.length - firstFrame : 0);
  for (const block of blocks) {
    block.samples.forEach((sample, i) => {
      pcm[block.frame - firstFrame + i] = Math.round(Math.max(-1, Math.min(1, sample)) * 32767);
    });
  }
  return { firstFrame, pcm: base64(new Uint8Array(pcm.buffer)) };
}

/** What is worth keeping of an event: everything but the audio and motion, of which only the size is kept. */
function slim<T extends ClientEvent | ServerEvent>(event: T): T {
  const copy: Record<string, unknown> = { ...event };
  for (const field of ["audio", "delta", "frames"]) {
    const value = copy[field];
    if (typeof value === "string" && value.length > 400) copy[field] = `${value.length} characters`;
  }
  return copy as T;
}

class Log {
  readonly received: Logged<ServerEvent>[] = [];
  readonly sent: Logged<ClientEvent>[] = [];
  readonly notes: Logged<PlaybackNote>[] = [];
  readonly frames: DrawnFrame[] = [];
  readonly blocks: Block[] = [];
  readonly pictures: Picture[] = [];
  region: Region | null = null;

  add<T>(list: T[], entry: T): void {
    list.push(entry);
    if (list.length > MOST) list.splice(0, list.length - MOST);
  }

  clear(): void {
    for (const list of [this.received, this.sent, this.notes, this.frames, this.blocks, this.pictures]) list.length = 0;
  }
}

/** Null when the canvas was not drawn in this frame: its content is gone then. */
function pictureOf(canvas: HTMLCanvasElement, region: Region, scratch: HTMLCanvasElement): string | null {
  scratch.width = region.pixelsWide;
  scratch.height = region.pixelsHigh;
  const context = scratch.getContext("2d", { willReadFrequently: true });
  if (!context) return null;
  context.clearRect(0, 0, scratch.width, scratch.height);
  const [left, top] = [region.x * canvas.width, region.y * canvas.height];
  const [width, height] = [region.width * canvas.width, region.height * canvas.height];
  context.drawImage(canvas, left, top, width, height, 0, 0, scratch.width, scratch.height);
  const { data } = context.getImageData(0, 0, scratch.width, scratch.height);
  if (data[3] === 0) return null;
  const pixels = new Uint8Array((data.length / 4) * 3);
  for (let i = 0; i < pixels.length; i++) pixels[i] = data[4 * Math.floor(i / 3) + (i % 3)] ?? 0;
  return base64(pixels);
}

/** Puts the handle on the window and returns what feeds it. */
export function installHandle(store: Store): Observer {
  const log = new Log();
  const scratch = document.createElement("canvas");
  let strings: Strings | null = null;
  window.__visavis = {
    dropLine: () => strings?.dropLine(),
    receive: (event) => strings?.receive(event),
    rate: 24000,
    view: () => store.view,
    received: () => log.received,
    sent: () => log.sent,
    notes: () => log.notes,
    frames: () => log.frames,
    audio: () => joined(log.blocks),
    keepPictures: (region) => {
      log.region = region;
    },
    pictures: () => log.pictures,
    drawFace,
    clear: () => log.clear(),
  };
  return {
    attach: (given) => {
      strings = given;
    },
    tap: async (context, node) => {
      await context.audioWorklet.addModule(recorderUrl);
      const recorder = new AudioWorkletNode(context, "visavis-recorder", { numberOfOutputs: 0 });
      recorder.port.onmessage = (message: MessageEvent<Block>) => log.add(log.blocks, message.data);
      node.connect(recorder);
    },
    received: (event) => log.add(log.received, { time: performance.now(), value: slim(event) }),
    sent: (event) => log.add(log.sent, { time: performance.now(), value: slim(event) }),
    noted: (note) => log.add(log.notes, { time: performance.now(), value: note }),
    drawn: (canvas, channels, position: Position | null) => {
      const time = performance.now();
      const { itemId = null, ms = 0, playing = false } = position ?? {};
      log.add(log.frames, { time, itemId, ms, playing, channels: Array.from(channels) });
      const pixels = log.region ? pictureOf(canvas, log.region, scratch) : null;
      if (pixels) log.add(log.pictures, { time, itemId, ms, pixels });
    },
  };
}
