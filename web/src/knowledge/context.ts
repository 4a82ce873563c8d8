/** What every part of the page of documents reaches. */

import { createContext, useContext, useSyncExternalStore } from "react";
import { KNOWLEDGE } from "../words/knowledge-messages.ts";
import { useTable, type WordsOf } from "../workshop/language.tsx";
import type { Shelf, ShelfView } from "./shelf.ts";

export const ShelfContext = createContext<Shelf | null>(null);

export function useShelf(): Shelf {
  const shelf = useContext(ShelfContext);
  if (!shelf) throw new Error("a part of the page of documents stands outside of it");
  return shelf;
}

export function useShelfView(): ShelfView {
  const shelf = useShelf();
  return useSyncExternalStore(shelf.watch, shelf.read);
}

export type KnowledgeWords = WordsOf<typeof KNOWLEDGE>;

export function useKnowledgeWords(): KnowledgeWords {
  return useTable(KNOWLEDGE);
}
