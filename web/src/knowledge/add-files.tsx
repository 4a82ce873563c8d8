import { FilePlus2 } from "lucide-react";
import { useEffect, useState } from "react";
import { useKnowledgeWords, useShelf } from "./context.ts";

const TYPES = ".pdf,.docx,.html,.htm,.md,.markdown,.txt,application/pdf,text/html,text/markdown,text/plain";

function carriesFiles(event: DragEvent): boolean {
  return event.dataTransfer?.types.includes("Files") ?? false;
}

/** The button that adds documents; the whole page takes those that are dropped on it. */
export function AddFiles() {
  const shelf = useShelf();
  const t = useKnowledgeWords();
  const [over, setOver] = useState(false);

  useEffect(() => {
    let depth = 0;
    const enter = (event: DragEvent) => {
      if (!carriesFiles(event)) return;
      depth += 1;
      setOver(true);
    };
    const leave = () => {
      depth = Math.max(0, depth - 1);
      if (depth === 0) setOver(false);
    };
    const hover = (event: DragEvent) => {
      if (carriesFiles(event)) event.preventDefault();
    };
    const drop = (event: DragEvent) => {
      depth = 0;
      setOver(false);
      if (!carriesFiles(event)) return;
      event.preventDefault();
      void shelf.add([...(event.dataTransfer?.files ?? [])]);
    };
    window.addEventListener("dragenter", enter);
    window.addEventListener("dragleave", leave);
    window.addEventListener("dragover", hover);
    window.addEventListener("drop", drop);
    return () => {
      window.removeEventListener("dragenter", enter);
      window.removeEventListener("dragleave", leave);
      window.removeEventListener("dragover", hover);
      window.removeEventListener("drop", drop);
    };
  }, [shelf]);

  return (
    <>
      <div className="add-files">
        <label className="make">
          <input
            id="add-files"
            type="file"
            className="unseen"
            accept={TYPES}
            multiple
            onChange={(event) => {
              void shelf.add([...(event.target.files ?? [])]);
              event.target.value = "";
            }}
          />
          <FilePlus2 aria-hidden="true" size={20} strokeWidth={1.75} />
          {t("add")}
        </label>
        <p className="hint">{t("addHint")}</p>
      </div>
      <div className="drop" data-over={over} aria-hidden="true">
        <div>
          <FilePlus2 aria-hidden="true" size={28} strokeWidth={1.5} />
          <p>{t("drop")}</p>
        </div>
      </div>
    </>
  );
}
