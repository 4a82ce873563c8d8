import { ImagePlus } from "lucide-react";
import { useEffect, useState } from "react";
import { useStudio, useStudioWords } from "./context.ts";
import { receive } from "./receive.ts";

function carriesFiles(event: DragEvent): boolean {
  return event.dataTransfer?.types.includes("Files") ?? false;
}

/** The whole page takes a photo or a recording that is dropped on it, and shows so while one hovers over it. */
export function DropPlace() {
  const studio = useStudio();
  const t = useStudioWords();
  const [over, setOver] = useState(false);
  const [unknown, setUnknown] = useState(false);

  useEffect(() => {
    let depth = 0;
    const enter = (event: DragEvent) => {
      if (!carriesFiles(event)) return;
      depth += 1;
      setOver(true);
    };
    const leave = () => {
      depth = Math.max(0, depth - 1);
      if (depth === 0) setOver(false);
    };
    const hover = (event: DragEvent) => {
      if (carriesFiles(event)) event.preventDefault();
    };
    const drop = (event: DragEvent) => {
      depth = 0;
      setOver(false);
      if (!carriesFiles(event)) return;
      event.preventDefault();
      setUnknown(!receive(studio, event.dataTransfer?.files ?? []));
    };
    window.addEventListener("dragenter", enter);
    window.addEventListener("dragleave", leave);
    window.addEventListener("dragover", hover);
    window.addEventListener("drop", drop);
    return () => {
      window.removeEventListener("dragenter", enter);
      window.removeEventListener("dragleave", leave);
      window.removeEventListener("dragover", hover);
      window.removeEventListener("drop", drop);
    };
  }, [studio]);

  useEffect(() => {
    if (!unknown) return;
    const timer = window.setTimeout(() => setUnknown(false), 5000);
    return () => window.clearTimeout(timer);
  }, [unknown]);

  return (
    <>
      <div className="drop" data-over={over} aria-hidden="true">
        <div>
          <ImagePlus aria-hidden="true" size={28} strokeWidth={1.5} />
          <p>{t("drop")}</p>
        </div>
      </div>
      <div className="toast-place" role="status">
        {unknown && <p className="toast">{t("dropUnknown")}</p>}
      </div>
    </>
  );
}
