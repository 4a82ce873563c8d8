/** The one place where the view changes: a log of actions gives a view. */

import type { Action } from "./action.ts";
import { reduceServer } from "./reduce-server.ts";
import type { View } from "./view.ts";

export function reduce(view: View, action: Action): View {
  switch (action.kind) {
    case "server":
      return reduceServer(view, action.event);
    case "link":
      if (action.state.kind === "lost") {
        return {
          ...view,
          connection: "lost",
          retryAt: action.state.retryAt,
          queue: null,
          phase: "idle",
          partial: "",
          holding: false,
        };
      }
      return view.connection === "open" || view.connection === "lost" ? view : { ...view, connection: "connecting" };
    case "readiness":
      return action.readiness
        ? { ...view, readiness: action.readiness, reachable: true }
        : { ...view, reachable: false };
    case "personas":
      return { ...view, personas: action.personas, persona: view.persona ?? action.personas[0] ?? null };
    case "persona":
      return { ...fresh(view), persona: action.persona };
    case "restart":
      return fresh(view);
    case "again":
      return { ...view, refusal: null };
    case "met":
      return { ...view, met: true };
    case "sounding":
      return { ...view, sounding: action.sounding };
    case "microphone":
      return { ...view, microphone: action.state };
    case "mode":
      return { ...view, mode: action.mode };
    case "holding":
      return { ...view, holding: action.holding };
    case "choice":
      return { ...view, choice: action.choice, language: action.language };
    case "courses":
      return { ...view, coursesOpen: action.open, citationsOpen: view.citationsOpen && !action.open };
    case "citations":
      return { ...view, citationsOpen: action.open, coursesOpen: view.coursesOpen && !action.open };
    case "source":
      return { ...view, source: action.citation };
    case "panel":
      return { ...view, panel: action.panel };
    case "dismiss-notice":
      return { ...view, notice: null };
    case "still":
      return { ...view, still: true };
  }
}

/** A new conversation: nothing said, nothing shown. */
function fresh(view: View): View {
  return {
    ...view,
    connection: "connecting",
    refusal: null,
    queue: null,
    sessionId: null,
    phase: "idle",
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
  };
}
