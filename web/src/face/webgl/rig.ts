/** The rig's files as they come from the server: `rig.json` and what it names beside it. */

import type { DriverEntry } from "./drivers.ts";

export interface Frame {
  readonly origin: readonly [number, number];
  readonly scale: number;
  readonly angle: number;
}

export interface SpriteItem {
  /** x, y, width, height in px of the atlas. */
  readonly place: readonly [number, number, number, number];
  /** x0, y0, x1, y1 in the sprite's own frame. */
  readonly rect: readonly [number, number, number, number];
}

export interface EyeEntry {
  readonly frame: Frame;
  readonly span: number;
  readonly upper: readonly number[];
  readonly lower: readonly number[];
  readonly lashes: number;
  readonly above: number;
  readonly below: number;
}

export interface FieldItem {
  readonly driver: string;
  readonly scale: number;
  readonly split: boolean;
}

export interface RigDocument {
  readonly version: number;
  readonly plate: { readonly file: string; readonly size: number };
  readonly sprites: {
    readonly file: string;
    readonly width: number;
    readonly height: number;
    readonly items: Readonly<Record<string, SpriteItem>>;
  };
  readonly fields: {
    readonly file: string;
    readonly grid: number;
    readonly offset: number;
    readonly box: { readonly x: number; readonly y: number; readonly side: number };
    readonly items: readonly FieldItem[];
  };
  readonly shades: {
    readonly grid: number;
    readonly offset: number;
    readonly items: readonly { readonly driver: string; readonly scale: number }[];
  };
  readonly pose: {
    readonly grid: number;
    readonly offset: number;
    readonly scale: number;
    readonly drivers: readonly string[];
  };
  readonly mouth: {
    readonly frame: Frame;
    readonly span: number;
    readonly upper: readonly number[];
    readonly lower: readonly number[];
    readonly skin: readonly [number, number, number];
    readonly light: number;
  };
  readonly eyes: { readonly Left: EyeEntry; readonly Right: EyeEntry };
  readonly drivers: readonly DriverEntry[];
}

export interface RigAssets {
  readonly document: RigDocument;
  /** The unpacked `fields.bin.gz`. */
  readonly fields: ArrayBuffer;
  readonly plate: ImageBitmap;
  readonly sprites: ImageBitmap;
}

export const RIG_VERSION = 1;

async function fetched(url: URL): Promise<Response> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url.pathname} answered ${response.status}`);
  return response;
}

async function picture(url: URL): Promise<ImageBitmap> {
  const blob = await (await fetched(url)).blob();
  return createImageBitmap(blob, { premultiplyAlpha: "none", colorSpaceConversion: "none" });
}

async function unpacked(url: URL): Promise<ArrayBuffer> {
  const data = await (await fetched(url)).arrayBuffer();
  const head = new Uint8Array(data, 0, 2);
  // A proxy may have unpacked it on the way.
  if (head[0] !== 0x1f || head[1] !== 0x8b) return data;
  const stream = new Blob([data]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Response(stream).arrayBuffer();
}

/** Fetches everything; rejects when a file is missing or of another version. */
export async function loadRig(rigUrl: string): Promise<RigAssets> {
  const base = new URL(rigUrl, location.href);
  const document = (await (await fetched(base)).json()) as RigDocument;
  if (document.version !== RIG_VERSION) throw new Error(`this page draws rigs of version ${RIG_VERSION}`);
  const [fields, plate, sprites] = await Promise.all([
    unpacked(new URL(document.fields.file, base)),
    picture(new URL(document.plate.file, base)),
    picture(new URL(document.sprites.file, base)),
  ]);
  return { document, fields, plate, sprites };
}
