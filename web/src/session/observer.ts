/** Watches a live session from outside: only a test page has one. */

import type { PlaybackNote } from "../audio/playback-queue.ts";
import type { AudioTap } from "../audio/player.ts";
import type { Position } from "../audio/playout-clock.ts";
import type { ClientEvent, ServerEvent } from "../protocol/events.ts";

export interface Observer {
  readonly tap: AudioTap;
  received(event: ServerEvent): void;
  sent(event: ClientEvent): void;
  noted(note: PlaybackNote): void;
  drawn(canvas: HTMLCanvasElement, channels: Float32Array, position: Position | null): void;
}
