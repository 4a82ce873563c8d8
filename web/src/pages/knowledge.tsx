import "../workshop/workshop.css";
import "../knowledge/knowledge.css";
import { createRoot } from "react-dom/client";
import { ShelfContext } from "../knowledge/context.ts";
import { KnowledgePage } from "../knowledge/knowledge-page.tsx";
import { Shelf } from "../knowledge/shelf.ts";
import { KnowledgeApi } from "../protocol/knowledge.ts";
import { LanguageProvider } from "../workshop/language.tsx";

/** The page of documents. `?collection=NAME` in the address opens that collection. */
export function mount(root: HTMLElement): void {
  const shelf = new Shelf(new KnowledgeApi(new URL(".", location.href).href), {
    setTimer: (run, ms) => window.setTimeout(run, ms),
    clearTimer: (id) => window.clearTimeout(id),
    visible: () => document.visibilityState === "visible",
  });
  createRoot(root).render(
    <LanguageProvider>
      <ShelfContext value={shelf}>
        <KnowledgePage />
      </ShelfContext>
    </LanguageProvider>,
  );
  void shelf.start(new URLSearchParams(location.search).get("collection"));
}
