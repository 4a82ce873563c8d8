/** The events of `/v1/realtime`: OpenAI's names, and `visavis.*` for what a face needs besides. */

export type Language = "en" | "zh" | "es";
export type LanguageChoice = Language | "auto";
export type Phase = "idle" | "listening" | "thinking" | "speaking" | "paused";

export interface TurnDetection {
  readonly type: "semantic_vad" | "server_vad";
  readonly create_response?: boolean;
  readonly interrupt_response?: boolean;
}

export interface SessionSettings {
  readonly type: "realtime";
  readonly audio?: {
    readonly input?: {
      readonly format?: { readonly type: "audio/pcm"; readonly rate: 24000 };
      readonly turn_detection?: TurnDetection | null;
    };
    readonly output?: { readonly format?: { readonly type: "audio/pcm"; readonly rate: 24000 } };
  };
  readonly visavis?: {
    readonly motion?: boolean;
    readonly language?: LanguageChoice;
    readonly partials?: boolean;
  };
}

export type ClientEvent =
  | { readonly type: "session.update"; readonly session: SessionSettings }
  | { readonly type: "input_audio_buffer.append"; readonly audio: string }
  | { readonly type: "input_audio_buffer.commit" }
  | { readonly type: "input_audio_buffer.clear" }
  | { readonly type: "conversation.item.create"; readonly item: TextItem }
  | {
      readonly type: "conversation.item.truncate";
      readonly item_id: string;
      readonly content_index: 0;
      readonly audio_end_ms: number;
    }
  | { readonly type: "response.create" }
  | { readonly type: "response.cancel"; readonly response_id?: string }
  | {
      readonly type: "visavis.playback";
      readonly item_id: string;
      readonly audio_end_ms: number;
      readonly playing: boolean;
    };

/** A message as text: what the person typed, or what was said before a lost session. */
export interface TextItem {
  readonly id?: string;
  readonly type: "message";
  readonly role: "user" | "assistant";
  readonly content: readonly { readonly type: "input_text" | "output_text"; readonly text: string }[];
}

export interface Item {
  readonly id: string;
  readonly type: string;
  readonly role?: "user" | "assistant" | "system";
  readonly content?: readonly { readonly type: string; readonly text?: string; readonly transcript?: string }[];
}

export interface Persona {
  readonly id: string;
  readonly name: string;
  readonly accent?: string;
  readonly languages?: readonly Language[];
  readonly greeting?: Partial<Record<Language, string>>;
  readonly avatar?: string;
  readonly role?: Partial<Record<Language, string>>;
  /** The collections of documents that it answers from. */
  readonly knowledge?: readonly string[];
}

/** A message that the server knows from before. */
export interface Remembered {
  readonly id: string;
  readonly role: string;
  readonly text: string;
  readonly interrupted?: boolean;
}

export interface Engine {
  readonly kind: string;
  readonly name: string;
  readonly model?: string;
  readonly state?: string;
  /** Why it failed, in a sentence. */
  readonly detail?: string;
}

export interface Word {
  readonly text: string;
  readonly start_ms: number;
  readonly end_ms: number;
}

export interface MotionFormat {
  readonly fps: number;
  readonly channels: readonly string[];
  readonly ranges: readonly number[];
}

export interface Course {
  readonly id: string;
  readonly title: string;
  readonly level: string;
  readonly level_label: string;
  readonly hours: number;
  readonly topic: string;
  readonly blurb: string;
  readonly why: string;
  readonly url: string;
}

/** A passage that an answer rests on; `start` and `end` count characters of the document's text. */
export interface Citation {
  readonly number: number;
  readonly passage: string;
  readonly document: string;
  readonly collection: string;
  readonly title: string;
  readonly page: number | null;
  readonly heading: string;
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

export interface Fact {
  readonly value: string;
  readonly label: string;
}

export interface Profile {
  readonly goal: Fact | null;
  readonly level: Fact | null;
  readonly career: Fact | null;
}

/** Milliseconds from the last voiced sample; what was not measured is null or missing. */
export type TurnTimings = { readonly turn_id: string; readonly response_id?: string } & {
  readonly [name: string]: number | string | null | undefined;
};

export interface ServerError {
  readonly code?: string | null;
  readonly message: string;
  readonly type?: string;
}

export type ServerEvent =
  | { readonly type: "session.created"; readonly session: { readonly id?: string } }
  | { readonly type: "session.updated" }
  | { readonly type: "error"; readonly error: ServerError }
  | { readonly type: "input_audio_buffer.speech_started"; readonly item_id: string }
  | { readonly type: "input_audio_buffer.speech_stopped"; readonly item_id: string }
  | { readonly type: "input_audio_buffer.committed"; readonly item_id: string }
  | { readonly type: "conversation.item.added" | "conversation.item.done"; readonly item: Item }
  | {
      readonly type: "conversation.item.input_audio_transcription.completed";
      readonly item_id: string;
      readonly transcript: string;
    }
  | { readonly type: "conversation.item.input_audio_transcription.failed"; readonly item_id: string }
  | { readonly type: "conversation.item.deleted"; readonly item_id: string }
  | { readonly type: "conversation.item.truncated"; readonly item_id: string; readonly audio_end_ms: number }
  | { readonly type: "output_audio_buffer.cleared"; readonly response_id: string }
  | { readonly type: "response.created"; readonly response: { readonly id: string } }
  | { readonly type: "response.output_item.added"; readonly response_id: string; readonly item: Item }
  | {
      readonly type: "response.output_audio.delta";
      readonly response_id: string;
      readonly item_id: string;
      readonly delta: string;
    }
  | { readonly type: "response.output_audio.done"; readonly response_id: string; readonly item_id: string }
  | {
      readonly type: "response.output_audio_transcript.delta" | "response.output_text.delta";
      readonly item_id: string;
      readonly delta: string;
    }
  | { readonly type: "response.output_audio_transcript.done"; readonly item_id: string; readonly transcript: string }
  | { readonly type: "response.output_text.done"; readonly item_id: string; readonly text: string }
  | {
      readonly type: "response.done";
      readonly response: {
        readonly id: string;
        readonly status: string;
        readonly output?: readonly Item[];
        readonly status_details?: { readonly error?: ServerError | null } | null;
      };
    }
  | {
      readonly type: "visavis.session";
      readonly session_id: string;
      readonly resume_token: string;
      readonly persona: Persona;
      readonly engines?: readonly Engine[];
      readonly history?: readonly Remembered[];
    }
  | ({ readonly type: "visavis.motion.format" } & MotionFormat)
  | {
      readonly type: "visavis.motion.delta";
      readonly layer: "speech";
      readonly response_id: string;
      readonly item_id: string;
      readonly start_ms: number;
      readonly frames: string;
    }
  | {
      readonly type: "visavis.motion.delta";
      readonly layer: "ambient";
      readonly start_ms: number;
      readonly frames: string;
    }
  | { readonly type: "visavis.state"; readonly state: Phase; readonly response_id?: string | null }
  | { readonly type: "visavis.transcript.partial"; readonly item_id: string; readonly text: string }
  | { readonly type: "visavis.speech.words"; readonly item_id: string; readonly words: readonly Word[] }
  | ({ readonly type: "visavis.profile" } & Profile)
  | { readonly type: "visavis.recommendations"; readonly courses: readonly Course[] }
  | { readonly type: "visavis.citations"; readonly item_id?: string; readonly citations: readonly Citation[] }
  | { readonly type: "visavis.language"; readonly language: Language }
  | { readonly type: "visavis.turn.waiting"; readonly position: number; readonly length: number }
  | ({ readonly type: "visavis.turn.timings" } & TurnTimings)
  | { readonly type: "visavis.engines"; readonly engines: readonly Engine[] }
  | { readonly type: "visavis.queue"; readonly position: number; readonly length?: number; readonly message?: string }
  | {
      readonly type: "visavis.notice";
      readonly code: string;
      readonly message: string;
      readonly severity?: "info" | "warning" | "error";
    };

/** An event of a type this page does not know is null: a newer server loses nothing by it. */
export function parseServerEvent(text: string): ServerEvent | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  if (typeof value !== "object" || value === null || typeof (value as { type?: unknown }).type !== "string")
    return null;
  return value as ServerEvent;
}
