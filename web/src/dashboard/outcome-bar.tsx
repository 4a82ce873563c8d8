import { DASHBOARD } from "../words/dashboard-messages.ts";
import { useTable } from "../workshop/language.tsx";
import type { Outcome } from "./figures.ts";

/** How the jobs ended, as shares of one bar, with the counts beside their names. */
export function OutcomeBar({ outcomes }: { readonly outcomes: readonly Outcome[] }) {
  const t = useTable(DASHBOARD);
  return (
    <div className="outcomes">
      <div className="outcome-bar" aria-hidden="true">
        {outcomes.map(({ kind, count }) => (
          <span key={kind} data-kind={kind} style={{ flexGrow: count }} />
        ))}
      </div>
      <ul>
        {outcomes.map(({ kind, count }) => (
          <li key={kind} data-kind={kind}>
            <span className="key" aria-hidden="true" />
            <span className="outcome-count">{count}</span> {t(kind)}
          </li>
        ))}
      </ul>
    </div>
  );
}
