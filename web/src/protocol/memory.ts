/** What the server remembers of the person, and the secret by which it knows them. */

import type { Language } from "./events.ts";
import { sendJson } from "./json.ts";

export interface KeptMessage {
  readonly role: "user" | "assistant";
  readonly text: string;
  readonly interrupted: boolean;
}

export interface KeptConversation {
  readonly id: string;
  readonly language: Language;
  readonly began_at: string;
  readonly updated_at: string;
  readonly messages: readonly KeptMessage[];
}

export interface PersonaMemory {
  readonly persona: string;
  readonly name: string;
  readonly facts: Readonly<Record<string, string>>;
  readonly conversations: readonly KeptConversation[];
}

export interface Memory {
  /** Whether the host lets people be remembered. */
  readonly enabled: boolean;
  readonly days: number;
  /** Since when this person agrees; null when they do not. */
  readonly agreed_at: string | null;
  readonly personas: readonly PersonaMemory[];
}

const HEADER = "x-visavis-person";
/** Stands before the secret where a WebSocket, which takes no headers, offers it beside `realtime`. */
const SUBPROTOCOL = "visavis-person.";
const BYTES = 32;

/** A secret that nobody can guess. */
export function newSecret(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(BYTES));
  return btoa(String.fromCharCode(...bytes))
    .replace(/\+/g, "-")
    .replace(/\//g, "_")
    .replace(/=/g, "");
}

/** What a WebSocket offers to speak: the secret is never part of an address. */
export function protocolsFor(secret: string | null): readonly string[] {
  return secret ? ["realtime", SUBPROTOCOL + secret] : [];
}

/** `base` is the address of the page, ending in a slash. Every call rejects with `Refusal` or `Unreachable`. */
export class MemoryApi {
  private readonly address: string;

  constructor(base: string) {
    this.address = `${base}api/v1/memory`;
  }

  see(secret: string | null): Promise<Memory> {
    return this.send("", "GET", secret);
  }

  agree(secret: string): Promise<Memory> {
    return this.send("/agreement", "PUT", secret);
  }

  revoke(secret: string): Promise<null> {
    return this.send("/agreement", "DELETE", secret);
  }

  forget(secret: string, conversation: string): Promise<null> {
    return this.send(`/${encodeURIComponent(conversation)}`, "DELETE", secret);
  }

  forgetAll(secret: string): Promise<null> {
    return this.send("", "DELETE", secret);
  }

  take(secret: string): Promise<unknown> {
    return this.send("/export", "GET", secret);
  }

  private send<T>(path: string, method: string, secret: string | null): Promise<T> {
    return sendJson<T>(this.address + path, { method, headers: secret ? { [HEADER]: secret } : {} });
  }
}
