/** The conversation as text, in the order it was said. */

import type { Item, Remembered } from "../protocol/events.ts";
import type { Said } from "./view.ts";

const KEPT = 200;

function textOf(item: Item): string {
  return (item.content ?? []).map((part) => part.text ?? part.transcript ?? "").join("");
}

function change(said: readonly Said[], id: string, role: Said["role"], edit: (one: Said) => Said): readonly Said[] {
  const index = said.findIndex((one) => one.id === id);
  const before = said[index] ?? { id, role, text: "", done: false, interrupted: false };
  const after = edit(before);
  if (index >= 0) return said.map((one, i) => (i === index ? after : one));
  return [...said, after].slice(-KEPT);
}

/** An item entered the conversation; what is already known of it stays. */
export function withItem(said: readonly Said[], item: Item): readonly Said[] {
  if (item.type !== "message" || (item.role !== "user" && item.role !== "assistant")) return said;
  const text = textOf(item);
  return change(said, item.id, item.role, (one) => (text ? { ...one, text } : one));
}

export function withUserText(said: readonly Said[], id: string, text: string): readonly Said[] {
  return change(said, id, "user", (one) => ({ ...one, text, done: true }));
}

export function withDelta(said: readonly Said[], id: string, delta: string): readonly Said[] {
  return change(said, id, "assistant", (one) => ({ ...one, text: one.text + delta }));
}

export function withAnswer(said: readonly Said[], id: string, text: string): readonly Said[] {
  return change(said, id, "assistant", (one) => ({ ...one, text: (text || one.text).trimEnd(), done: true }));
}

export function withInterruption(said: readonly Said[], id: string): readonly Said[] {
  return said.some((one) => one.id === id)
    ? change(said, id, "assistant", (one) => ({ ...one, interrupted: true, done: true }))
    : said;
}

/** What was said before, as a session that goes on with it tells; what the page knows itself stays. */
export function withHistory(said: readonly Said[], history: readonly Remembered[]): readonly Said[] {
  if (said.length > 0) return said;
  return history.flatMap(({ id, role, text, interrupted = false }) =>
    role === "user" || role === "assistant" ? [{ id, role, text, done: true, interrupted }] : [],
  );
}

/** Items that never got any words (a cough, a cancelled answer) are not shown. */
export function spoken(said: readonly Said[]): readonly Said[] {
  return said.filter((one) => one.text.trim() !== "");
}
