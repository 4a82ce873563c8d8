import { FilePlus2 } from "lucide-react";
import { useCallback } from "react";
import { DroppedFiles } from "../workshop/dropped-files.tsx";
import { useKnowledgeWords, useShelf } from "./context.ts";

const TYPES = ".pdf,.docx,.html,.htm,.md,.markdown,.txt,application/pdf,text/html,text/markdown,text/plain";

/** The button that adds documents; the whole page takes those that are dropped on it. */
export function AddFiles() {
  const shelf = useShelf();
  const t = useKnowledgeWords();
  const take = useCallback((files: readonly File[]) => void shelf.add(files), [shelf]);

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
              take([...(event.target.files ?? [])]);
              event.target.value = "";
            }}
          />
          <FilePlus2 aria-hidden="true" size={20} strokeWidth={1.75} />
          {t("add")}
        </label>
        <p className="hint">{t("addHint")}</p>
      </div>
      <DroppedFiles icon={FilePlus2} says={t("drop")} onDrop={take} />
    </>
  );
}
