import { type Remedy, troubleOf } from "../state/trouble.ts";
import { usePage, useView, useWords } from "./context.ts";

const SUPPORTED =
  typeof AudioWorkletNode !== "undefined" && typeof WebSocket !== "undefined" && "inert" in HTMLElement.prototype;

/** What is wrong, in a sentence, and what to do about it, on a button. */
export function TroubleLine({ onType }: { readonly onType: () => void }) {
  const { live, store } = usePage();
  const view = useView();
  const t = useWords();
  const trouble = troubleOf(view, { secure: window.isSecureContext, supported: SUPPORTED || !window.isSecureContext });
  const act: Readonly<Record<Remedy, () => void>> = {
    retry: () => live.retry(),
    "allow-microphone": () => void live.talk.toggle(),
    type: onType,
    dismiss: () => store.dispatch({ kind: "dismiss-notice" }),
  };
  return (
    <div role="alert" className="trouble-place">
      {trouble && (
        <div className="trouble" data-trouble={trouble.kind}>
          <p>{"key" in trouble.message ? t(trouble.message.key, trouble.message.values) : trouble.message.text}</p>
          {trouble.remedy && (
            <button type="button" className="pill-button" onClick={act[trouble.remedy.action]}>
              {t(trouble.remedy.label)}
            </button>
          )}
        </div>
      )}
    </div>
  );
}
