import { ChevronDown, type LucideIcon } from "lucide-react";

interface Choice {
  readonly value: string;
  readonly label: string;
}

interface Props {
  readonly label: string;
  readonly value: string;
  readonly choices: readonly Choice[];
  readonly onChange: (value: string) => void;
  readonly icon?: LucideIcon;
  readonly className?: string;
}

/** The browser's own select, dressed as a pill. */
export function Picker({ label, value, choices, onChange, icon: Icon, className = "" }: Props) {
  const current = choices.find((choice) => choice.value === value)?.label ?? "";
  return (
    <span className={`picker ${className}`}>
      {Icon && <Icon aria-hidden="true" size={18} strokeWidth={1.75} />}
      <span className="picker-text" aria-hidden="true">
        {current}
      </span>
      <ChevronDown aria-hidden="true" className="picker-arrow" size={16} strokeWidth={1.75} />
      <select aria-label={label} value={value} onChange={(event) => onChange(event.target.value)}>
        {choices.map((choice) => (
          <option key={choice.value} value={choice.value}>
            {choice.label}
          </option>
        ))}
      </select>
    </span>
  );
}
