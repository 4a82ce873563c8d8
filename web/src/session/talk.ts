/** The person's voice: hands-free, or while a button is held. */

import { Microphone, MicrophoneError, type MicrophoneListener } from "../audio/microphone.ts";
import { PACKET_MS } from "../audio/packets.ts";
import { int16FromFloat } from "../audio/pcm.ts";
import { QuietJoiner } from "../audio/quiet-joiner.ts";
import { bytesFromInt16, encodeBase64 } from "../protocol/base64.ts";
import type { ClientEvent, TurnDetection } from "../protocol/events.ts";
import type { MicrophoneState, TalkMode } from "../state/view.ts";

/** Packets that are sent from before the button went down: a quarter of a second. */
const PREROLL_PACKETS = Math.round(250 / PACKET_MS);
/** A held microphone is let go after this long without use. */
const RELEASE_MS = 30_000;
/** Less than this is a slip of the finger. */
const SHORTEST_PACKETS = Math.ceil(200 / PACKET_MS);

const HANDS_FREE: TurnDetection = { type: "semantic_vad", create_response: true, interrupt_response: true };

export interface TalkHost {
  readonly send: (event: ClientEvent) => boolean;
  readonly interrupt: () => void;
  readonly onMicrophone: (state: MicrophoneState) => void;
  readonly onHolding: (holding: boolean) => void;
  readonly open: (listener: MicrophoneListener) => Promise<Pick<Microphone, "close">>;
}

export const microphoneHost: TalkHost["open"] = (listener) => Microphone.open(listener);

export class Talk {
  /** Loudness of the microphone for the meter, 0 to 1; 0 when nothing is sent. */
  level = 0;
  private microphone: Pick<Microphone, "close"> | null = null;
  private opening = false;
  private holding = false;
  private sent = 0;
  private readonly preroll: Float32Array[] = [];
  private readonly joiner = new QuietJoiner();
  private releaseTimer: ReturnType<typeof setTimeout> | null = null;

  constructor(
    private mode: TalkMode,
    private readonly host: TalkHost,
  ) {}

  /** What the session should be told about turns right now. */
  get turnDetection(): TurnDetection | null {
    return this.mode === "hands-free" && !this.holding ? HANDS_FREE : null;
  }

  setMode(mode: TalkMode): void {
    if (mode === this.mode) return;
    this.cancel();
    this.close();
    this.mode = mode;
    this.configure();
  }

  /** Hands-free: the microphone on or off. */
  async toggle(): Promise<void> {
    if (this.microphone || this.opening) this.close();
    else await this.open();
  }

  /** Push to talk begins: she falls silent, and everything from here on is sent. */
  async press(): Promise<void> {
    if (this.holding) return;
    this.holding = true;
    this.sent = 0;
    this.joiner.clear();
    if (this.releaseTimer !== null) clearTimeout(this.releaseTimer);
    this.host.interrupt();
    this.host.onHolding(true);
    if (this.mode === "hands-free") this.configure();
    this.host.send({ type: "input_audio_buffer.clear" });
    for (const packet of this.preroll.splice(0)) this.sendPacket(packet);
    if (!this.microphone) await this.open();
  }

  /** Push to talk ends: what was said is a message, and she answers. */
  release(): void {
    if (!this.holding) return;
    const enough = this.sent >= SHORTEST_PACKETS;
    if (enough) {
      this.host.send({ type: "input_audio_buffer.commit" });
      this.host.send({ type: "response.create" });
    }
    this.letGo(!enough);
  }

  /** Push to talk ends and nothing is sent. */
  cancel(): void {
    if (this.holding) this.letGo(true);
  }

  close(): void {
    this.opening = false;
    this.microphone?.close();
    this.microphone = null;
    this.level = 0;
    this.joiner.clear();
    this.preroll.length = 0;
    this.host.onMicrophone("off");
  }

  private letGo(discard: boolean): void {
    this.holding = false;
    this.level = 0;
    if (discard) this.host.send({ type: "input_audio_buffer.clear" });
    if (this.mode === "hands-free") this.configure();
    else this.releaseTimer = setTimeout(() => this.close(), RELEASE_MS);
    this.host.onHolding(false);
  }

  private async open(): Promise<void> {
    if (this.opening) return;
    this.opening = true;
    this.host.onMicrophone("asking");
    try {
      const microphone = await this.host.open({
        onPacket: (samples, level) => this.hear(samples, level),
        onEnded: () => this.close(),
      });
      if (!this.opening) {
        microphone.close();
        return;
      }
      this.microphone = microphone;
      this.host.onMicrophone("on");
    } catch (error) {
      if (this.holding) this.letGo(true);
      this.host.onMicrophone(error instanceof MicrophoneError ? error.problem : "unsupported");
    } finally {
      this.opening = false;
    }
  }

  private hear(samples: Float32Array, level: number): void {
    if (!this.microphone) return;
    if (this.mode === "hands-free" || this.holding) {
      this.level = level;
      const due = this.holding ? samples : this.joiner.push(samples, level);
      if (due) this.sendPacket(due);
      return;
    }
    this.preroll.push(samples);
    if (this.preroll.length > PREROLL_PACKETS) this.preroll.shift();
  }

  private sendPacket(samples: Float32Array): void {
    this.sent += 1;
    this.host.send({ type: "input_audio_buffer.append", audio: encodeBase64(bytesFromInt16(int16FromFloat(samples))) });
  }

  private configure(): void {
    const input = { turn_detection: this.turnDetection };
    this.host.send({ type: "session.update", session: { type: "realtime", audio: { input } } });
  }
}
