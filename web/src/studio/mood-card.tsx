import { EMOTIONS, type JobStatus } from "../protocol/studio.ts";
import { STUDIO, type StudioKey } from "../words/studio-messages.ts";
import { formatPercent } from "../workshop/format.ts";
import { useLanguage } from "../workshop/language.tsx";
import { useStudioWords } from "./context.ts";

const CONTROLS = ["blink_rate", "head_tilt", "expression_intensity", "mouth_openness", "eyebrow_raise"] as const;

/** The mood that was found, and how the face was directed for it. */
export function MoodCard({ job }: { readonly job: JobStatus }) {
  const t = useStudioWords();
  const { language } = useLanguage();
  const emotion = EMOTIONS.find((one) => one === job.emotion);
  if (!emotion) return null;
  const source = `directed_${job.control_source}`;
  const controls = CONTROLS.flatMap((name) => {
    const value = job.avatar_control?.[name];
    return typeof value === "number" ? [{ name, value: Math.max(0, Math.min(1, value)) }] : [];
  });
  const sure = typeof job.confidence === "number" ? t("sure", { p: formatPercent(job.confidence, language) }) : "";
  return (
    <section className="result" aria-label={t("moodHeard")}>
      <div className="result-head">
        <h3>{t(`emotion_${emotion}`)}</h3>
        <span className="hint">{sure}</span>
      </div>
      {source in STUDIO && <p className="hint">{t(source as StudioKey)}</p>}
      <dl className="controls">
        {controls.map(({ name, value }) => (
          <div key={name}>
            <dt>{t(`control_${name}`)}</dt>
            <dd>
              <span className="bar-track" aria-hidden="true">
                <span style={{ translate: `${100 * (value - 1)}%` }} />
              </span>
              <span className="number">{formatPercent(value, language)}</span>
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
