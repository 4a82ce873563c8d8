import { ChevronDown, SlidersHorizontal } from "lucide-react";
import { EMOTIONS, type Emotion, type Options } from "../protocol/studio.ts";
import { asChoice, LANGUAGE_NAMES, LANGUAGES } from "../words/language.ts";
import { ChoiceRow } from "./choice-row.tsx";
import { useStudio, useStudioView, useStudioWords } from "./context.ts";
import { withOptions } from "./draft.ts";
import { voiceName } from "./voice-name.ts";

const SIZES = [256, 512, 720, 1080];
const COLOURS = { white: "#ffffff", green: "#00b140" } as const;

/** Language and mood at hand; picture and file behind one more tap. */
export function Looks() {
  const studio = useStudio();
  const { draft, voices } = useStudioView();
  const t = useStudioWords();
  const { options, source } = draft;
  const set = (change: Partial<Options>) => studio.change({ options: withOptions(options, change) });
  const languages = [
    { value: "auto", label: t(source === "script" ? "spokenAuto" : "spokenHeard") },
    ...LANGUAGES.map((language) => ({ value: language, label: LANGUAGE_NAMES[language] })),
  ];
  const readers = voices
    .map(({ id }) => ({ value: id, ...voiceName(id) }))
    .filter(({ language }) => draft.language === "auto" || language === null || language === draft.language)
    .map(({ value, name, language }) => ({
      value,
      label: draft.language === "auto" && language ? `${name} (${LANGUAGE_NAMES[language]})` : name,
    }));
  const moods = [
    { value: "", label: t("moodAuto") },
    ...EMOTIONS.map((emotion) => ({ value: emotion, label: t(`emotion_${emotion}`) })),
  ];
  const sizes = SIZES.map((size) => ({ value: String(size), label: t("pixels", { n: `${size} × ${size}` }) }));
  const backgrounds = [
    { value: "portrait", label: t("backgroundPortrait") },
    { value: COLOURS.white, label: t("backgroundWhite") },
    { value: COLOURS.green, label: t("backgroundGreen") },
    { value: "transparent", label: t("backgroundTransparent") },
  ];
  const captions = [
    { value: "sidecar", label: t("captionsSidecar") },
    { value: "burned", label: t("captionsBurned") },
    { value: "none", label: t("captionsNone") },
  ];
  const containers = [
    { value: "mp4", label: "MP4" },
    { value: "webm", label: "WebM" },
  ];
  return (
    <div className="choices">
      <ChoiceRow
        label={t("spoken")}
        value={draft.language}
        choices={languages}
        onChange={(value) => studio.change({ language: asChoice(value), voice: "" })}
      />
      {source === "script" && readers.length > 1 && (
        <ChoiceRow
          label={t("readBy")}
          value={draft.voice}
          choices={[{ value: "", label: t("voiceAuto") }, ...readers]}
          onChange={(voice) => studio.change({ voice })}
        />
      )}
      <ChoiceRow
        label={t("mood")}
        value={options.emotion ?? ""}
        choices={moods}
        onChange={(value) => set({ emotion: value === "" ? null : (value as Emotion) })}
      />
      <details className="more">
        <summary>
          <SlidersHorizontal aria-hidden="true" size={18} strokeWidth={1.75} />
          {t("moreOptions")}
          <ChevronDown aria-hidden="true" className="more-arrow" size={16} strokeWidth={1.75} />
        </summary>
        <ChoiceRow
          label={t("captions")}
          value={options.captions}
          choices={captions}
          onChange={(value) => set({ captions: value as Options["captions"] })}
        />
        <ChoiceRow
          label={t("size")}
          value={String(options.size)}
          choices={sizes}
          onChange={(value) => set({ size: Number(value) })}
        />
        <ChoiceRow
          label={t("background")}
          value={options.background}
          choices={backgrounds}
          onChange={(background) => set({ background })}
        />
        <ChoiceRow
          label={t("container")}
          value={options.container}
          choices={containers}
          onChange={(value) => set({ container: value as Options["container"] })}
        />
        <label className="row tick-row">
          <span>{t("sharpen")}</span>
          <input
            type="checkbox"
            className="switch"
            checked={options.sharpen}
            onChange={(event) => set({ sharpen: event.target.checked })}
          />
        </label>
      </details>
    </div>
  );
}
