import { expect, test } from "vitest";
import { Refusal, Unreachable } from "../../src/protocol/json.ts";
import type { JobStatus } from "../../src/protocol/studio.ts";
import { JobLine } from "../../src/studio/job-line.ts";

const ID = "job-1";

function status(change: Partial<JobStatus> = {}): JobStatus {
  return { task_id: ID, status: "processing", progress: 10, ...change };
}

/** An event source that says what the test says. */
class Source extends EventTarget {
  closed = false;
  close(): void {
    this.closed = true;
  }
  say(name: string, data: unknown): void {
    this.dispatchEvent(new MessageEvent(name, { data: JSON.stringify(data) }));
  }
}

function rig(answers: readonly (JobStatus | Error)[]) {
  const left = [...answers];
  const log: string[] = [];
  const sources: Source[] = [];
  const timers: (() => void)[] = [];
  const waits: number[] = [];
  const line = new JobLine(
    ID,
    {
      status: async () => {
        const next = left.shift();
        if (!next) throw new Error("asked once too often");
        if (next instanceof Error) throw next;
        return next;
      },
      events: () => {
        const source = new Source();
        sources.push(source);
        return source as unknown as EventSource;
      },
      setTimer: (run, ms) => {
        waits.push(ms);
        return timers.push(run);
      },
      clearTimer: () => timers.splice(0),
    },
    {
      onStatus: (job) => log.push(`${job.status} ${job.progress}`),
      onReachable: (reachable) => log.push(reachable ? "there" : "gone"),
      onRefused: (error) => log.push(`refused ${(error as Refusal).code}`),
    },
  );
  const due = async () => {
    timers.shift()?.();
    await Promise.resolve();
    await new Promise((resolve) => setTimeout(resolve));
  };
  return { line, log, sources, waits, due };
}

test("progress comes in until the job is done, then the line is closed", async () => {
  const { line, log, sources } = rig([status()]);
  await line.open();
  sources[0]?.say("progress", status({ progress: 40 }));
  sources[0]?.say("done", status({ status: "completed", progress: 100 }));
  expect(log).toEqual(["there", "processing 10", "processing 40", "completed 100"]);
  expect(sources[0]?.closed).toBe(true);
});

test("a job that is over is not listened to", async () => {
  const { line, sources } = rig([status({ status: "failed" })]);
  await line.open();
  expect(sources).toHaveLength(0);
});

test("an error of the job is a status; an error of the line is a reason to ask again", async () => {
  const { line, log, sources, due } = rig([status(), status({ progress: 60 })]);
  await line.open();
  sources[0]?.dispatchEvent(new Event("error"));
  expect(sources[0]?.closed).toBe(true);
  await due();
  sources[1]?.say("error", status({ status: "failed", error: { code: "tts.failed", message: "No." } }));
  expect(log).toEqual(["there", "processing 10", "there", "processing 60", "failed 10"]);
});

test("a server that is gone is asked again, ever more slowly, until it is back", async () => {
  const loading = new Refusal("server.loading", "The models are still loading.", 503);
  const { line, log, waits, due } = rig([new Unreachable("x"), loading, status()]);
  await line.open();
  await due();
  await due();
  expect(log).toEqual(["gone", "gone", "there", "processing 10"]);
  expect(waits[1]).toBeGreaterThan(waits[0] ?? 0);
});

test("a job that the server does not know is not asked for again", async () => {
  const { line, log, waits } = rig([new Refusal("job.unknown", "There is no such job.", 404)]);
  await line.open();
  expect(log).toEqual(["refused job.unknown"]);
  expect(waits).toEqual([]);
});

test("a closed line says nothing any more", async () => {
  const { line, log, sources } = rig([status()]);
  await line.open();
  line.close();
  sources[0]?.say("progress", status({ progress: 90 }));
  expect(log).toEqual(["there", "processing 10"]);
});
