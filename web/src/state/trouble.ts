/** The one thing, if any, that the person should know about right now, and what they can do. */

import type { MessageKey } from "../words/messages.ts";
import { brokenKinds } from "./engines.ts";
import type { View } from "./view.ts";

export type Remedy = "retry" | "allow-microphone" | "type" | "dismiss";

export interface Trouble {
  readonly kind: string;
  /** A sentence from the message file, or the server's own words. */
  readonly message:
    | { readonly key: MessageKey; readonly values?: Readonly<Record<string, string>> }
    | { readonly text: string };
  readonly remedy: { readonly action: Remedy; readonly label: MessageKey } | null;
}

const RETRY = { action: "retry", label: "retry" } as const;
const DISMISS = { action: "dismiss", label: "dismiss" } as const;

/** `secure`: the page may use a microphone at all; `supported`: the browser has what the page needs. */
export function troubleOf(
  view: View,
  browser: { readonly secure: boolean; readonly supported: boolean },
): Trouble | null {
  if (!browser.supported) return { kind: "unsupported", message: { key: "unsupported" }, remedy: null };
  return serverTrouble(view) ?? engineTrouble(view) ?? microphoneTrouble(view, browser.secure) ?? noticeTrouble(view);
}

function serverTrouble(view: View): Trouble | null {
  if (view.refusal?.code === "session.idle") {
    return { kind: "idle", message: { key: "idleEnded" }, remedy: { action: "retry", label: "goOn" } };
  }
  if (view.refusal) {
    const full = view.refusal.code === "sessions.full";
    return { kind: "refused", message: full ? { key: "tooMany" } : { text: view.refusal.message }, remedy: RETRY };
  }
  if (!view.reachable) return { kind: "gone", message: { key: "serverGone" }, remedy: RETRY };
  if (view.readiness?.status === "failed") {
    const { components, detail } = view.readiness;
    const reason = detail || components.find((one) => one.state === "failed")?.detail;
    const message = reason ? { text: reason } : ({ key: "failedToLoad" } as const);
    return { kind: "failed", message, remedy: RETRY };
  }
  if (view.queue) {
    const values = { position: String(view.queue.position) };
    return { kind: "queue", message: { key: "queued", values }, remedy: null };
  }
  if (view.turnPosition > 0) {
    const values = { position: String(view.turnPosition) };
    return { kind: "turn", message: { key: "turnWaits", values }, remedy: null };
  }
  if (view.connection === "lost") return { kind: "lost", message: { key: "reconnecting" }, remedy: RETRY };
  return null;
}

/** The parts that matter most come first; they are tried again without anyone's doing. */
const OUT = [
  ["llm", "outThinking"],
  ["stt", "outHearing"],
  ["tts", "outSpeaking"],
] as const;

function engineTrouble(view: View): Trouble | null {
  const broken = brokenKinds(view.engines);
  const known = OUT.find(([kind]) => broken.has(kind));
  const kind = known?.[0] ?? [...broken][0];
  if (kind === undefined) return null;
  const remedy = kind === "stt" ? ({ action: "type", label: "typeInstead" } as const) : null;
  return { kind: `engine-${kind}`, message: { key: known?.[1] ?? "outOther" }, remedy };
}

function microphoneTrouble(view: View, secure: boolean): Trouble | null {
  switch (view.microphone) {
    case "denied":
      return {
        kind: "denied",
        message: { key: secure ? "microphoneDenied" : "microphoneInsecure" },
        remedy: secure ? { action: "allow-microphone", label: "tryAgain" } : { action: "type", label: "typeInstead" },
      };
    case "missing":
      return {
        kind: "missing",
        message: { key: "microphoneMissing" },
        remedy: { action: "allow-microphone", label: "tryAgain" },
      };
    case "busy":
      return {
        kind: "busy",
        message: { key: "microphoneBusy" },
        remedy: { action: "allow-microphone", label: "tryAgain" },
      };
    case "unsupported":
      return {
        kind: "no-microphone-here",
        message: { key: secure ? "microphoneUnsupported" : "microphoneInsecure" },
        remedy: { action: "type", label: "typeInstead" },
      };
    default:
      return null;
  }
}

function noticeTrouble(view: View): Trouble | null {
  if (view.notice) return { kind: "notice", message: { text: view.notice.message }, remedy: DISMISS };
  return null;
}
