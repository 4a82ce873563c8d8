/** How the studio does: jobs, times and quality at a glance. */

import { Clapperboard } from "lucide-react";
import { type ReactNode, useEffect } from "react";
import type { Statistics, StudioApi } from "../protocol/studio.ts";
import { DASHBOARD } from "../words/dashboard-messages.ts";
import { formatNumber, formatPercent } from "../workshop/format.ts";
import { Frame } from "../workshop/frame.tsx";
import { useLanguage, useTable } from "../workshop/language.tsx";
import { sentenceOf } from "../workshop/sentence.ts";
import { outcomesOf, scoresOf, stageTimes } from "./figures.ts";
import { OutcomeBar } from "./outcome-bar.tsx";
import { QualityChart } from "./quality-chart.tsx";
import { RecentTable } from "./recent-table.tsx";
import { StageChart } from "./stage-chart.tsx";
import { useStatistics } from "./use-statistics.ts";

function Figure({ label, value, hint }: { readonly label: string; readonly value: string; readonly hint: string }) {
  return (
    <div className="panel-card figure-card">
      <dt>{label}</dt>
      <dd className="big">{value}</dd>
      <dd className="hint">{hint}</dd>
    </div>
  );
}

interface ChartProps {
  readonly title: string;
  readonly hint: string;
  readonly empty: string | null;
  readonly children: ReactNode;
}

function ChartCard({ title, hint, empty, children }: ChartProps) {
  return (
    <section className="panel-card chart-card" aria-label={title}>
      <header>
        <h2>{title}</h2>
        <p className="hint">{hint}</p>
      </header>
      {empty === null ? children : <p className="chart-empty hint">{empty}</p>}
    </section>
  );
}

function Numbers({ statistics }: { readonly statistics: Statistics }) {
  const t = useTable(DASHBOARD);
  const { language } = useLanguage();
  const { success_rate: success, avg_fps: fps, avg_quality: quality } = statistics;
  const times = stageTimes(statistics);
  const scores = scoresOf(statistics);
  const or = (value: number | null | undefined, format: (value: number) => string) =>
    typeof value === "number" ? format(value) : "–";
  return (
    <>
      <div className="figures">
        <section className="panel-card jobs-card" aria-label={t("jobs")}>
          <h2 className="card-label">{t("jobs")}</h2>
          <p className="big">{formatNumber(statistics.total_jobs, language)}</p>
          <OutcomeBar outcomes={outcomesOf(statistics)} />
        </section>
        <dl className="figure-cards">
          <Figure
            label={t("successRate")}
            value={or(success, (value) => formatPercent(value / 100, language))}
            hint={t("successHint")}
          />
          <Figure
            label={t("drawingRate")}
            value={or(fps, (value) => formatNumber(value, language))}
            hint={t("drawingHint")}
          />
          <Figure
            label={t("quality")}
            value={or(quality, (value) => formatNumber(value, language, 1))}
            hint={t("qualityHint")}
          />
        </dl>
      </div>
      <div className="charts">
        <ChartCard
          title={t("stageTimes")}
          hint={t("stageTimesHint")}
          empty={times.length > 0 ? null : t("stageTimesEmpty")}
        >
          <StageChart times={times} />
        </ChartCard>
        <ChartCard
          title={t("qualityOverTime")}
          hint={t("qualityOverTimeHint")}
          empty={scores.length > 1 ? null : t("qualityOverTimeEmpty")}
        >
          <QualityChart scores={scores} />
        </ChartCard>
      </div>
      <section className="panel-card recent-card" aria-label={t("recent")}>
        <h2>{t("recent")}</h2>
        <RecentTable jobs={statistics.recent ?? []} />
      </section>
    </>
  );
}

export function DashboardPage({ api }: { readonly api: StudioApi }) {
  const t = useTable(DASHBOARD);
  const { language } = useLanguage();
  const { statistics, trouble } = useStatistics(api);

  useEffect(() => {
    document.title = `${t("title")} · visavis`;
  }, [t]);

  return (
    <Frame here="dashboard">
      <div className="dashboard">
        <h1>{t("heading")}</h1>
        <div role="alert">{trouble && <p className="refused">{sentenceOf(trouble, language)}</p>}</div>
        {statistics && statistics.total_jobs > 0 && <Numbers statistics={statistics} />}
        {statistics?.total_jobs === 0 && (
          <div className="nothing">
            <Clapperboard aria-hidden="true" size={40} strokeWidth={1.25} />
            <h2>{t("empty")}</h2>
            <p>{t("emptyHint")}</p>
            <a className="make" href="./studio">
              {t("openStudio")}
            </a>
          </div>
        )}
        {!statistics && !trouble && (
          <p className="unseen" role="status">
            {t("loading")}
          </p>
        )}
      </div>
    </Frame>
  );
}
