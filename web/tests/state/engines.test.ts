import { expect, test } from "vitest";
import type { Engine } from "../../src/protocol/events.ts";
import { brokenKinds, isOver } from "../../src/state/engines.ts";
import { reduceServer } from "../../src/state/reduce-server.ts";
import { troubleOf } from "../../src/state/trouble.ts";
import { firstView, type View } from "../../src/state/view.ts";

const BROWSER = { secure: true, supported: true };
const WELL: View = { ...firstView("en", "auto", "hands-free"), connection: "open" };

function engine(kind: string, state: string, name = "openai"): Engine {
  return { kind, name, state };
}

function told(view: View, ...engines: readonly Engine[]): View {
  return reduceServer(view, { type: "visavis.engines", engines });
}

test("a part is broken when none of its engines works", () => {
  expect([...brokenKinds([engine("stt", "failed"), engine("llm", "ready")])]).toEqual(["stt"]);
  expect([...brokenKinds([engine("tts", "failed"), engine("tts", "ready", "piper")])]).toEqual([]);
  expect([...brokenKinds([engine("tts", "failed"), engine("tts", "failed", "piper")])]).toEqual(["tts"]);
  expect([...brokenKinds([engine("llm", "loading"), engine("stt", "waiting")])]).toEqual([]);
});

test("each part that is away has its own sentence, and the page goes on", () => {
  const messages = ["llm", "stt", "tts", "embedder"].map((kind) => {
    const trouble = troubleOf(told(WELL, engine(kind, "failed")), BROWSER);
    expect(trouble?.kind).toBe(`engine-${kind}`);
    return trouble?.message;
  });
  expect(new Set(messages.map((one) => JSON.stringify(one))).size).toBe(4);
});

test("who cannot be heard may type", () => {
  expect(troubleOf(told(WELL, engine("stt", "failed")), BROWSER)?.remedy?.action).toBe("type");
});

test("the sentence goes when the part is back, and so does what was said about it", () => {
  const away = { ...told(WELL, engine("stt", "failed")), notice: { code: "stt.unavailable", message: "m" } };
  expect(troubleOf(away, BROWSER)?.kind).toBe("engine-stt");
  expect(troubleOf(told(away, engine("stt", "ready")), BROWSER)).toBeNull();
});

test("what she writes while she has no voice is shown, and what she says later takes its place", () => {
  const written = reduceServer(WELL, { type: "response.output_text.delta", item_id: "a", delta: "Hello." });
  expect(written.caption).toEqual({ itemId: "a", words: [], written: true });
  const item = { id: "b", type: "message", role: "assistant" } as const;
  const said = reduceServer(written, { type: "response.output_item.added", response_id: "r", item });
  expect(said.caption?.written).toBeUndefined();
});

test("a notice about something else stays", () => {
  expect(isOver("tts.fallback", [engine("tts", "failed")])).toBe(false);
  expect(isOver("session.idle", [engine("stt", "ready")])).toBe(false);
  expect(isOver("llm.timeout", [engine("llm", "ready")])).toBe(true);
});

test("a server that is gone counts more than one of its parts", () => {
  expect(troubleOf({ ...told(WELL, engine("stt", "failed")), reachable: false }, BROWSER)?.kind).toBe("gone");
});
