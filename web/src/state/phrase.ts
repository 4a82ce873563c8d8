/** What she does, in a word of the message file: the face shows it first, the dock repeats it. */

import type { MessageKey } from "../words/messages.ts";
import type { View } from "./view.ts";

export type Activity = "idle" | "ready" | "listening" | "thinking" | "speaking" | "paused";

/** What is heard counts more than what the server has sent. */
export function activityOf(view: View): Activity {
  if (view.holding) return "listening";
  if (view.sounding) return "speaking";
  if (view.phase === "idle") return view.microphone === "on" && view.mode === "hands-free" ? "ready" : "idle";
  return view.phase;
}

export function phraseOf(view: View, touch: boolean): MessageKey {
  if (view.connection !== "open") return "connecting";
  if (view.microphone === "asking") return "asking";
  const activity = activityOf(view);
  if (activity === "idle") return view.mode === "push" ? "idlePush" : touch ? "idleTouch" : "idle";
  if (activity === "listening" && view.holding) return "listeningPush";
  return activity;
}
