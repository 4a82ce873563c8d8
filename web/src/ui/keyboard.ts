/** Space is push to talk and Esc is stop, wherever the focus is not already on something that needs them. */

import { useEffect } from "react";
import { usePage } from "./context.ts";

const OWN_KEYS = "input, textarea, select, button, a, [tabindex], dialog";
/** Keys that move about the page: they are not the gesture that starts the sound. */
const QUIET = new Set([
  "Tab",
  "Shift",
  "Control",
  "Alt",
  "Meta",
  "Escape",
  "CapsLock",
  "PageUp",
  "PageDown",
  "Home",
  "End",
]);

function free(target: EventTarget | null): boolean {
  if (!(target instanceof Element)) return true;
  return target.closest(".microphone") !== null || target.closest(OWN_KEYS) === null;
}

/** Answering what is asked before the conversation does not begin it. */
function begins(target: EventTarget | null): boolean {
  return !(target instanceof Element && target.closest(".remember"));
}

export function useKeyboard(): void {
  const { live } = usePage();
  useEffect(() => {
    const down = (event: KeyboardEvent) => {
      const quiet = QUIET.has(event.key) || event.key.startsWith("Arrow") || event.ctrlKey || event.metaKey;
      if (!quiet && begins(event.target)) live.meet();
      if (event.key === "Escape" && !document.querySelector("dialog[open]")) live.stop();
      if (event.key !== " " || !free(event.target)) return;
      event.preventDefault();
      if (!event.repeat) void live.talk.press();
    };
    const up = (event: KeyboardEvent) => {
      if (event.key !== " " || !free(event.target)) return;
      event.preventDefault();
      live.talk.release();
    };
    const leave = () => live.talk.cancel();
    const gesture = (event: MouseEvent) => {
      if (begins(event.target)) live.meet();
    };
    window.addEventListener("keydown", down);
    window.addEventListener("keyup", up);
    window.addEventListener("blur", leave);
    window.addEventListener("click", gesture);
    return () => {
      window.removeEventListener("keydown", down);
      window.removeEventListener("keyup", up);
      window.removeEventListener("blur", leave);
      window.removeEventListener("click", gesture);
    };
  }, [live]);
}
