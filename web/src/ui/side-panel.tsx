import { X } from "lucide-react";
import type { ReactNode } from "react";
import { useWords } from "./context.ts";
import { IconButton } from "./icon-button.tsx";
import { useDialog } from "./use-dialog.ts";

interface Props {
  readonly title: string;
  readonly open: boolean;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

/** A drawer from the right. A dialog of the browser: it keeps the focus inside, and Esc closes it. */
export function SidePanel({ title, open, onClose, children }: Props) {
  const t = useWords();
  const dialog = useDialog(open);

  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: a click beside the drawer closes it; by keyboard Esc does
    <dialog
      ref={dialog}
      className="panel"
      aria-label={title}
      onClose={onClose}
      onClick={(event) => event.target === dialog.current && onClose()}
    >
      <div className="panel-body">
        <div className="panel-head">
          <h2>{title}</h2>
          <IconButton icon={X} label={t("close")} onClick={onClose} />
        </div>
        {open && children}
      </div>
    </dialog>
  );
}
