/** The studio's part of the server: files go up, jobs are made and followed, numbers come back. */

import type { Language } from "./events.ts";
import { getJson, postJson, Refusal, sendJson } from "./json.ts";

export type JobState = "pending" | "processing" | "completed" | "failed" | "cancelled";

export const STAGES = [
  "audio_processing",
  "emotion_detection",
  "controller",
  "video_generation",
  "quality_enhancement",
] as const;
export type Stage = (typeof STAGES)[number];

export const EMOTIONS = ["neutral", "happy", "sad", "angry", "fearful", "disgusted", "surprised"] as const;
export type Emotion = (typeof EMOTIONS)[number];

export interface Uploaded {
  readonly file_id: string;
  readonly kind: string;
  readonly url?: string;
  readonly width?: number;
  readonly height?: number;
  readonly duration?: number;
}

export interface Options {
  readonly size: number;
  readonly container: "mp4" | "webm";
  readonly background: string;
  readonly captions: "none" | "sidecar" | "burned";
  readonly emotion: Emotion | null;
  readonly sharpen: boolean;
}

export interface GenerateBody {
  /** `avatar:ID`, or the id of an uploaded picture. */
  readonly portrait: string;
  readonly script?: string;
  /** The id of an uploaded sound. */
  readonly audio?: string;
  readonly language?: Language;
  readonly voice?: string;
  readonly options: Options;
  readonly consent: { readonly portrait: boolean; readonly voice: boolean };
}

export interface JobStatus {
  readonly task_id: string;
  readonly status: JobState;
  /** 0 … 100. */
  readonly progress: number;
  readonly stage?: Stage | "" | null;
  readonly stages?: Readonly<Partial<Record<Stage, { readonly share?: number; readonly seconds?: number | null }>>>;
  readonly message?: string;
  readonly preview_url?: string | null;
  readonly video_url?: string | null;
  readonly captions?: Readonly<Partial<Record<"srt" | "vtt", string>>> | null;
  readonly emotion?: string;
  readonly confidence?: number | null;
  readonly avatar_control?: Readonly<Record<string, number>>;
  readonly control_source?: string;
  readonly quality?: Quality | null;
  readonly provenance?: Provenance | null;
  readonly error?: { readonly code: string; readonly message: string } | null;
  readonly created_at?: string;
  readonly seconds_left?: number | null;
  readonly position?: number | null;
  /** It waits because somebody talks with the server. */
  readonly paused?: boolean;
}

/** What was measured of a video; names and numbers as the server has them. */
export type Quality = Readonly<Record<string, unknown>>;

/** What the content credentials in the file say. */
export interface Provenance {
  readonly valid?: boolean;
  readonly ai_generated?: boolean;
  readonly engine?: string;
  readonly portrait_hash?: string;
  readonly signer?: string;
  readonly development?: boolean;
  /** The id of the file of credentials beside a video that cannot carry them. */
  readonly sidecar?: string | null;
  readonly problems?: readonly string[];
}

export interface RecentJob {
  readonly id: string;
  readonly created_at: string;
  readonly status: JobState;
  readonly realtime_factor?: number | null;
  readonly quality?: number | null;
}

export interface Statistics {
  readonly total_jobs: number;
  readonly completed: number;
  readonly failed?: number;
  readonly cancelled?: number;
  readonly success_rate?: number | null;
  readonly avg_fps?: number | null;
  readonly avg_quality?: number | null;
  readonly stage_seconds?: Readonly<Partial<Record<Stage, number>>>;
  readonly recent?: readonly RecentJob[];
}

export interface Avatar {
  readonly id: string;
  readonly name: string;
}

export interface Voice {
  readonly id: string;
}

/** Whether nothing more will happen to a job. */
export function isOver(state: JobState): boolean {
  return state === "completed" || state === "failed" || state === "cancelled";
}

/** `base` is the address of the pages, ending in a slash. Every call rejects with `Refusal` or `Unreachable`. */
export class StudioApi {
  constructor(readonly base: string) {}

  async avatars(): Promise<readonly Avatar[]> {
    return (await getJson<{ data: readonly Avatar[] }>(`${this.base}v1/avatars`)).data;
  }

  async voices(): Promise<readonly Voice[]> {
    return (await getJson<{ data: readonly Voice[] }>(`${this.base}v1/voices`)).data;
  }

  /** A picture of an avatar for the page. */
  plate(id: string): string {
    return `${this.base}v1/avatars/${encodeURIComponent(id)}/plate.webp`;
  }

  /** Sends a file; `kind` says what it is meant to be, the server looks what it is. */
  upload(kind: "image" | "audio", file: Blob, name: string, signal: AbortSignal): Promise<Uploaded> {
    const body = new FormData();
    body.append("file", file, name);
    return sendJson<Uploaded>(`${this.base}api/v1/upload/${kind}`, { method: "POST", body, signal });
  }

  generate(body: GenerateBody): Promise<{ readonly task_id: string; readonly position?: number }> {
    return postJson(`${this.base}api/v1/generate`, body);
  }

  status(id: string): Promise<JobStatus> {
    return getJson<JobStatus>(this.job(id)).then(withProgress);
  }

  cancel(id: string): Promise<unknown> {
    return sendJson(this.job(id), { method: "DELETE" });
  }

  retry(id: string): Promise<unknown> {
    return sendJson(`${this.job(id)}/retry`, { method: "POST" });
  }

  /** The stream of a job's progress as server-sent events. */
  events(id: string): EventSource {
    return new EventSource(`${this.job(id)}/events`);
  }

  statistics(): Promise<Statistics> {
    return getJson<Statistics>(`${this.base}api/v1/stats/dashboard`);
  }

  /** An address from an answer, which may be relative to the server's root. */
  resolve(url: string): string {
    return url.startsWith("/") ? this.base + url.slice(1) : new URL(url, this.base).href;
  }

  /** The address of a file of the studio's. */
  output(id: string): string {
    return `${this.base}outputs/${encodeURIComponent(id)}`;
  }

  private job(id: string): string {
    return `${this.base}api/v1/status/${encodeURIComponent(id)}`;
  }
}

/** A status as it came over the line. Throws a `Refusal` for something else. */
export function parseStatus(text: string): JobStatus {
  const value = JSON.parse(text) as JobStatus;
  if (typeof value?.task_id !== "string") throw new Refusal("job.unreadable", "", 0);
  return withProgress(value);
}

function withProgress(status: JobStatus): JobStatus {
  return { ...status, progress: Math.max(0, Math.min(100, status.progress ?? 0)) };
}
