/** What an event of the server changes in the view. */

import type { ServerEvent } from "../protocol/events.ts";
import { isOver } from "./engines.ts";
import { withAnswer, withDelta, withHistory, withInterruption, withItem, withUserText } from "./said.ts";
import type { View } from "./view.ts";

const TURNS_KEPT = 8;

/** Codes after which the connection is over and is not tried again by itself. */
const REFUSALS = new Set([
  "sessions.full",
  "origin.refused",
  "host.refused",
  "session.idle",
  "access.missing",
  "access.expired",
  "access.wrong",
  "rate.limited",
  "rate.quota",
  "rate.busy",
]);

/** Parts whose failures the person should know about; the rest are slips between page and server. */
const SHOWN = /^(vad|turn_detector|stt|llm|tts|embedder|engine|weights|server|persona|internal)(\.|$)/;

export function isRefusal(code: string | null | undefined): boolean {
  return REFUSALS.has(code ?? "");
}

/** The session that the page wanted to go on with is gone. */
export function isLostSession(code: string | null | undefined): boolean {
  return code === "session.unknown";
}

export function reduceServer(view: View, event: ServerEvent): View {
  switch (event.type) {
    case "session.created":
      return { ...view, connection: "open", queue: null, turnPosition: 0, refusal: null, reachable: true };
    case "visavis.session":
      return {
        ...view,
        sessionId: event.session_id,
        persona: { ...view.persona, ...event.persona },
        engines: event.engines ?? [],
        said: withHistory(view.said, event.history ?? []),
      };
    case "visavis.engines":
      return {
        ...view,
        engines: event.engines,
        notice: view.notice && isOver(view.notice.code, event.engines) ? null : view.notice,
      };
    case "visavis.queue":
      return { ...view, queue: { position: event.position, length: event.length ?? event.position } };
    case "visavis.state":
      return { ...view, phase: event.state, turnPosition: event.state === "thinking" ? view.turnPosition : 0 };
    case "visavis.turn.waiting":
      return { ...view, turnPosition: event.position };
    case "visavis.transcript.partial":
      return { ...view, partial: event.text };
    case "input_audio_buffer.speech_started":
      return { ...view, partial: "" };
    case "conversation.item.input_audio_transcription.completed":
      return { ...view, partial: "", said: withUserText(view.said, event.item_id, event.transcript) };
    case "conversation.item.input_audio_transcription.failed":
      return { ...view, partial: "" };
    case "conversation.item.added":
    case "conversation.item.done":
      return { ...view, said: withItem(view.said, event.item) };
    case "conversation.item.deleted":
      return { ...view, said: view.said.filter((one) => one.id !== event.item_id) };
    case "response.output_item.added":
      return { ...view, said: withItem(view.said, event.item), caption: { itemId: event.item.id, words: [] } };
    case "response.output_audio_transcript.delta":
      return { ...view, said: withDelta(view.said, event.item_id, event.delta) };
    case "response.output_text.delta": {
      const caption = { itemId: event.item_id, words: [], written: true };
      return { ...view, said: withDelta(view.said, event.item_id, event.delta), caption };
    }
    case "response.output_audio_transcript.done":
      return { ...view, said: withAnswer(view.said, event.item_id, event.transcript) };
    case "response.output_text.done":
      return { ...view, said: withAnswer(view.said, event.item_id, event.text) };
    case "conversation.item.truncated":
      return { ...view, said: withInterruption(view.said, event.item_id) };
    case "visavis.speech.words": {
      const before = view.caption?.itemId === event.item_id ? view.caption.words : [];
      return { ...view, caption: { itemId: event.item_id, words: [...before, ...event.words] } };
    }
    case "response.done": {
      const failed = event.response.status === "failed" ? event.response.status_details?.error : null;
      const notice = failed ? { code: failed.code ?? "response.failed", message: failed.message } : view.notice;
      return { ...view, notice };
    }
    case "visavis.profile":
      return { ...view, profile: { goal: event.goal, level: event.level, career: event.career } };
    case "visavis.recommendations":
      return { ...view, courses: event.courses, coursesOpen: event.courses.length > 0, citationsOpen: false };
    case "visavis.citations": {
      const open = event.citations.length > 0;
      return { ...view, citations: event.citations, citationsOpen: open, coursesOpen: view.coursesOpen && !open };
    }
    case "response.created":
      return view.citations.length > 0 ? { ...view, citations: [], citationsOpen: false } : view;
    case "visavis.language":
      return view.choice === "auto" ? { ...view, language: event.language } : view;
    case "visavis.turn.timings": {
      const others = view.turns.filter((turn) => turn.turn_id !== event.turn_id);
      return { ...view, turns: [event, ...others].slice(0, TURNS_KEPT) };
    }
    case "visavis.notice":
      if (isRefusal(event.code)) return { ...view, refusal: event, connection: "waiting" };
      return (event.severity ?? "info") === "info"
        ? view
        : { ...view, notice: { code: event.code, message: event.message } };
    case "error": {
      const { code, message } = event.error;
      if (isRefusal(code)) return { ...view, refusal: event.error, queue: null, connection: "waiting" };
      return SHOWN.test(code ?? "") ? { ...view, notice: { code: code ?? "", message } } : view;
    }
    default:
      return view;
  }
}
