import { Captions, Download, PenLine, RotateCcw } from "lucide-react";
import type { JobStatus } from "../protocol/studio.ts";
import { formatSeconds } from "../workshop/format.ts";
import { useLanguage } from "../workshop/language.tsx";
import { sentenceOf } from "../workshop/sentence.ts";
import { useStudio, useStudioView, useStudioWords } from "./context.ts";
import { MoodCard } from "./mood-card.tsx";
import { ProvenanceCard } from "./provenance-card.tsx";
import { QualityCard } from "./quality-card.tsx";
import { secondsTaken } from "./steps.ts";

function Finished({ job }: { readonly job: JobStatus }) {
  const studio = useStudio();
  const t = useStudioWords();
  const { language } = useLanguage();
  const seconds = secondsTaken(job);
  const captions = (["srt", "vtt"] as const).flatMap((format) => {
    const url = job.captions?.[format];
    return url ? [{ format, url: studio.api.resolve(url) }] : [];
  });
  const video = job.video_url ? studio.api.resolve(job.video_url) : "";
  const suffix = video.split("?")[0]?.split(".").at(-1) ?? "mp4";
  return (
    <>
      <header className="desk-head">
        <h2 id="desk-heading" tabIndex={-1}>
          {t("ready")}
        </h2>
        <p>{seconds === null ? "" : t("made", { time: formatSeconds(seconds, language) })}</p>
      </header>
      <div className="desk-actions">
        <a className="make" href={video} download={`visavis-${job.task_id.slice(0, 8)}.${suffix}`}>
          <Download aria-hidden="true" size={20} strokeWidth={1.75} />
          {t("download")}
        </a>
        <button type="button" className="pill-button" onClick={() => studio.leave()}>
          <PenLine aria-hidden="true" size={18} strokeWidth={1.75} />
          {t("another")}
        </button>
        {captions.map(({ format, url }) => (
          <a
            key={format}
            className="text-link"
            href={url}
            download={`visavis-${job.task_id.slice(0, 8)}.${format}`}
            aria-label={t("downloadCaptions", { format: format.toUpperCase() })}
          >
            <Captions aria-hidden="true" size={18} strokeWidth={1.75} />
            {format.toUpperCase()}
          </a>
        ))}
      </div>
      <ProvenanceCard provenance={job.provenance ?? null} />
      <MoodCard job={job} />
      {job.quality && <QualityCard quality={job.quality} />}
    </>
  );
}

/** What came of a job: the video and what is known of it, or why there is none. */
export function EndedDesk({ job }: { readonly job: JobStatus }) {
  const studio = useStudio();
  const { busy, trouble } = useStudioView();
  const t = useStudioWords();
  const { language } = useLanguage();
  if (job.status === "completed") return <Finished job={job} />;
  const failed = job.status === "failed";
  return (
    <>
      <header className="desk-head">
        <h2 id="desk-heading" tabIndex={-1}>
          {t(failed ? "failed" : "cancelled")}
        </h2>
        <p role={failed ? "alert" : undefined}>
          {failed ? job.error?.message || t("failedUnknown") : t("cancelledHint")}
        </p>
      </header>
      <div className="desk-actions">
        <button type="button" className="make" disabled={busy} onClick={() => void studio.retry()}>
          <RotateCcw aria-hidden="true" size={20} strokeWidth={1.75} />
          {t("retry")}
        </button>
        <button type="button" className="pill-button" onClick={() => studio.leave()}>
          <PenLine aria-hidden="true" size={18} strokeWidth={1.75} />
          {t("change")}
        </button>
      </div>
      <div role="alert">{trouble && <p className="refused">{sentenceOf(trouble, language)}</p>}</div>
    </>
  );
}
