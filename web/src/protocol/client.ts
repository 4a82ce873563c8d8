/** One Realtime connection that comes back by itself, with the same session when the server still has it. */

import { backoffMs } from "./backoff.ts";
import { type ClientEvent, parseServerEvent, type ServerEvent } from "./events.ts";

export type LinkState =
  | { readonly kind: "connecting" }
  | { readonly kind: "open" }
  | { readonly kind: "lost"; readonly retryAt: number };

export interface ClientListener {
  onState(state: LinkState): void;
  onEvent(event: ServerEvent): void;
}

/** What a client takes from the browser. Times are milliseconds of one clock. */
export interface ClientHost {
  readonly openSocket: (url: string) => WebSocket;
  readonly now: () => number;
  readonly random: () => number;
  readonly setTimer: (run: () => void, ms: number) => number;
  readonly clearTimer: (id: number) => void;
}

interface ResumeTicket {
  readonly session: string;
  readonly token: string;
}

const OPEN = 1;
/** More than this waiting to be sent means the line is stuck: audio is then dropped, the rest is kept. */
const SEND_BUFFER_LIMIT = 1_000_000;
const STABLE_MS = 5000;
const OPEN_TIMEOUT_MS = 10_000;

export class RealtimeClient {
  private socket: WebSocket | null = null;
  private attempt = 0;
  private timer: number | null = null;
  private ticket: ResumeTicket | null = null;
  private openedAt = 0;
  private wanted = false;

  constructor(
    private readonly address: string,
    private persona: string | null,
    private readonly listener: ClientListener,
    private readonly host: ClientHost,
  ) {}

  get connected(): boolean {
    return this.socket?.readyState === OPEN;
  }

  /** Opens the connection, or tries at once when it is waiting to try again. */
  connect(): void {
    this.wanted = true;
    this.clearTimer();
    if (this.socket) return;
    this.listener.onState({ kind: "connecting" });
    const socket = this.host.openSocket(this.url());
    this.socket = socket;
    this.timer = this.host.setTimer(() => socket.close(), OPEN_TIMEOUT_MS);
    socket.onopen = () => {
      this.clearTimer();
      this.openedAt = this.host.now();
      this.listener.onState({ kind: "open" });
    };
    socket.onmessage = (message) => {
      const event = typeof message.data === "string" ? parseServerEvent(message.data) : null;
      if (!event) return;
      if (event.type === "visavis.session") this.ticket = { session: event.session_id, token: event.resume_token };
      this.listener.onEvent(event);
    };
    socket.onclose = () => {
      if (this.socket === socket) this.lost();
    };
  }

  /** Ends the connection; `connect` goes on with the same session. */
  close(): void {
    this.wanted = false;
    this.clearTimer();
    const socket = this.socket;
    this.socket = null;
    socket?.close();
  }

  /** Cuts the line, as a bad network would. */
  drop(): void {
    this.socket?.close();
  }

  /** Starts over with a fresh session, of another persona when one is given. */
  restart(persona: string | null = this.persona): void {
    this.close();
    this.persona = persona;
    this.ticket = null;
    this.attempt = 0;
    this.connect();
  }

  /** False when the event could not be sent; it is not kept for later. */
  send(event: ClientEvent): boolean {
    const socket = this.socket;
    if (!socket || socket.readyState !== OPEN) return false;
    if (event.type === "input_audio_buffer.append" && socket.bufferedAmount > SEND_BUFFER_LIMIT) return false;
    socket.send(JSON.stringify(event));
    return true;
  }

  private lost(): void {
    this.socket = null;
    this.clearTimer();
    if (!this.wanted) return;
    if (this.openedAt && this.host.now() - this.openedAt > STABLE_MS) this.attempt = 0;
    this.openedAt = 0;
    const wait = backoffMs(this.attempt, this.host.random());
    this.attempt += 1;
    this.timer = this.host.setTimer(() => this.connect(), wait);
    this.listener.onState({ kind: "lost", retryAt: this.host.now() + wait });
  }

  private clearTimer(): void {
    if (this.timer !== null) this.host.clearTimer(this.timer);
    this.timer = null;
  }

  private url(): string {
    const query = new URLSearchParams();
    if (this.persona) query.set("model", this.persona);
    if (this.ticket) {
      query.set("session", this.ticket.session);
      query.set("token", this.ticket.token);
    }
    return `${this.address}?${query}`;
  }
}
