import { CircleAlert, CircleCheck, CircleDashed, CircleSlash2, type LucideIcon } from "lucide-react";
import type { JobState, RecentJob } from "../protocol/studio.ts";
import { DASHBOARD } from "../words/dashboard-messages.ts";
import { formatNumber, formatWhen } from "../workshop/format.ts";
import { useLanguage, useTable } from "../workshop/language.tsx";

const ICONS: Readonly<Record<JobState, LucideIcon>> = {
  pending: CircleDashed,
  processing: CircleDashed,
  completed: CircleCheck,
  failed: CircleAlert,
  cancelled: CircleSlash2,
};

/** The latest jobs, each a way to its video. */
export function RecentTable({ jobs }: { readonly jobs: readonly RecentJob[] }) {
  const t = useTable(DASHBOARD);
  const { language } = useLanguage();
  return (
    <table className="recent">
      <thead>
        <tr>
          <th scope="col">{t("made")}</th>
          <th scope="col">{t("status")}</th>
          <th scope="col" className="figure wide">
            {t("speed")}
          </th>
          <th scope="col" className="figure">
            {t("score")}
          </th>
        </tr>
      </thead>
      <tbody>
        {jobs.map((job) => {
          const Icon = ICONS[job.status];
          const when = formatWhen(job.created_at, language);
          return (
            <tr key={job.id}>
              <td>
                <a href={`./studio?job=${encodeURIComponent(job.id)}`} aria-label={t("openJob", { when })}>
                  {when}
                </a>
              </td>
              <td>
                <span className="state" data-state={job.status}>
                  <Icon aria-hidden="true" size={16} strokeWidth={1.75} />
                  {t(`status_${job.status}`)}
                </span>
              </td>
              <td className="figure wide">
                {typeof job.realtime_factor === "number"
                  ? t("speedHint", { x: formatNumber(job.realtime_factor, language, 1) })
                  : "–"}
              </td>
              <td className="figure">
                {typeof job.quality === "number" ? formatNumber(job.quality, language, 1) : "–"}
              </td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}
