import { RotateCcw } from "lucide-react";
import { useEffect, useRef } from "react";
import { spoken } from "../state/said.ts";
import { usePage, useView, useWords } from "./context.ts";

/** Everything that was said, as text. */
export function Conversation() {
  const { live } = usePage();
  const { said, persona } = useView();
  const t = useWords();
  const end = useRef<HTMLLIElement>(null);
  const lines = spoken(said);
  const length = lines.length;

  useEffect(() => {
    if (length > 0) end.current?.scrollIntoView({ block: "nearest" });
  }, [length]);

  return (
    <>
      {length === 0 && <p className="muted">{t("conversationEmpty")}</p>}
      <ol className="said">
        {lines.map((one) => (
          <li key={one.id} data-role={one.role}>
            <span className="who">{one.role === "user" ? t("you") : (persona?.name ?? "")}</span>
            <p>
              {one.text}
              {one.interrupted && <span className="muted"> ({t("interrupted")})</span>}
            </p>
          </li>
        ))}
        <li ref={end} aria-hidden="true" className="said-end" />
      </ol>
      <button type="button" className="pill-button" onClick={() => live.restart()}>
        <RotateCcw aria-hidden="true" size={16} strokeWidth={1.75} />
        {t("restart")}
      </button>
    </>
  );
}
