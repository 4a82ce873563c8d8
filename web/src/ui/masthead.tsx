import { BookOpen, Clapperboard, Clock, GraduationCap, LibraryBig, MessagesSquare } from "lucide-react";
import { usePage, useView, useWords } from "./context.ts";
import { IconButton } from "./icon-button.tsx";
import { Picker } from "./picker.tsx";

/** Who this is, and the two drawers. */
export function Masthead() {
  const { live, store } = usePage();
  const { persona, personas, panel, courses, coursesOpen, citations, citationsOpen } = useView();
  const t = useWords();
  const choose = (id: string) => {
    const chosen = personas.find((one) => one.id === id);
    if (chosen) live.choosePersona(chosen);
  };
  return (
    <header className="masthead">
      {personas.length > 1 && persona ? (
        <Picker
          className="persona"
          label={t("choosePersona")}
          value={persona.id}
          choices={personas.map(({ id, name }) => ({ value: id, label: name }))}
          onChange={choose}
        />
      ) : (
        <span className="persona-name">{persona?.name ?? ""}</span>
      )}
      <nav className="masthead-tools" aria-label={t("details")}>
        <a className="icon-button" href="./studio" aria-label={t("studio")} title={t("studio")}>
          <Clapperboard aria-hidden="true" size={20} strokeWidth={1.75} />
        </a>
        <a className="icon-button" href="./knowledge" aria-label={t("documents")} title={t("documents")}>
          <LibraryBig aria-hidden="true" size={20} strokeWidth={1.75} />
        </a>
        {citations.length > 0 && !citationsOpen && (
          <IconButton
            icon={BookOpen}
            label={t("citationsShow")}
            onClick={() => store.dispatch({ kind: "citations", open: true })}
          />
        )}
        {courses.length > 0 && !coursesOpen && (
          <IconButton
            icon={GraduationCap}
            label={t("coursesShow")}
            onClick={() => store.dispatch({ kind: "courses", open: true })}
          />
        )}
        <IconButton
          icon={MessagesSquare}
          label={t("conversation")}
          expanded={panel === "conversation"}
          onClick={() => store.dispatch({ kind: "panel", panel: "conversation" })}
        />
        <IconButton
          icon={Clock}
          label={t("details")}
          expanded={panel === "details"}
          onClick={() => store.dispatch({ kind: "panel", panel: "details" })}
        />
      </nav>
    </header>
  );
}
