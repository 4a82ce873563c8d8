/** A video that is being thought up: who speaks, what is said, how it looks, and who agreed. */

import type { LanguageChoice } from "../protocol/events.ts";
import type { GenerateBody, Options } from "../protocol/studio.ts";
import type { Trouble } from "../workshop/sentence.ts";

/** A file on its way to the server, there, or refused. */
export type Sending =
  | { readonly state: "sending" }
  | { readonly state: "sent"; readonly fileId: string }
  | { readonly state: "refused"; readonly trouble: Trouble };

export type Portrait =
  | { readonly kind: "avatar"; readonly id: string; readonly name: string }
  | { readonly kind: "photo" };

export interface Photo {
  /** A blob: address of the picture as it was chosen. */
  readonly url: string;
  readonly sending: Sending;
}

export interface Sound {
  /** The file's name; empty for what was recorded here. */
  readonly name: string;
  readonly url: string;
  /** In seconds; null until it is known. */
  readonly duration: number | null;
  /** Loudness over time for the eye. */
  readonly levels: readonly number[];
  readonly sending: Sending;
}

export interface Draft {
  readonly portrait: Portrait | null;
  readonly photo: Photo | null;
  readonly source: "script" | "sound";
  readonly script: string;
  readonly sound: Sound | null;
  readonly language: LanguageChoice;
  /** The voice's name; empty for the usual one. */
  readonly voice: string;
  readonly options: Options;
  readonly consent: { readonly portrait: boolean; readonly voice: boolean };
}

export const EMPTY_DRAFT: Draft = {
  portrait: null,
  photo: null,
  source: "script",
  script: "",
  sound: null,
  language: "auto",
  voice: "",
  options: {
    size: 512,
    container: "mp4",
    background: "portrait",
    captions: "sidecar",
    emotion: null,
    sharpen: false,
  },
  consent: { portrait: false, voice: false },
};

export type Missing =
  | "needPortrait"
  | "needPortraitReady"
  | "needPortraitOther"
  | "needScript"
  | "needSound"
  | "needSoundReady"
  | "needSoundOther"
  | "needConsent";

export function needsPortraitConsent(draft: Draft): boolean {
  return draft.portrait?.kind === "photo";
}

export function needsVoiceConsent(draft: Draft): boolean {
  return draft.source === "sound" && draft.sound !== null;
}

/** The first thing that is still missing, in the page's order; null when the video can be made. */
export function missingFrom(draft: Draft): Missing | null {
  if (!draft.portrait) return "needPortrait";
  if (draft.portrait.kind === "photo") {
    if (!draft.photo) return "needPortrait";
    if (draft.photo.sending.state === "refused") return "needPortraitOther";
    if (draft.photo.sending.state === "sending") return "needPortraitReady";
  }
  if (draft.source === "script") {
    if (draft.script.trim() === "") return "needScript";
  } else {
    if (!draft.sound) return "needSound";
    if (draft.sound.sending.state === "refused") return "needSoundOther";
    if (draft.sound.sending.state === "sending") return "needSoundReady";
  }
  const { consent } = draft;
  const agreed = (consent.portrait || !needsPortraitConsent(draft)) && (consent.voice || !needsVoiceConsent(draft));
  return agreed ? null : "needConsent";
}

function portraitId(draft: Draft): string {
  if (draft.portrait?.kind === "avatar") return `avatar:${draft.portrait.id}`;
  return draft.photo?.sending.state === "sent" ? draft.photo.sending.fileId : "";
}

/** What is asked of the server. Only for a draft from which nothing is missing. */
export function requestOf(draft: Draft): GenerateBody {
  const { sound } = draft;
  const audio = sound?.sending.state === "sent" ? sound.sending.fileId : "";
  return {
    portrait: portraitId(draft),
    ...(draft.source === "script" ? { script: draft.script.trim() } : { audio }),
    ...(draft.language === "auto" ? {} : { language: draft.language }),
    ...(draft.source === "script" && draft.voice ? { voice: draft.voice } : {}),
    options: draft.options,
    consent: {
      portrait: needsPortraitConsent(draft) && draft.consent.portrait,
      voice: needsVoiceConsent(draft) && draft.consent.voice,
    },
  };
}

/** Changes options; a transparent background and MP4 exclude each other, the newer choice counts. */
export function withOptions(options: Options, change: Partial<Options>): Options {
  const next = { ...options, ...change };
  if (next.background !== "transparent" || next.container !== "mp4") return next;
  return change.container === "mp4" ? { ...next, background: "portrait" } : { ...next, container: "webm" };
}

const HAN = /\p{Script=Han}/gu;
const HAN_PER_SECOND = 4.4;
const LETTERS_PER_SECOND = 14.5;

/** How long the script takes to say, in seconds: an estimate from its letters. */
export function spokenSeconds(script: string): number {
  const han = script.match(HAN)?.length ?? 0;
  const rest = script.trim().length - han;
  return han / HAN_PER_SECOND + Math.max(0, rest) / LETTERS_PER_SECOND;
}
