import "../access/access.css";
import { createRoot } from "react-dom/client";
import { KeyPage } from "../access/key-page.tsx";
import { LanguageProvider } from "../workshop/language.tsx";

/** The question for the key; resolves when it was answered, and leaves the root empty. */
export function askForKey(root: HTMLElement, base: string): Promise<void> {
  return new Promise((resolve) => {
    const tree = createRoot(root);
    const entered = () => {
      tree.unmount();
      resolve();
    };
    tree.render(
      <LanguageProvider>
        <KeyPage base={base} onEntered={entered} />
      </LanguageProvider>,
    );
  });
}
