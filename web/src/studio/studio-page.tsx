/** The studio: at the left who speaks, at the right what is said, how far it is, or what came of it. */

import { useEffect, useRef } from "react";
import { Frame } from "../workshop/frame.tsx";
import { useStudio, useStudioView, useStudioWords } from "./context.ts";
import { DraftDesk } from "./draft-desk.tsx";
import { DropPlace } from "./drop-place.tsx";
import { EndedDesk } from "./ended-desk.tsx";
import { MakingDesk } from "./making-desk.tsx";
import { receive } from "./receive.ts";
import { SitterPicker } from "./sitter-picker.tsx";
import { Stage } from "./stage.tsx";
import { sceneOf } from "./studio.ts";

export function StudioPage() {
  const studio = useStudio();
  const view = useStudioView();
  const t = useStudioWords();
  const scene = sceneOf(view);
  const before = useRef(scene);
  const { jobId, job } = view;
  const progress = scene === "making" && job ? `${Math.floor(job.progress)} % · ` : "";

  useEffect(() => {
    document.title = `${progress}${t("title")} · visavis`;
  }, [progress, t]);

  useEffect(() => {
    const query = jobId ? `?job=${encodeURIComponent(jobId)}` : "";
    if (location.search !== query) history.replaceState(null, "", location.pathname + query);
  }, [jobId]);

  useEffect(() => {
    if (before.current === scene) return;
    before.current = scene;
    document.getElementById("desk-heading")?.focus({ preventScroll: true });
    window.scrollTo({ top: 0, behavior: "smooth" });
  }, [scene]);

  useEffect(() => {
    if (scene !== "draft") return;
    const paste = (event: ClipboardEvent) => {
      const files = event.clipboardData?.files;
      if (files && files.length > 0 && receive(studio, files)) event.preventDefault();
    };
    window.addEventListener("paste", paste);
    return () => window.removeEventListener("paste", paste);
  }, [studio, scene]);

  return (
    <Frame here="studio">
      <h1 className="unseen">{t("title")}</h1>
      <div className="studio" data-scene={scene}>
        <section className="studio-stage" aria-label={t("portrait")}>
          <Stage />
          {scene === "draft" && <SitterPicker />}
        </section>
        <section className="desk" aria-labelledby="desk-heading">
          {scene === "draft" && <DraftDesk />}
          {scene === "making" && <MakingDesk />}
          {scene === "ended" && job && <EndedDesk job={job} />}
        </section>
      </div>
      {scene === "draft" && <DropPlace />}
    </Frame>
  );
}
