/** Everything the page shows, as one immutable value. */

import type { MicrophoneProblem } from "../audio/microphone.ts";
import type {
  Citation,
  Course,
  Engine,
  Language,
  LanguageChoice,
  Persona,
  Phase,
  Profile,
  ServerError,
  TurnTimings,
  Word,
} from "../protocol/events.ts";
import type { Readiness } from "../protocol/http.ts";

export type Connection = "waiting" | "connecting" | "open" | "lost";
export type TalkMode = "hands-free" | "push";
export type MicrophoneState = "off" | "asking" | "on" | MicrophoneProblem;
export type SidePanel = "none" | "conversation" | "details";

export interface Said {
  readonly id: string;
  readonly role: "user" | "assistant";
  readonly text: string;
  readonly done: boolean;
  readonly interrupted: boolean;
}

export interface Caption {
  readonly itemId: string;
  readonly words: readonly Word[];
  /** She has no voice now, and writes: all there is of the text is shown. */
  readonly written?: boolean;
}

export interface Notice {
  readonly code: string;
  readonly message: string;
}

export interface View {
  /** What /readyz said last; null before its first answer. */
  readonly readiness: Readiness | null;
  /** Whether the last request to the server got an answer. */
  readonly reachable: boolean;
  readonly connection: Connection;
  /** When the next attempt to connect is due, by the page's clock in ms. */
  readonly retryAt: number;
  readonly queue: { readonly position: number; readonly length: number } | null;
  /** Where the turn of the person stands in the line behind others; 0 when it waits for nobody. */
  readonly turnPosition: number;
  /** Why the server turned the page away; it is not tried again by itself. */
  readonly refusal: ServerError | null;
  readonly sessionId: string | null;
  readonly persona: Persona | null;
  readonly personas: readonly Persona[];
  readonly engines: readonly Engine[];
  /** Whether the person has made the gesture that lets the page sound. */
  readonly met: boolean;
  readonly phase: Phase;
  /** Whether audio of hers can be heard right now. */
  readonly sounding: boolean;
  readonly microphone: MicrophoneState;
  readonly mode: TalkMode;
  /** Push to talk: the button or the space bar is down. */
  readonly holding: boolean;
  readonly choice: LanguageChoice;
  /** The language of the interface. */
  readonly language: Language;
  readonly partial: string;
  readonly said: readonly Said[];
  readonly caption: Caption | null;
  readonly profile: Profile | null;
  readonly courses: readonly Course[];
  readonly coursesOpen: boolean;
  /** Where the last answer comes from. */
  readonly citations: readonly Citation[];
  readonly citationsOpen: boolean;
  /** The one whose place in its document is shown. */
  readonly source: Citation | null;
  readonly turns: readonly TurnTimings[];
  readonly notice: Notice | null;
  /** The face is a still picture, because this browser cannot draw it in motion. */
  readonly still: boolean;
  readonly panel: SidePanel;
}

export function firstView(language: Language, choice: LanguageChoice, mode: TalkMode): View {
  return {
    readiness: null,
    reachable: true,
    connection: "waiting",
    retryAt: 0,
    queue: null,
    turnPosition: 0,
    refusal: null,
    sessionId: null,
    persona: null,
    personas: [],
    engines: [],
    met: false,
    phase: "idle",
    sounding: false,
    microphone: "off",
    mode,
    holding: false,
    choice,
    language,
    partial: "",
    said: [],
    caption: null,
    profile: null,
    courses: [],
    coursesOpen: false,
    citations: [],
    citationsOpen: false,
    source: null,
    turns: [],
    notice: null,
    still: false,
    panel: "none",
  };
}
