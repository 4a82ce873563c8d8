import { AudioLines, Mic, MicOff } from "lucide-react";
import { type PointerEvent, useEffect, useRef } from "react";
import { activityOf } from "../state/phrase.ts";
import type { MessageKey } from "../words/messages.ts";
import { usePage, useView, useWords } from "./context.ts";

/** A shorter press of the button does not end with it: the next press sends. */
const LATCH_MS = 300;
/** How fast the ring follows the level, per display frame. */
const FOLLOW = 0.35;

/** The large round button: the microphone, and while she speaks the way to cut in. */
export function MicrophoneButton() {
  const { live } = usePage();
  const view = useView();
  const t = useWords();
  const button = useRef<HTMLButtonElement>(null);
  const pressedAt = useRef<number | null>(null);
  const activity = activityOf(view);
  const push = view.mode === "push";
  const hearing = view.holding || (view.microphone === "on" && !push);
  const blocked = view.microphone !== "on" && view.microphone !== "off" && view.microphone !== "asking";
  const interrupting = !push && activity === "speaking" && !view.holding;

  useEffect(() => {
    const element = button.current;
    if (!element || !hearing) return;
    let request = 0;
    let level = 0;
    const follow = () => {
      level += (live.talk.level - level) * FOLLOW;
      element.style.setProperty("--level", level.toFixed(3));
      request = requestAnimationFrame(follow);
    };
    request = requestAnimationFrame(follow);
    return () => {
      cancelAnimationFrame(request);
      element.style.removeProperty("--level");
    };
  }, [live, hearing]);

  const down = (event: PointerEvent) => {
    if (!push || event.button !== 0) return;
    live.meet();
    if (view.holding) {
      pressedAt.current = null;
      live.talk.release();
      return;
    }
    event.currentTarget.setPointerCapture(event.pointerId);
    pressedAt.current = performance.now();
    void live.talk.press();
  };
  const up = () => {
    const since = pressedAt.current;
    pressedAt.current = null;
    if (since !== null && performance.now() - since >= LATCH_MS) live.talk.release();
  };
  /** A pointer has already done its part of push to talk; a click without one comes from a keyboard or a reader. */
  const click = (detail: number) => {
    if (!push) live.tap();
    else if (detail === 0) {
      if (view.holding) live.talk.release();
      else void live.talk.press();
    }
  };

  let label: MessageKey = view.microphone === "on" ? "microphoneStop" : "microphoneStart";
  if (push) label = view.holding ? "microphoneSend" : "microphoneHold";
  else if (interrupting) label = "interrupt";
  const Icon = interrupting ? AudioLines : blocked ? MicOff : Mic;
  return (
    <button
      ref={button}
      type="button"
      className="microphone"
      data-activity={activity}
      data-hearing={hearing}
      aria-label={t(label)}
      title={t(label)}
      aria-pressed={push ? view.holding : view.microphone === "on"}
      onPointerDown={down}
      onPointerUp={up}
      onPointerCancel={up}
      onContextMenu={(event) => event.preventDefault()}
      onClick={(event) => click(event.detail)}
    >
      <span className="ring" aria-hidden="true" />
      <Icon aria-hidden="true" size={28} strokeWidth={1.75} />
    </button>
  );
}
