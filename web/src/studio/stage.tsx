import { Play, UserRound } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { isOver, type JobStatus } from "../protocol/studio.ts";
import { formatClock } from "../workshop/format.ts";
import { useStudio, useStudioView, useStudioWords } from "./context.ts";
import { FadingPicture } from "./fading-picture.tsx";
import type { StudioView } from "./studio.ts";

/** The square where the portrait is, then the preview, then the video. */
export function Stage() {
  const studio = useStudio();
  const view = useStudioView();
  const t = useStudioWords();
  const { job, draft } = view;
  const done = job?.status === "completed" && job.video_url;
  const preview = job?.preview_url ? studio.api.resolve(job.preview_url) : null;
  const still = preview ?? pictureOf(view, (id) => studio.api.plate(id));
  const name = draft.portrait?.kind === "avatar" ? draft.portrait.name : "";
  const label = preview
    ? t("preview")
    : name
      ? t("portraitOf", { name })
      : t(draft.portrait ? "yourPhotoShown" : "noPortrait");
  const looking = view.jobId === null && draft.portrait?.kind === "photo" && draft.photo?.sending.state === "sending";
  const working = view.jobId !== null && !(job && isOver(job.status));
  return (
    <div className="plate" data-working={working} data-looking={looking}>
      {still ? (
        <FadingPicture url={still} label={label} />
      ) : (
        <div className="plate-empty" role="img" aria-label={t("noPortrait")}>
          <UserRound aria-hidden="true" size={72} strokeWidth={1} />
        </div>
      )}
      {done && <Film key={job.task_id} job={job} poster={preview} />}
      {looking && (
        <p className="plate-note" role="status">
          {t("sendingPhoto")}
        </p>
      )}
    </div>
  );
}

function pictureOf(view: StudioView, plate: (id: string) => string): string | null {
  const { portrait, photo } = view.draft;
  if (portrait?.kind === "avatar") return plate(portrait.id);
  return photo?.url ?? null;
}

function Film({ job, poster }: { readonly job: JobStatus; readonly poster: string | null }) {
  const studio = useStudio();
  const { draft } = useStudioView();
  const t = useStudioWords();
  const video = useRef<HTMLVideoElement>(null);
  const [begun, setBegun] = useState(false);
  const [length, setLength] = useState<number | null>(null);
  const vtt = job.captions?.vtt;
  const burned = draft.options.captions === "burned";

  useEffect(() => {
    const track = video.current?.textTracks[0];
    if (track && !burned) track.mode = "showing";
  }, [burned]);

  return (
    <>
      <video
        ref={video}
        className="film"
        aria-label={t("video")}
        src={studio.api.resolve(job.video_url ?? "")}
        {...(poster ? { poster } : {})}
        controls={begun}
        playsInline
        preload="auto"
        onLoadedMetadata={(event) => setLength(event.currentTarget.duration)}
        onPlay={() => setBegun(true)}
      >
        {vtt && <track kind="captions" src={studio.api.resolve(vtt)} default={!burned} label={t("captions")} />}
      </video>
      {!begun && (
        <button type="button" className="film-play" onClick={() => void video.current?.play()}>
          <Play aria-hidden="true" size={18} fill="currentColor" strokeWidth={1.5} />
          {t("play")}
          {length !== null && <span className="film-length">{formatClock(Math.round(length))}</span>}
        </button>
      )}
    </>
  );
}
