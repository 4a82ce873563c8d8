import { useStudio, useStudioView, useStudioWords } from "./context.ts";
import { needsPortraitConsent, needsVoiceConsent } from "./draft.ts";

/** Without these ticks no video is made of a person. */
export function Consents() {
  const studio = useStudio();
  const { draft, asked } = useStudioView();
  const t = useStudioWords();
  const { consent } = draft;
  const ticks = [
    { key: "portrait", shown: needsPortraitConsent(draft), text: t("consentPortrait") },
    { key: "voice", shown: needsVoiceConsent(draft), text: t("consentVoice") },
  ] as const;
  const shown = ticks.filter((tick) => tick.shown);
  if (shown.length === 0) return null;
  return (
    <div id="consents" className="consents">
      {shown.map(({ key, text }) => (
        <label key={key} className="tick" data-missing={asked && !consent[key]}>
          <input
            type="checkbox"
            checked={consent[key]}
            onChange={(event) => studio.change({ consent: { ...consent, [key]: event.target.checked } })}
          />
          <span>{text}</span>
        </label>
      ))}
    </div>
  );
}
