/** The studio's page as one object: what is shown, and what the person can do. */

import { type Avatar, isOver, type JobStatus, type StudioApi, type Uploaded, type Voice } from "../protocol/studio.ts";
import { type Trouble, troubleOf } from "../workshop/sentence.ts";
import { type Draft, EMPTY_DRAFT, missingFrom, type Photo, requestOf, type Sending, type Sound } from "./draft.ts";
import { JobLine } from "./job-line.ts";

export interface StudioView {
  readonly avatars: readonly Avatar[];
  readonly voices: readonly Voice[];
  readonly draft: Draft;
  /** The person has asked for the video while something was missing. */
  readonly asked: boolean;
  /** Something is on its way to the server and its buttons wait. */
  readonly busy: boolean;
  /** What went wrong with the last thing asked for. */
  readonly trouble: Trouble | null;
  readonly jobId: string | null;
  readonly job: JobStatus | null;
  /** Whether the job's line is up. */
  readonly reachable: boolean;
}

const START: StudioView = {
  avatars: [],
  voices: [],
  draft: EMPTY_DRAFT,
  asked: false,
  busy: false,
  trouble: null,
  jobId: null,
  job: null,
  reachable: true,
};

const LISTS_RETRY_MS = 3000;

export class Studio {
  private view = START;
  private readonly watchers = new Set<() => void>();
  private readonly uploads = new Map<"photo" | "sound", AbortController>();
  private line: JobLine | null = null;

  constructor(readonly api: StudioApi) {}

  readonly watch = (watcher: () => void): (() => void) => {
    this.watchers.add(watcher);
    return () => this.watchers.delete(watcher);
  };

  readonly read = (): StudioView => this.view;

  /** Fetches avatars and voices, and follows `jobId` when the page was opened for one. */
  start(jobId: string | null): void {
    if (jobId) this.follow(jobId);
    void this.fetchList(() => this.fetchAvatars());
    void this.fetchList(async () => this.set({ voices: await this.api.voices() }));
  }

  change(change: Partial<Draft>): void {
    this.set({ draft: { ...this.view.draft, ...change }, trouble: null });
  }

  chooseAvatar(avatar: Avatar): void {
    this.change({ portrait: { kind: "avatar", id: avatar.id, name: avatar.name } });
  }

  /** A picture to speak with; the server looks whether it holds one good face. */
  choosePhoto(file: File): void {
    const before = this.view.draft.photo;
    if (before) URL.revokeObjectURL(before.url);
    const url = URL.createObjectURL(file);
    const { consent } = this.view.draft;
    const photo: Photo = { url, sending: { state: "sending" } };
    this.change({ portrait: { kind: "photo" }, photo, consent: { ...consent, portrait: false } });
    void this.upload("photo", file, file.name || "portrait", (sending) => {
      const now = this.view.draft.photo;
      if (now?.url === url) this.change({ photo: { ...now, sending } });
    });
  }

  /** A recording to speak with. `name` is empty for what was recorded here. */
  chooseSound(file: Blob, name: string, duration: number | null, levels: readonly number[]): void {
    this.dropSound();
    const url = URL.createObjectURL(file);
    const { consent } = this.view.draft;
    const sound: Sound = { name, url, duration, levels, sending: { state: "sending" } };
    this.change({ source: "sound", sound, consent: { ...consent, voice: false } });
    void this.upload("sound", file, name || "recording.wav", (sending, uploaded) => {
      const now = this.view.draft.sound;
      if (now?.url === url) {
        this.change({ sound: { ...now, sending, duration: uploaded?.duration ?? now.duration } });
      }
    });
  }

  /** The levels of a sound file, when the browser could read it. */
  describeSound(url: string, levels: readonly number[], duration: number): void {
    const now = this.view.draft.sound;
    if (now?.url === url) this.change({ sound: { ...now, levels, duration: now.duration ?? duration } });
  }

  get soundUrl(): string | null {
    return this.view.draft.sound?.url ?? null;
  }

  dropSound(): void {
    const before = this.view.draft.sound;
    this.uploads.get("sound")?.abort();
    if (!before) return;
    URL.revokeObjectURL(before.url);
    this.change({ sound: null });
  }

  /** Asks for the video; returns whether nothing was missing. */
  async make(): Promise<boolean> {
    if (this.view.busy) return true;
    this.set({ asked: true, trouble: null });
    if (missingFrom(this.view.draft)) return false;
    await this.ask(async () => {
      const { task_id } = await this.api.generate(requestOf(this.view.draft));
      this.set({ asked: false });
      this.follow(task_id);
    });
    return true;
  }

  async cancel(): Promise<void> {
    const { jobId } = this.view;
    if (jobId) await this.ask(() => this.api.cancel(jobId).then(() => this.follow(jobId)));
  }

  async retry(): Promise<void> {
    const { jobId } = this.view;
    if (jobId) await this.ask(() => this.api.retry(jobId).then(() => this.follow(jobId)));
  }

  /** Back to the draft, which is as it was. */
  leave(): void {
    this.line?.close();
    this.line = null;
    this.set({ jobId: null, job: null, trouble: null, reachable: true, asked: false });
  }

  private follow(id: string): void {
    this.line?.close();
    const same = this.view.jobId === id;
    this.set({ jobId: id, job: same ? this.view.job : null, trouble: null, reachable: true });
    const line = new JobLine(
      id,
      {
        status: (job) => this.api.status(job),
        events: (job) => this.api.events(job),
        setTimer: (run, ms) => window.setTimeout(run, ms),
        clearTimer: (timer) => window.clearTimeout(timer),
      },
      {
        onStatus: (job) => this.set({ job }),
        onReachable: (reachable) => this.set({ reachable }),
        onRefused: (error) => {
          this.leave();
          this.set({ trouble: troubleOf(error) });
        },
      },
    );
    this.line = line;
    void line.open();
  }

  private async ask(work: () => Promise<unknown>): Promise<void> {
    this.set({ busy: true, trouble: null });
    try {
      await work();
    } catch (error) {
      this.set({ trouble: troubleOf(error) });
    } finally {
      this.set({ busy: false });
    }
  }

  private async upload(
    what: "photo" | "sound",
    file: Blob,
    name: string,
    tell: (sending: Sending, uploaded?: Uploaded) => void,
  ): Promise<void> {
    this.uploads.get(what)?.abort();
    const abort = new AbortController();
    this.uploads.set(what, abort);
    try {
      const uploaded = await this.api.upload(what === "photo" ? "image" : "audio", file, name, abort.signal);
      tell({ state: "sent", fileId: uploaded.file_id }, uploaded);
    } catch (error) {
      if (!abort.signal.aborted) tell({ state: "refused", trouble: troubleOf(error) });
    }
  }

  private async fetchAvatars(): Promise<void> {
    const avatars = await this.api.avatars();
    const first = avatars[0];
    this.set({ avatars });
    if (first && !this.view.draft.portrait) this.chooseAvatar(first);
  }

  /** Asks again until the server is there. */
  private async fetchList(fetch: () => Promise<void>): Promise<void> {
    try {
      await fetch();
    } catch {
      window.setTimeout(() => void this.fetchList(fetch), LISTS_RETRY_MS);
    }
  }

  private set(change: Partial<StudioView>): void {
    this.view = { ...this.view, ...change };
    for (const watcher of this.watchers) watcher();
  }
}

/** Whether the page shows the draft, a job at work, or how it ended. */
export function sceneOf(view: StudioView): "draft" | "making" | "ended" {
  if (view.jobId === null) return "draft";
  return view.job && isOver(view.job.status) ? "ended" : "making";
}
