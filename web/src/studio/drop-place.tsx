import { ImagePlus } from "lucide-react";
import { useCallback, useEffect, useState } from "react";
import { DroppedFiles } from "../workshop/dropped-files.tsx";
import { useStudio, useStudioWords } from "./context.ts";
import { receive } from "./receive.ts";

/** Takes a photo or a recording that is dropped on the page. */
export function DropPlace() {
  const studio = useStudio();
  const t = useStudioWords();
  const [unknown, setUnknown] = useState(false);
  const take = useCallback((files: readonly File[]) => setUnknown(!receive(studio, files)), [studio]);

  useEffect(() => {
    if (!unknown) return;
    const timer = window.setTimeout(() => setUnknown(false), 5000);
    return () => window.clearTimeout(timer);
  }, [unknown]);

  return (
    <>
      <DroppedFiles icon={ImagePlus} says={t("drop")} onDrop={take} />
      <div className="toast-place" role="status">
        {unknown && <p className="toast">{t("dropUnknown")}</p>}
      </div>
    </>
  );
}
