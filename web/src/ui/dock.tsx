import { Ear, Hand, Languages } from "lucide-react";
import type { RefObject } from "react";
import { phraseOf } from "../state/phrase.ts";
import { asChoice, LANGUAGE_NAMES, LANGUAGES } from "../words/language.ts";
import { usePage, useView, useWords } from "./context.ts";
import { MicrophoneButton } from "./microphone-button.tsx";
import { Picker } from "./picker.tsx";
import { TextField } from "./text-field.tsx";
import { TroubleLine } from "./trouble-line.tsx";

const TOUCH = "(pointer: coarse)";

/** One row to talk from: text, microphone, mode and language; above it the person's own words or what is wrong. */
export function Dock({ input }: { readonly input: RefObject<HTMLInputElement | null> }) {
  const { live } = usePage();
  const view = useView();
  const t = useWords();
  const push = view.mode === "push";
  const modeName = t(push ? "pushToTalk" : "handsFree");
  const modeLabel = t("modeNow", { mode: modeName });
  const ModeIcon = push ? Hand : Ear;
  const languages = [
    { value: "auto", label: t("languageAuto") },
    ...LANGUAGES.map((language) => ({ value: language, label: LANGUAGE_NAMES[language] })),
  ];
  const phrase = view.readiness?.status === "loading" ? "loading" : phraseOf(view, window.matchMedia(TOUCH).matches);
  return (
    <section className="dock" aria-label={t("title", { name: view.persona?.name ?? "" })}>
      <div className="above-dock">
        <p className="partial" aria-hidden="true">
          {view.partial}
        </p>
        <TroubleLine onType={() => input.current?.focus()} />
      </div>
      <div className="dock-row">
        <TextField input={input} />
        <MicrophoneButton />
        <div className="dock-choices">
          <button
            type="button"
            className="pill-button mode"
            aria-label={modeLabel}
            title={modeLabel}
            onClick={() => live.setMode(push ? "hands-free" : "push")}
          >
            <ModeIcon aria-hidden="true" size={18} strokeWidth={1.75} />
            <span className="mode-name">{modeName}</span>
          </button>
          <Picker
            className="language"
            label={t("language")}
            icon={Languages}
            value={view.choice}
            choices={languages}
            onChange={(value) => live.setLanguage(asChoice(value))}
          />
        </div>
      </div>
      <p className="phrase" role="status">
        {t(phrase)}
      </p>
    </section>
  );
}
