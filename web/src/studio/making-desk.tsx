import { Check, X } from "lucide-react";
import { type JobStatus, STAGES, type Stage } from "../protocol/studio.ts";
import { formatAbout, formatPercent, formatSeconds } from "../workshop/format.ts";
import { useLanguage } from "../workshop/language.tsx";
import { sentenceOf } from "../workshop/sentence.ts";
import { useStudio, useStudioView, useStudioWords } from "./context.ts";
import { stepOf } from "./steps.ts";

function Step({ stage, job }: { readonly stage: Stage; readonly job: JobStatus | null }) {
  const t = useStudioWords();
  const { language } = useLanguage();
  const step = stepOf(job, stage);
  const spoken = { done: t("stageDone"), now: t("stageNow"), next: t("stageNext") }[step.state];
  return (
    <li className="stage-step" data-state={step.state} {...(step.state === "now" ? { "aria-current": "step" } : {})}>
      <span className="stage-mark" aria-hidden="true">
        {step.state === "done" && <Check size={14} strokeWidth={2.5} />}
        {step.state === "now" && (
          <svg viewBox="0 0 24 24" focusable="false" aria-hidden="true">
            <circle cx="12" cy="12" r="10" pathLength={100} />
            <circle cx="12" cy="12" r="10" pathLength={100} strokeDasharray={`${Math.max(4, 100 * step.share)} 100`} />
          </svg>
        )}
      </span>
      <span className="stage-name">
        {t(`stage_${stage}`)}
        <span className="unseen">, {spoken}</span>
      </span>
      <span className="stage-time">
        {step.state === "done" && step.seconds !== null && formatSeconds(step.seconds, language)}
        {step.state === "now" && formatPercent(step.share, language)}
      </span>
    </li>
  );
}

/** How far the video is, step by step, and the way to stop it. */
export function MakingDesk() {
  const studio = useStudio();
  const { job, busy, reachable, trouble } = useStudioView();
  const t = useStudioWords();
  const { language } = useLanguage();
  const waiting = job?.status === "pending";
  const share = (job?.progress ?? 0) / 100;
  const left = job?.seconds_left;
  let note = "";
  if (waiting) note = job?.position ? t("waitingPlace", { position: String(job.position) }) : "";
  else if (job?.paused) note = t("paused");
  else if (typeof left === "number" && left > 0) note = t("left", { time: formatAbout(left, language) });
  return (
    <>
      <header className="desk-head">
        <h2 id="desk-heading" tabIndex={-1}>
          {t(waiting ? "waiting" : "making")}
        </h2>
        <p className="making-note">
          <span>{note}</span>
          <span className="making-percent">{formatPercent(share, language)}</span>
        </p>
      </header>
      <div
        className="bar-track"
        role="progressbar"
        aria-label={t("progress")}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={Math.round(100 * share)}
      >
        <span style={{ translate: `${100 * (share - 1)}%` }} />
      </div>
      <ol className="stage-steps" aria-label={t("stages")}>
        {STAGES.map((stage) => (
          <Step key={stage} stage={stage} job={job} />
        ))}
      </ol>
      <p className="unseen" role="status">
        {job?.stage ? t(`stage_${job.stage}`) : ""}
      </p>
      <div className="desk-actions">
        <button type="button" className="pill-button" disabled={busy || !job} onClick={() => void studio.cancel()}>
          <X aria-hidden="true" size={18} strokeWidth={1.75} />
          {t("cancel")}
        </button>
      </div>
      <div role="alert">
        {trouble ? (
          <p className="refused">{sentenceOf(trouble, language)}</p>
        ) : (
          !reachable && <p className="refused">{t("reconnecting")}</p>
        )}
      </div>
      {!trouble && reachable && <p className="hint">{t("leave")}</p>}
    </>
  );
}
