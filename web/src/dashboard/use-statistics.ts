import { useEffect, useState } from "react";
import type { Statistics, StudioApi } from "../protocol/studio.ts";
import { type Trouble, troubleOf } from "../workshop/sentence.ts";

const EVERY_MS = 5000;

interface Read {
  readonly statistics: Statistics | null;
  readonly trouble: Trouble | null;
}

/** The server's numbers, read again every few seconds while the page is looked at. */
export function useStatistics(api: StudioApi): Read {
  const [read, setRead] = useState<Read>({ statistics: null, trouble: null });
  useEffect(() => {
    let gone = false;
    let timer = 0;
    const look = async () => {
      window.clearTimeout(timer);
      if (document.visibilityState === "visible") {
        const next = await api.statistics().then(
          (statistics) => ({ statistics, trouble: null }),
          (error) => ({ statistics: null, trouble: troubleOf(error) }),
        );
        if (gone) return;
        setRead((before) => ({ statistics: next.statistics ?? before.statistics, trouble: next.trouble }));
      }
      timer = window.setTimeout(() => void look(), EVERY_MS);
    };
    const back = () => {
      if (document.visibilityState === "visible") void look();
    };
    void look();
    document.addEventListener("visibilitychange", back);
    return () => {
      gone = true;
      window.clearTimeout(timer);
      document.removeEventListener("visibilitychange", back);
    };
  }, [api]);
  return read;
}
