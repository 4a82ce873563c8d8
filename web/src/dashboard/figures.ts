/** The server's statistics as what the charts show. */

import { type RecentJob, STAGES, type Stage, type Statistics } from "../protocol/studio.ts";

export interface StageTime {
  readonly stage: Stage;
  readonly seconds: number;
}

/** The stages that were timed, in the pipeline's order. */
export function stageTimes(statistics: Statistics): readonly StageTime[] {
  return STAGES.flatMap((stage) => {
    const seconds = statistics.stage_seconds?.[stage];
    return typeof seconds === "number" ? [{ stage, seconds }] : [];
  });
}

export interface Score {
  readonly job: RecentJob;
  readonly score: number;
}

/** The judged videos, the oldest first. */
export function scoresOf(statistics: Statistics): readonly Score[] {
  const judged = (statistics.recent ?? []).flatMap((job) =>
    typeof job.quality === "number" ? [{ job, score: job.quality }] : [],
  );
  return judged.reverse();
}

export interface Outcome {
  readonly kind: "completed" | "failed" | "cancelled" | "underway";
  readonly count: number;
}

/** How many jobs ended how; those without any are left out. */
export function outcomesOf(statistics: Statistics): readonly Outcome[] {
  const { total_jobs, completed, failed = 0, cancelled = 0 } = statistics;
  const underway = Math.max(0, total_jobs - completed - failed - cancelled);
  const all: readonly Outcome[] = [
    { kind: "completed", count: completed },
    { kind: "failed", count: failed },
    { kind: "cancelled", count: cancelled },
    { kind: "underway", count: underway },
  ];
  return all.filter((one) => one.count > 0);
}
