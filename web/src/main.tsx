import "@fontsource-variable/figtree/wght.css";
import "./styles/tokens.css";
import { mustAsk } from "./access/entrance.ts";

/** The pages by the last part of their address; each comes with its own code, so none carries another's. */
const PAGES: Readonly<Record<string, () => Promise<{ mount(root: HTMLElement): unknown }>>> = {
  studio: () => import("./pages/studio.tsx"),
  dashboard: () => import("./pages/dashboard.tsx"),
  knowledge: () => import("./pages/knowledge.tsx"),
};

async function start(): Promise<void> {
  const root = document.getElementById("root");
  if (!root) throw new Error("the page has no root element");
  const name = location.pathname.split("/").at(-1) ?? "";
  const load = PAGES[name] ?? (() => import("./pages/live.tsx"));
  const page = load();
  const base = new URL(".", location.href).href.split("?")[0] ?? "/";
  if (await mustAsk(base)) await (await import("./pages/key.tsx")).askForKey(root, base);
  (await page).mount(root);
}

void start();
