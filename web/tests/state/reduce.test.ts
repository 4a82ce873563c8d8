import { describe, expect, test } from "vitest";
import type { Citation, Course, ServerEvent } from "../../src/protocol/events.ts";
import type { Action } from "../../src/state/action.ts";
import { reduce } from "../../src/state/reduce.ts";
import { firstView, type View } from "../../src/state/view.ts";

const START = firstView("en", "auto", "hands-free");
const COURSE: Course = {
  id: "py", title: "Python", level: "beginner", level_label: "Beginner", hours: 10, topic: "python", blurb: "", why: "", url: "#",
}; // biome-ignore format: one line of data

const CITATION: Citation = {
  number: 1, passage: "p1", document: "d1", collection: "open", title: "Manual", page: 3, heading: "", text: "Five years.", start: 0, end: 11,
}; // biome-ignore format: one line of data

function play(log: readonly (Action | ServerEvent)[], from: View = START): View {
  return log.reduce((view, one) => reduce(view, "type" in one ? { kind: "server", event: one } : one), from);
}

const OPENING: readonly ServerEvent[] = [
  { type: "session.created", session: { id: "s1" } },
  {
    type: "visavis.session",
    session_id: "s1",
    resume_token: "t",
    persona: { id: "genevieve", name: "Genevieve" },
    engines: [{ kind: "stt", name: "whisper" }],
  },
];

const ANSWER: readonly ServerEvent[] = [
  { type: "response.created", response: { id: "r1" } },
  {
    type: "response.output_item.added",
    response_id: "r1",
    item: { id: "a1", type: "message", role: "assistant", content: [] },
  },
  { type: "response.output_audio_transcript.delta", item_id: "a1", delta: "Hello " },
  { type: "response.output_audio_transcript.delta", item_id: "a1", delta: "there." },
  { type: "visavis.speech.words", item_id: "a1", words: [{ text: "Hello", start_ms: 0, end_ms: 300 }] },
  { type: "visavis.speech.words", item_id: "a1", words: [{ text: "there", start_ms: 300, end_ms: 600 }] },
];

describe("a conversation as a log of events", () => {
  test("opening: who it is, and that the line is there", () => {
    const view = play(OPENING);
    expect(view.connection).toBe("open");
    expect(view.persona?.name).toBe("Genevieve");
    expect(view.sessionId).toBe("s1");
  });

  test("a spoken turn: partials are replaced, the transcript stays, the answer grows", () => {
    const listening = play([
      ...OPENING,
      { type: "input_audio_buffer.speech_started", item_id: "u1" },
      { type: "visavis.state", state: "listening" },
      { type: "visavis.transcript.partial", item_id: "u1", text: "I want" },
      { type: "visavis.transcript.partial", item_id: "u1", text: "I want to learn" },
    ]);
    expect(listening.partial).toBe("I want to learn");
    expect(listening.phase).toBe("listening");
    const answered = play(
      [
        {
          type: "conversation.item.input_audio_transcription.completed",
          item_id: "u1",
          transcript: "I want to learn Python.",
        },
        ...ANSWER,
      ],
      listening,
    );
    expect(answered.partial).toBe("");
    expect(answered.said.map(({ role, text }) => [role, text])).toEqual([
      ["user", "I want to learn Python."],
      ["assistant", "Hello there."],
    ]);
    expect(answered.caption?.words.map((word) => word.text)).toEqual(["Hello", "there"]);
  });

  test("an interruption leaves what was heard", () => {
    const view = play([
      ...OPENING,
      ...ANSWER,
      { type: "response.output_audio_transcript.done", item_id: "a1", transcript: "Hello" },
      { type: "conversation.item.truncated", item_id: "a1", audio_end_ms: 300 },
    ]);
    expect(view.said).toEqual([{ id: "a1", role: "assistant", text: "Hello", done: true, interrupted: true }]);
  });

  test("an item that the server takes back is gone", () => {
    const view = play([...ANSWER, { type: "conversation.item.deleted", item_id: "a1" }]);
    expect(view.said).toEqual([]);
  });

  test("courses open, can be put away, and come back with the next ones", () => {
    const shown = play([{ type: "visavis.recommendations", courses: [COURSE] }]);
    expect(shown.coursesOpen).toBe(true);
    const away = play([{ kind: "courses", open: false }], shown);
    expect([away.coursesOpen, away.courses.length]).toEqual([false, 1]);
    expect(play([{ type: "visavis.recommendations", courses: [COURSE] }], away).coursesOpen).toBe(true);
  });

  test("sources take the place of the courses, and go with the next answer", () => {
    const courses = play([{ type: "visavis.recommendations", courses: [COURSE] }]);
    const cited = play([{ type: "visavis.citations", item_id: "a1", citations: [CITATION] }], courses);
    expect([cited.citationsOpen, cited.coursesOpen, cited.courses.length]).toEqual([true, false, 1]);
    const opened = play([{ kind: "source", citation: CITATION }], cited);
    const next = play([{ type: "response.created", response: { id: "r2" } }], opened);
    expect([next.citations, next.citationsOpen, next.source]).toEqual([[], false, CITATION]);
    const back = play([{ kind: "courses", open: true }], cited);
    expect([back.citationsOpen, back.coursesOpen]).toEqual([false, true]);
    expect(play([{ kind: "citations", open: true }], back).coursesOpen).toBe(false);
  });

  test("a lost line keeps what was said and tells when it is tried again", () => {
    const view = play([...OPENING, ...ANSWER, { kind: "link", state: { kind: "lost", retryAt: 900 } }]);
    expect([view.connection, view.retryAt, view.said.length]).toEqual(["lost", 900, 1]);
    expect(play([{ kind: "link", state: { kind: "connecting" } }], view).connection).toBe("lost");
    expect(play(OPENING, view).connection).toBe("open");
  });

  test("the detected language turns the interface only when it is on auto", () => {
    expect(play([{ type: "visavis.language", language: "es" }]).language).toBe("es");
    const fixed = play([{ kind: "choice", choice: "zh", language: "zh" }]);
    expect(play([{ type: "visavis.language", language: "es" }], fixed).language).toBe("zh");
  });

  test("the page's own slips are not shown, failures of the engines are", () => {
    expect(play([{ type: "error", error: { code: "response.nothing_to_answer", message: "x" } }]).notice).toBeNull();
    expect(play([{ type: "error", error: { code: "stt.unavailable", message: "Down." } }]).notice?.message).toBe(
      "Down.",
    );
    expect(play([{ type: "visavis.notice", code: "tts.fallback", message: "m", severity: "info" }]).notice).toBeNull();
  });

  test("turned away, it stays away until asked again", () => {
    const view = play([{ type: "error", error: { code: "sessions.full", message: "Full." } }]);
    expect([view.refusal?.code, view.connection]).toEqual(["sessions.full", "waiting"]);
    expect(play([{ kind: "again" }], view).refusal).toBeNull();
  });

  test("only the last eight turns are kept, each once", () => {
    const turns = Array.from({ length: 12 }, (_, i) => ({ type: "visavis.turn.timings", turn_id: `t${i}` }) as const);
    const view = play([...turns, { type: "visavis.turn.timings", turn_id: "t11", first_audio: 800 }]);
    expect(view.turns).toHaveLength(8);
    expect(view.turns[0]).toMatchObject({ turn_id: "t11", first_audio: 800 });
  });

  test("another persona is another conversation", () => {
    const view = play([...OPENING, ...ANSWER, { kind: "persona", persona: { id: "open", name: "Iris" } }]);
    expect([view.persona?.name, view.said.length, view.sessionId, view.caption]).toEqual(["Iris", 0, null, null]);
  });

  test("an event of a newer server changes nothing", () => {
    expect(play([{ type: "visavis.weather" } as unknown as ServerEvent])).toBe(START);
  });
});
