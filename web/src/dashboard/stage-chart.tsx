import { DASHBOARD } from "../words/dashboard-messages.ts";
import { formatSeconds } from "../workshop/format.ts";
import { useLanguage, useTable } from "../workshop/language.tsx";
import type { StageTime } from "./figures.ts";

/** Time per step as bars, each with its name and its seconds; no axis is needed to read it. */
export function StageChart({ times }: { readonly times: readonly StageTime[] }) {
  const t = useTable(DASHBOARD);
  const { language } = useLanguage();
  const longest = Math.max(...times.map((one) => one.seconds), 1e-9);
  const total = times.reduce((sum, one) => sum + one.seconds, 0);
  return (
    <dl className="stage-chart">
      {times.map(({ stage, seconds }) => (
        <div key={stage}>
          <dt>{t(`stage_${stage}`)}</dt>
          <dd>
            <svg aria-hidden="true" focusable="false">
              <rect width="100%" height="10" rx="5" className="chart-track" />
              <rect width={`${Math.max(2, (100 * seconds) / longest)}%`} height="10" rx="5" className="chart-bar" />
            </svg>
            <span className="number">{formatSeconds(seconds, language)}</span>
          </dd>
        </div>
      ))}
      <div className="stage-total">
        <dt>{t("total")}</dt>
        <dd>
          <span className="number">{formatSeconds(total, language)}</span>
        </dd>
      </div>
    </dl>
  );
}
