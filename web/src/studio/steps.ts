/** Which steps of a job are done, which one is at work, and which are to come. */

import { isOver, type JobStatus, STAGES, type Stage } from "../protocol/studio.ts";

export interface Step {
  readonly state: "done" | "now" | "next";
  /** Of this step, 0 … 1. */
  readonly share: number;
  readonly seconds: number | null;
}

export function stepOf(job: JobStatus | null, stage: Stage): Step {
  const told = job?.stages?.[stage];
  const seconds = told?.seconds ?? null;
  if (!job || job.status === "pending") return { state: "next", share: 0, seconds };
  if (job.status === "completed") return { state: "done", share: 1, seconds };
  const current = job.stage ? STAGES.indexOf(job.stage) : -1;
  const place = STAGES.indexOf(stage);
  const share = Math.max(0, Math.min(1, told?.share ?? 0));
  if (place < current || share >= 1) return { state: "done", share: 1, seconds };
  if (place === current && !isOver(job.status)) return { state: "now", share, seconds };
  return { state: "next", share, seconds };
}

/** Seconds that all steps took together; null before any was timed. */
export function secondsTaken(job: JobStatus): number | null {
  const times = Object.values(job.stages ?? {}).flatMap((one) => (one?.seconds ? [one.seconds] : []));
  return times.length > 0 ? times.reduce((sum, one) => sum + one, 0) : null;
}
