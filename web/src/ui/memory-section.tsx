import { Download, Trash2 } from "lucide-react";
import { useEffect } from "react";
import type { KeptConversation, PersonaMemory } from "../protocol/memory.ts";
import { LANGUAGE_TAGS } from "../words/language.ts";
import { MEMORY } from "../words/memory-messages.ts";
import { read, type Values } from "../words/table.ts";
import { useView } from "./context.ts";
import { IconButton } from "./icon-button.tsx";
import type { MemoryDesk } from "./use-memory.ts";

type Say = (key: keyof typeof MEMORY, values?: Values) => string;

interface PartProps {
  readonly desk: MemoryDesk;
  readonly name: string;
  readonly say: Say;
}

function Conversation({ desk, name, say, kept }: PartProps & { readonly kept: KeptConversation }) {
  const { language } = useView();
  const format = new Intl.DateTimeFormat(LANGUAGE_TAGS[language], { dateStyle: "medium", timeStyle: "short" });
  const date = format.format(new Date(kept.updated_at));
  return (
    <li className="kept">
      <details>
        <summary>{say("conversation", { date, count: String(kept.messages.length) })}</summary>
        <ol className="said">
          {kept.messages.map((one, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: what is kept does not change while it is shown
            <li key={index} data-role={one.role}>
              <span className="who">{one.role === "user" ? say("you") : name}</span>
              <p>{one.text}</p>
            </li>
          ))}
        </ol>
      </details>
      <IconButton icon={Trash2} label={say("forget")} onClick={() => desk.forget(kept.id)} />
    </li>
  );
}

function OfPersona({ desk, say, kept }: Omit<PartProps, "name"> & { readonly kept: PersonaMemory }) {
  const facts = Object.values(kept.facts).join(", ");
  return (
    <>
      <h4>{kept.name}</h4>
      {facts && <p className="muted">{say("knows", { name: kept.name, facts })}</p>}
      <ul className="kept-list">
        {kept.conversations.map((one) => (
          <Conversation key={one.id} desk={desk} name={kept.name} say={say} kept={one} />
        ))}
      </ul>
    </>
  );
}

/** What is remembered of the person: to see, to save, to delete; and whether they agree. */
export function MemorySection({ desk }: { readonly desk: MemoryDesk }) {
  const { language } = useView();
  const { memory, refresh } = desk;
  const say: Say = (key, values) => read(MEMORY[key], language, values);

  // biome-ignore lint/correctness/useExhaustiveDependencies: once, whenever the drawer is opened
  useEffect(refresh, []);

  if (!memory?.enabled) return null;
  const days = String(memory.days);
  const agreed = memory.agreed_at !== null;
  const some = memory.personas.length > 0;
  return (
    <section aria-busy={desk.busy}>
      <h3>{say("title")}</h3>
      <p className="muted">{agreed ? say(some ? "kept" : "nothing", { days }) : say("off")}</p>
      {!agreed && <p className="muted">{say("explained", { days })}</p>}
      {desk.failed && <p role="alert">{say("failed")}</p>}
      {memory.personas.map((one) => (
        <OfPersona key={one.persona} desk={desk} say={say} kept={one} />
      ))}
      {agreed ? (
        <>
          {some && (
            <div className="remember-answers">
              <button type="button" className="pill-button" disabled={desk.busy} onClick={desk.save}>
                <Download aria-hidden="true" size={16} strokeWidth={1.75} />
                {say("save")}
              </button>
              <button type="button" className="pill-button" disabled={desk.busy} onClick={desk.forgetAll}>
                <Trash2 aria-hidden="true" size={16} strokeWidth={1.75} />
                {say("forgetAll")}
              </button>
            </div>
          )}
          <button type="button" className="pill-button" disabled={desk.busy} onClick={desk.revoke}>
            {say("revoke")}
          </button>
          <p className="muted">{say("revokeHint")}</p>
        </>
      ) : (
        <button type="button" className="pill-button" disabled={desk.busy} onClick={desk.agree}>
          {say("yes")}
        </button>
      )}
    </section>
  );
}
