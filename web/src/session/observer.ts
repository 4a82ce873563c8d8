/** Watches a live session from outside: only a test page has one. */

import type { PlaybackNote } from "../audio/playback-queue.ts";
import type { AudioTap } from "../audio/player.ts";
import type { Position } from "../audio/playout-clock.ts";
import type { ClientEvent, ServerEvent } from "../protocol/events.ts";

/** What an observer may do to the session. */
export interface Strings {
  /** Cuts the line, as a bad network would. */
  dropLine(): void;
  /** Takes an event as if the server had sent it. */
  receive(event: ServerEvent): void;
}

export interface Observer {
  attach(strings: Strings): void;
  readonly tap: AudioTap;
  received(event: ServerEvent): void;
  sent(event: ClientEvent): void;
  noted(note: PlaybackNote): void;
  drawn(canvas: HTMLCanvasElement, channels: Float32Array, position: Position | null): void;
}
