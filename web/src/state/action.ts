/** Everything that can change what the page shows. */

import type { LinkState } from "../protocol/client.ts";
import type { Citation, Language, LanguageChoice, Persona, ServerEvent } from "../protocol/events.ts";
import type { Readiness } from "../protocol/http.ts";
import type { MicrophoneState, SidePanel, TalkMode } from "./view.ts";

export type Action =
  | { readonly kind: "server"; readonly event: ServerEvent }
  | { readonly kind: "link"; readonly state: LinkState }
  | { readonly kind: "readiness"; readonly readiness: Readiness | null }
  | { readonly kind: "personas"; readonly personas: readonly Persona[] }
  | { readonly kind: "met" }
  | { readonly kind: "sounding"; readonly sounding: boolean }
  | { readonly kind: "microphone"; readonly state: MicrophoneState }
  | { readonly kind: "mode"; readonly mode: TalkMode }
  | { readonly kind: "holding"; readonly holding: boolean }
  | { readonly kind: "choice"; readonly choice: LanguageChoice; readonly language: Language }
  | { readonly kind: "persona"; readonly persona: Persona }
  | { readonly kind: "restart" }
  | { readonly kind: "again" }
  | { readonly kind: "courses"; readonly open: boolean }
  | { readonly kind: "citations"; readonly open: boolean }
  | { readonly kind: "source"; readonly citation: Citation | null }
  | { readonly kind: "panel"; readonly panel: SidePanel }
  | { readonly kind: "dismiss-notice" }
  | { readonly kind: "still" };
