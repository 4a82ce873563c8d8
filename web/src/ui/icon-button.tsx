import type { LucideIcon } from "lucide-react";

interface Props {
  readonly icon: LucideIcon;
  readonly label: string;
  readonly onClick: () => void;
  readonly expanded?: boolean;
}

/** A round button that is only an icon; its label is read out and shown on hover. */
export function IconButton({ icon: Icon, label, onClick, expanded }: Props) {
  return (
    <button
      type="button"
      className="icon-button"
      aria-label={label}
      title={label}
      onClick={onClick}
      {...(expanded === undefined ? {} : { "aria-haspopup": "dialog" as const, "aria-expanded": expanded })}
    >
      <Icon aria-hidden="true" size={20} strokeWidth={1.75} />
    </button>
  );
}
