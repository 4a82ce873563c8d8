/** What every part of the studio's page reaches. */

import { createContext, useContext, useSyncExternalStore } from "react";
import { STUDIO } from "../words/studio-messages.ts";
import { useTable, type WordsOf } from "../workshop/language.tsx";
import type { Studio, StudioView } from "./studio.ts";

export const StudioContext = createContext<Studio | null>(null);

export function useStudio(): Studio {
  const studio = useContext(StudioContext);
  if (!studio) throw new Error("a part of the studio stands outside of it");
  return studio;
}

export function useStudioView(): StudioView {
  const studio = useStudio();
  return useSyncExternalStore(studio.watch, studio.read);
}

export type StudioWords = WordsOf<typeof STUDIO>;

export function useStudioWords(): StudioWords {
  return useTable(STUDIO);
}
