import { formatAbout } from "../workshop/format.ts";
import { useLanguage } from "../workshop/language.tsx";
import { useStudio, useStudioView, useStudioWords } from "./context.ts";
import { spokenSeconds } from "./draft.ts";

/** The words, and about how long they take to say. */
export function ScriptField() {
  const studio = useStudio();
  const { draft } = useStudioView();
  const t = useStudioWords();
  const { language } = useLanguage();
  const seconds = spokenSeconds(draft.script);
  return (
    <div className="script">
      <textarea
        id="script"
        value={draft.script}
        aria-label={t("script")}
        placeholder={t("scriptPlaceholder")}
        rows={6}
        onChange={(event) => studio.change({ script: event.target.value })}
      />
      <div className="script-foot">
        {draft.script === "" ? (
          <button type="button" className="text-button" onClick={() => studio.change({ script: t("exampleScript") })}>
            {t("example")}
          </button>
        ) : (
          <span className="muted">{t("lasts", { time: formatAbout(seconds, language) })}</span>
        )}
      </div>
    </div>
  );
}
