import { MEMORY } from "../words/memory-messages.ts";
import { read } from "../words/table.ts";
import { useView } from "./context.ts";
import type { MemoryDesk } from "./use-memory.ts";

/** Asked once, before the conversation, where the host has turned it on. */
export function MemoryQuestion({ desk }: { readonly desk: MemoryDesk }) {
  const { language } = useView();
  if (!desk.due || !desk.memory) return null;
  const days = String(desk.memory.days);
  return (
    <section className="remember" aria-labelledby="remember-question">
      <h2 id="remember-question">{read(MEMORY.question, language)}</h2>
      <p>{read(MEMORY.explained, language, { days })}</p>
      {desk.failed && <p role="alert">{read(MEMORY.failed, language)}</p>}
      <div className="remember-answers">
        <button type="button" className="pill-button" disabled={desk.busy} onClick={desk.agree}>
          {read(MEMORY.yes, language)}
        </button>
        <button type="button" className="pill-button" disabled={desk.busy} onClick={desk.decline}>
          {read(MEMORY.no, language)}
        </button>
      </div>
    </section>
  );
}
