/** Follows one job until it is over, through lost connections and restarts of the server. */

import { Refusal, Unreachable } from "../protocol/json.ts";
import { isOver, type JobStatus, parseStatus } from "../protocol/studio.ts";

/** What the line needs of the world. */
export interface LineHost {
  status(id: string): Promise<JobStatus>;
  events(id: string): EventSource;
  setTimer(run: () => void, ms: number): number;
  clearTimer(id: number): void;
}

export interface LineListener {
  onStatus(status: JobStatus): void;
  /** Whether the server can be reached and has come up. */
  onReachable(reachable: boolean): void;
  /** The server knows no such job, or will not speak of it. */
  onRefused(error: unknown): void;
}

const FIRST_WAIT_MS = 800;
const LONGEST_WAIT_MS = 6000;

export class JobLine {
  private source: EventSource | null = null;
  private timer: number | null = null;
  private wait = FIRST_WAIT_MS;
  private closed = false;

  constructor(
    private readonly id: string,
    private readonly host: LineHost,
    private readonly listener: LineListener,
  ) {}

  /** Asks for the status, then listens for as long as the job is not over. */
  async open(): Promise<void> {
    let status: JobStatus;
    try {
      status = await this.host.status(this.id);
    } catch (error) {
      if (this.closed) return;
      if (error instanceof Unreachable || (error instanceof Refusal && error.status >= 500)) {
        this.listener.onReachable(false);
        this.again();
      } else this.listener.onRefused(error);
      return;
    }
    if (this.closed) return;
    this.wait = FIRST_WAIT_MS;
    this.listener.onReachable(true);
    this.listener.onStatus(status);
    if (!isOver(status.status)) this.listen();
  }

  close(): void {
    this.closed = true;
    this.source?.close();
    if (this.timer !== null) this.host.clearTimer(this.timer);
  }

  private listen(): void {
    const source = this.host.events(this.id);
    this.source = source;
    const take = (event: Event) => {
      if (!(event instanceof MessageEvent)) this.lost(source);
      else this.take(source, String(event.data));
    };
    for (const name of ["progress", "done", "error"]) source.addEventListener(name, take);
  }

  private take(source: EventSource, data: string): void {
    if (source !== this.source || this.closed) return;
    let status: JobStatus;
    try {
      status = parseStatus(data);
    } catch {
      this.lost(source);
      return;
    }
    if (isOver(status.status)) {
      source.close();
      this.source = null;
    }
    this.listener.onStatus(status);
  }

  private lost(source: EventSource): void {
    source.close();
    if (source !== this.source || this.closed) return;
    this.source = null;
    this.again();
  }

  private again(): void {
    this.timer = this.host.setTimer(() => void this.open(), this.wait);
    this.wait = Math.min(LONGEST_WAIT_MS, this.wait * 1.6);
  }
}
