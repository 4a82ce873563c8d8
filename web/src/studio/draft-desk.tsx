import { Clapperboard } from "lucide-react";
import { useLanguage } from "../workshop/language.tsx";
import { sentenceOf } from "../workshop/sentence.ts";
import { Consents } from "./consents.tsx";
import { useStudio, useStudioView, useStudioWords } from "./context.ts";
import { type Missing, missingFrom } from "./draft.ts";
import { Looks } from "./looks.tsx";
import { ScriptField } from "./script-field.tsx";
import { Segments } from "./segments.tsx";
import { VoiceDesk } from "./voice-desk.tsx";

/** Where the keyboard goes when something is missing. */
const PLACES: Readonly<Record<Missing, string>> = {
  needPortrait: "choose-photo",
  needPortraitReady: "choose-photo",
  needPortraitOther: "choose-photo",
  needScript: "script",
  needSound: "record",
  needSoundReady: "record",
  needSoundOther: "record",
  needConsent: "consents",
};

function focusOn(missing: Missing): void {
  const place = document.getElementById(PLACES[missing]);
  const control = place?.matches("input, button, textarea")
    ? place
    : place?.querySelector<HTMLElement>("input:not(:checked)");
  control?.focus();
}

/** What is said and how it looks, up to the button that makes it. */
export function DraftDesk() {
  const studio = useStudio();
  const { draft, asked, busy, trouble } = useStudioView();
  const t = useStudioWords();
  const { language } = useLanguage();
  const missing = missingFrom(draft);
  const sources = [
    { value: "script", label: t("write") },
    { value: "sound", label: t("voice") },
  ] as const;
  const make = async () => {
    if (!(await studio.make()) && missing) focusOn(missing);
  };
  return (
    <>
      <header className="desk-head">
        <h2 id="desk-heading" tabIndex={-1}>
          {t("heading")}
        </h2>
        <p>{t("lead")}</p>
      </header>
      <div className="said-by">
        <Segments
          name="source"
          label={t("words")}
          value={draft.source}
          choices={sources}
          onChange={(source) => studio.change({ source })}
        />
        {draft.source === "script" ? <ScriptField /> : <VoiceDesk />}
      </div>
      <Looks />
      <Consents />
      <div className="make-bar">
        <button type="button" className="make" data-busy={busy} onClick={() => void make()}>
          <Clapperboard aria-hidden="true" size={20} strokeWidth={1.75} />
          {t(busy ? "sending" : "make")}
        </button>
        <div className="make-note" role="alert">
          {trouble ? (
            <p className="refused">{sentenceOf(trouble, language)}</p>
          ) : (
            asked && missing && <p className="refused">{t(missing)}</p>
          )}
        </div>
        {!trouble && !(asked && missing) && <p className="hint">{t("signedNote")}</p>}
      </div>
    </>
  );
}
