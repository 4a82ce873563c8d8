/** What every part of the page reaches: the view, the words, and the live conversation. */

import { createContext, useCallback, useContext, useSyncExternalStore } from "react";
import type { Live } from "../session/live.ts";
import type { Store } from "../state/store.ts";
import type { View } from "../state/view.ts";
import { type MessageKey, message, type Values } from "../words/messages.ts";

export interface Page {
  readonly store: Store;
  readonly live: Live;
}

export const PageContext = createContext<Page | null>(null);

export function usePage(): Page {
  const page = useContext(PageContext);
  if (!page) throw new Error("a part of the page stands outside of it");
  return page;
}

export function useView(): View {
  const { store } = usePage();
  return useSyncExternalStore(store.watch, store.read);
}

export type Words = (key: MessageKey, values?: Values) => string;

export function useWords(): Words {
  const { language } = useView();
  return useCallback((key: MessageKey, values?: Values) => message(language, key, values), [language]);
}
