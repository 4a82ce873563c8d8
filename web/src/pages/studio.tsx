import "../workshop/workshop.css";
import "../studio/stage.css";
import "../studio/voice.css";
import "../studio/studio.css";
import "../studio/result.css";
import { createRoot } from "react-dom/client";
import { StudioApi } from "../protocol/studio.ts";
import { StudioContext } from "../studio/context.ts";
import { Studio } from "../studio/studio.ts";
import { StudioPage } from "../studio/studio-page.tsx";
import { LanguageProvider } from "../workshop/language.tsx";

/** The studio. `?job=ID` in the address opens that job. */
export function mount(root: HTMLElement): void {
  const base = new URL(".", location.href).href;
  const studio = new Studio(new StudioApi(base));
  createRoot(root).render(
    <LanguageProvider>
      <StudioContext value={studio}>
        <StudioPage />
      </StudioContext>
    </LanguageProvider>,
  );
  studio.start(new URLSearchParams(location.search).get("job"));
}
