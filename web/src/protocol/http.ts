/** What the page asks over plain HTTP: is the server ready, and who is there to talk to. */

import type { Persona } from "./events.ts";

export interface Component {
  readonly kind: string;
  readonly name: string;
  readonly model?: string;
  readonly state: string;
  readonly progress?: number | null;
  readonly detail?: string | null;
}

export interface Readiness {
  readonly status: "ready" | "loading" | "failed";
  /** Why it failed, in a sentence. */
  readonly detail?: string;
  readonly components: readonly Component[];
}

const TIMEOUT_MS = 8000;

async function getJson(url: string): Promise<unknown> {
  const response = await fetch(url, {
    signal: AbortSignal.timeout(TIMEOUT_MS),
    headers: { accept: "application/json" },
  });
  const isJson = response.headers.get("content-type")?.includes("json");
  if (!isJson) throw new Error(`${url} answered ${response.status}`);
  return response.json();
}

/** Rejects when the server cannot be reached; a server that is still loading is an answer. */
export async function fetchReadiness(base: string): Promise<Readiness> {
  const body = (await getJson(`${base}readyz`)) as Partial<Readiness>;
  const said = body.status as string | undefined;
  // Degraded: a part is out of order, and the conversation says which.
  const status = said === "ready" || said === "degraded" ? "ready" : said === "failed" ? "failed" : "loading";
  return { status, detail: body.detail ?? "", components: Array.isArray(body.components) ? body.components : [] };
}

/** The personas of this server; takes a bare list as well as `{data: [...]}`. */
export async function fetchPersonas(base: string): Promise<readonly Persona[]> {
  const body = (await getJson(`${base}v1/personas`)) as { data?: unknown; personas?: unknown };
  const list = Array.isArray(body) ? body : (body.data ?? body.personas);
  return Array.isArray(list) ? (list as Persona[]) : [];
}
