import { beforeEach, expect, test } from "vitest";
import type { Position } from "../../src/audio/playout-clock.ts";
import { bytesFromInt16, encodeBase64 } from "../../src/protocol/base64.ts";
import type { ClientEvent } from "../../src/protocol/events.ts";
import { Voice } from "../../src/session/voice.ts";

let calls: string[];
let sent: ClientEvent[];
let sounding: boolean[];
let ticks: (() => void)[];
let position: Position | null;
let voice: Voice;

const DELTA = encodeBase64(bytesFromInt16(new Int16Array(2400)));

function speak(response: string, item: string): void {
  voice.take({ type: "response.created", response: { id: response } });
  voice.take({ type: "response.output_audio.delta", response_id: response, item_id: item, delta: DELTA });
}

beforeEach(() => {
  calls = [];
  sent = [];
  sounding = [];
  ticks = [];
  position = null;
  voice = new Voice(
    {
      push: (item, samples) => calls.push(`push ${item} ${samples.length}`),
      finish: (item) => calls.push(`finish ${item}`),
      flush: () => calls.push("flush"),
      pause: () => calls.push("pause"),
      resume: () => calls.push("resume"),
      position: () => position,
    },
    {
      send: (event) => sent.push(event),
      onSounding: (now) => sounding.push(now),
      setInterval: (run) => ticks.push(run),
      clearInterval: () => ticks.splice(0),
    },
  );
});

test("audio goes to the player, and what was heard is reported at start, on the way and at the end", () => {
  speak("r1", "a1");
  voice.take({ type: "response.output_audio.done", response_id: "r1", item_id: "a1" });
  expect(calls).toEqual(["push a1 2400", "finish a1"]);
  voice.noted({ kind: "start", itemId: "a1", sample: 0, frame: 0 });
  position = { itemId: "a1", ms: 60.4, playing: true };
  for (const tick of ticks) tick();
  voice.noted({ kind: "stop", itemId: "a1", sample: 2400, frame: 2400, reason: "ended" });
  expect(sent).toEqual([
    { type: "visavis.playback", item_id: "a1", audio_end_ms: 0, playing: true },
    { type: "visavis.playback", item_id: "a1", audio_end_ms: 60, playing: true },
    { type: "visavis.playback", item_id: "a1", audio_end_ms: 100, playing: false },
  ]);
  expect(sounding).toEqual([true, false]);
  expect(ticks).toEqual([]);
});

test("cutting in silences her at once, cancels the answer, and says what was heard", () => {
  speak("r1", "a1");
  expect(voice.interrupt()).toBe(true);
  expect(calls.at(-1)).toBe("flush");
  voice.noted({ kind: "stop", itemId: "a1", sample: 1200, frame: 1200, reason: "flushed" });
  expect(sent).toContainEqual({ type: "response.cancel", response_id: "r1" });
  expect(sent).toContainEqual({
    type: "conversation.item.truncate",
    item_id: "a1",
    content_index: 0,
    audio_end_ms: 50,
  });
  voice.take({ type: "response.output_audio.delta", response_id: "r1", item_id: "a1", delta: DELTA });
  expect(calls.filter((call) => call.startsWith("push"))).toHaveLength(1);
  expect(voice.wants("r1")).toBe(false);
});

test("when all was sent but not all heard, cutting in needs no cancel", () => {
  speak("r1", "a1");
  voice.take({ type: "response.done", response: { id: "r1", status: "completed" } });
  expect(voice.interrupt()).toBe(true);
  expect(sent.some((event) => event.type === "response.cancel")).toBe(false);
});

test("with nothing to stop, there is nothing to interrupt", () => {
  expect(voice.interrupt()).toBe(false);
});

test.each([
  { type: "input_audio_buffer.speech_started", item_id: "u" } as const,
  { type: "output_audio_buffer.cleared", response_id: "r1" } as const,
  { type: "response.done", response: { id: "r1", status: "cancelled" } } as const,
])("the server's $type silences her", (event) => {
  speak("r1", "a1");
  voice.take(event);
  expect(calls.at(-1)).toBe("flush");
});

test("a pause holds her place until the server goes on", () => {
  speak("r1", "a1");
  voice.take({ type: "visavis.state", state: "paused" });
  voice.take({ type: "input_audio_buffer.speech_started", item_id: "u" });
  voice.take({ type: "visavis.state", state: "speaking" });
  expect(calls.slice(1)).toEqual(["pause", "resume"]);
});
