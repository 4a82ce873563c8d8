/** Her voice and its mouth: takes the response's audio and motion, reports what was heard, cuts her off. */

import { floatFromInt16, SAMPLE_RATE } from "../audio/pcm.ts";
import type { PlaybackNote } from "../audio/playback-queue.ts";
import type { Player } from "../audio/player.ts";
import { decodeBase64, int16FromBytes } from "../protocol/base64.ts";
import type { ClientEvent, ServerEvent } from "../protocol/events.ts";

const REPORT_MS = 200;

export interface VoiceHost {
  readonly send: (event: ClientEvent) => void;
  readonly onSounding: (sounding: boolean) => void;
  readonly setInterval: (run: () => void, ms: number) => number;
  readonly clearInterval: (id: number) => void;
}

export class Voice {
  private responseId: string | null = null;
  private readonly cut = new Set<string>();
  private readonly unheard = new Set<string>();
  private held = false;
  private reporter: number | null = null;

  constructor(
    private readonly player: Pick<Player, "push" | "finish" | "flush" | "pause" | "resume" | "position">,
    private readonly host: VoiceHost,
  ) {}

  /** Whether a response is under way or still to be heard. */
  get busy(): boolean {
    return this.responseId !== null || this.unheard.size > 0;
  }

  /** False for what belongs to a response that was cut off. */
  wants(responseId: string): boolean {
    return !this.cut.has(responseId);
  }

  take(event: ServerEvent): void {
    switch (event.type) {
      case "response.created":
        this.responseId = event.response.id;
        return;
      case "response.output_audio.delta":
        if (!this.wants(event.response_id)) return;
        this.unheard.add(event.item_id);
        this.player.push(event.item_id, floatFromInt16(int16FromBytes(decodeBase64(event.delta))));
        return;
      case "response.output_audio.done":
        if (this.wants(event.response_id)) this.player.finish(event.item_id);
        return;
      case "response.done":
        if (event.response.status === "cancelled") this.drop(event.response.id);
        if (this.responseId === event.response.id) this.responseId = null;
        return;
      case "output_audio_buffer.cleared":
        this.drop(event.response_id);
        return;
      case "input_audio_buffer.speech_started":
        if (!this.held && this.busy) this.drop(this.responseId);
        return;
      case "visavis.state":
        this.hold(event.state === "paused");
        return;
      default:
        return;
    }
  }

  /** What the player did: reports go out at every start and stop, and while she is heard. */
  noted(note: PlaybackNote): void {
    if (note.kind === "start") {
      this.report(note.itemId, note.sample, true);
      this.reporter ??= this.host.setInterval(() => this.reportNow(), REPORT_MS);
      this.host.onSounding(true);
      return;
    }
    if (this.reporter !== null) this.host.clearInterval(this.reporter);
    this.reporter = null;
    if (note.reason === "ended" || note.reason === "flushed") this.unheard.delete(note.itemId);
    this.report(note.itemId, note.sample, false);
    if (note.reason === "flushed") {
      const heard = Math.floor((note.sample / SAMPLE_RATE) * 1000);
      this.host.send({
        type: "conversation.item.truncate",
        item_id: note.itemId,
        content_index: 0,
        audio_end_ms: heard,
      });
    }
    if (note.reason !== "paused") this.host.onSounding(false);
  }

  /** The person cuts in, by hand: silence at once, and the server stops too. False when there was nothing to stop. */
  interrupt(): boolean {
    if (!this.busy) return false;
    if (this.responseId !== null) this.host.send({ type: "response.cancel", response_id: this.responseId });
    this.drop(this.responseId);
    return true;
  }

  /** The connection or the conversation is over; what was not heard is forgotten. */
  reset(): void {
    this.drop(this.responseId);
    this.responseId = null;
  }

  private drop(responseId: string | null): void {
    if (responseId !== null) this.cut.add(responseId);
    this.unheard.clear();
    this.held = false;
    this.player.flush();
  }

  private hold(held: boolean): void {
    if (held === this.held) return;
    this.held = held;
    if (held) this.player.pause();
    else this.player.resume();
  }

  private reportNow(): void {
    const position = this.player.position();
    if (position?.playing) this.report(position.itemId, (position.ms / 1000) * SAMPLE_RATE, true);
  }

  private report(itemId: string, sample: number, playing: boolean): void {
    const heard = Math.max(0, Math.floor((sample / SAMPLE_RATE) * 1000));
    this.host.send({ type: "visavis.playback", item_id: itemId, audio_end_ms: heard, playing });
  }
}
