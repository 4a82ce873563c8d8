import "../workshop/workshop.css";
import "../dashboard/dashboard.css";
import { createRoot } from "react-dom/client";
import { DashboardPage } from "../dashboard/dashboard-page.tsx";
import { StudioApi } from "../protocol/studio.ts";
import { LanguageProvider } from "../workshop/language.tsx";

/** The dashboard. */
export function mount(root: HTMLElement): void {
  const api = new StudioApi(new URL(".", location.href).href);
  createRoot(root).render(
    <LanguageProvider>
      <DashboardPage api={api} />
    </LanguageProvider>,
  );
}
