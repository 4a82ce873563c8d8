import type { LucideIcon } from "lucide-react";
import { useEffect, useState } from "react";

function carriesFiles(event: DragEvent): boolean {
  return event.dataTransfer?.types.includes("Files") ?? false;
}

interface Props {
  readonly icon: LucideIcon;
  readonly says: string;
  /** Has to be the same function from one drawing to the next. */
  readonly onDrop: (files: readonly File[]) => void;
}

/** The whole page takes files that are dropped on it, and says so while some hover over it. */
export function DroppedFiles({ icon: Icon, says, onDrop }: Props) {
  const [over, setOver] = useState(false);

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
      onDrop([...(event.dataTransfer?.files ?? [])]);
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
  }, [onDrop]);

  return (
    <div className="drop" data-over={over} aria-hidden="true">
      <div>
        <Icon aria-hidden="true" size={28} strokeWidth={1.5} />
        <p>{says}</p>
      </div>
    </div>
  );
}
