import "../styles/stage.css";
import "../styles/dock.css";
import "../styles/courses.css";
import "../styles/citations.css";
import "../styles/panel.css";
import "../styles/memory.css";
import { createRoot } from "react-dom/client";
import { App } from "../app.tsx";
import { Live } from "../session/live.ts";
import type { Observer } from "../session/observer.ts";
import { savedLanguage, savedMode } from "../session/preferences.ts";
import { Store } from "../state/store.ts";
import { firstView } from "../state/view.ts";
import { PageContext } from "../ui/context.ts";
import { preferredLanguage } from "../words/language.ts";

async function observe(store: Store): Promise<Observer | null> {
  if (!new URLSearchParams(location.search).has("debug")) return null;
  const { installHandle } = await import("../debug/handle.ts");
  return installHandle(store);
}

/** The live conversation. */
export async function mount(root: HTMLElement): Promise<void> {
  const base = new URL(".", location.href).href.split("?")[0] ?? "/";
  const choice = savedLanguage();
  const language = choice === "auto" ? preferredLanguage(navigator.languages) : choice;
  const store = new Store(firstView(language, choice, savedMode()));
  const live = new Live(store, base, await observe(store));
  createRoot(root).render(
    <PageContext value={{ store, live }}>
      <App base={base} />
    </PageContext>,
  );
}
