/** Asks /readyz until the server is ready, and again while it is out of reach. */

import type { Readiness } from "../protocol/http.ts";

const SOON_MS = 1000;
const LATER_MS = 2500;

export class ReadinessWatch {
  private timer: ReturnType<typeof setTimeout> | null = null;
  private running = false;

  /** `onAnswer` gets null when the server did not answer. */
  constructor(
    private readonly ask: () => Promise<Readiness>,
    private readonly onAnswer: (readiness: Readiness | null) => void,
  ) {}

  /** Asks now and goes on until the server says that it is ready. */
  start(): void {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
    if (!this.running) void this.round();
  }

  stop(): void {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
  }

  private async round(): Promise<void> {
    this.running = true;
    const readiness = await this.ask().catch(() => null);
    this.running = false;
    this.onAnswer(readiness);
    if (readiness?.status !== "ready") this.timer = setTimeout(() => this.start(), readiness ? SOON_MS : LATER_MS);
  }
}
