import { ArrowUp, Square } from "lucide-react";
import { type FormEvent, type RefObject, useState } from "react";
import { activityOf } from "../state/phrase.ts";
import { usePage, useView, useWords } from "./context.ts";

/** As long as a message may be. */
const LONGEST = 1000;

/** Typing instead of talking; while she thinks or speaks and nothing is typed, the same place holds the stop. */
export function TextField({ input }: { readonly input: RefObject<HTMLInputElement | null> }) {
  const { live } = usePage();
  const view = useView();
  const t = useWords();
  const [text, setText] = useState("");
  const activity = activityOf(view);
  const typed = text.trim() !== "";
  const stoppable = !typed && (activity === "thinking" || activity === "speaking");
  const sendable = typed && view.connection === "open";

  const submit = (event: FormEvent) => {
    event.preventDefault();
    live.meet();
    if (stoppable) live.stop();
    else if (sendable) {
      live.write(text.trim());
      setText("");
    }
  };
  const label = t("write", { name: view.persona?.name ?? "" });
  return (
    <form className="text-field" onSubmit={submit}>
      <input
        ref={input}
        type="text"
        value={text}
        maxLength={LONGEST}
        placeholder={t("writeShort")}
        aria-label={label}
        autoComplete="off"
        enterKeyHint="send"
        onChange={(event) => setText(event.target.value)}
      />
      <button
        type="submit"
        className="send"
        data-shown={typed || stoppable}
        data-kind={stoppable ? "stop" : "send"}
        disabled={!sendable && !stoppable}
        aria-label={t(stoppable ? "stop" : "send")}
        title={t(stoppable ? "stop" : "send")}
      >
        {stoppable ? (
          <Square aria-hidden="true" size={14} fill="currentColor" />
        ) : (
          <ArrowUp aria-hidden="true" size={20} strokeWidth={2} />
        )}
      </button>
    </form>
  );
}
