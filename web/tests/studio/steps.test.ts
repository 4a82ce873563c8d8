import { expect, test } from "vitest";
import type { JobStatus } from "../../src/protocol/studio.ts";
import { secondsTaken, stepOf } from "../../src/studio/steps.ts";

const JOB: JobStatus = {
  task_id: "1",
  status: "processing",
  progress: 40,
  stage: "video_generation",
  stages: { audio_processing: { share: 1, seconds: 3 }, video_generation: { share: 0.4, seconds: null } },
};

test("steps before the present one are done, those after it are to come", () => {
  expect(stepOf(JOB, "audio_processing")).toEqual({ state: "done", share: 1, seconds: 3 });
  expect(stepOf(JOB, "controller").state).toBe("done");
  expect(stepOf(JOB, "video_generation")).toEqual({ state: "now", share: 0.4, seconds: null });
  expect(stepOf(JOB, "quality_enhancement").state).toBe("next");
});

test("nothing is done of a job that waits, everything of a completed one", () => {
  expect(stepOf(null, "audio_processing").state).toBe("next");
  expect(stepOf({ ...JOB, status: "pending" }, "audio_processing").state).toBe("next");
  expect(stepOf({ ...JOB, status: "completed" }, "quality_enhancement").state).toBe("done");
});

test("no step of a failed job is at work", () => {
  expect(stepOf({ ...JOB, status: "failed" }, "video_generation").state).toBe("next");
});

test("the time of all steps is what was timed", () => {
  expect(secondsTaken(JOB)).toBe(3);
  expect(secondsTaken({ ...JOB, stages: {} })).toBeNull();
});
