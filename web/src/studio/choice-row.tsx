import { Picker } from "../ui/picker.tsx";

interface Props {
  readonly label: string;
  readonly value: string;
  readonly choices: readonly { readonly value: string; readonly label: string }[];
  readonly onChange: (value: string) => void;
}

/** A choice as a row: its name at the left, what holds at the right. */
export function ChoiceRow({ label, value, choices, onChange }: Props) {
  return (
    <div className="row">
      <span aria-hidden="true">{label}</span>
      <Picker className="row-picker" label={label} value={value} choices={choices} onChange={onChange} />
    </div>
  );
}
