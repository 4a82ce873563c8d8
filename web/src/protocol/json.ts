/** JSON over HTTP with the house's errors: a code and one sentence. */

/** The server said no, and why. `message` is its own sentence, empty when it gave none. */
export class Refusal extends Error {
  constructor(
    readonly code: string,
    message: string,
    readonly status: number,
  ) {
    super(message);
  }
}

/** No answer came at all. */
export class Unreachable extends Error {}

export async function sendJson<T>(url: string, init: RequestInit): Promise<T> {
  let response: Response;
  try {
    response = await fetch(url, { ...init, headers: { accept: "application/json", ...init.headers } });
  } catch (error) {
    if (init.signal?.aborted) throw error;
    throw new Unreachable(url);
  }
  const body = response.status === 204 ? null : await response.json().catch(() => null);
  if (response.ok) return body as T;
  const error = (body as { error?: { code?: string; message?: string } } | null)?.error;
  throw new Refusal(error?.code ?? `http.${response.status}`, error?.message ?? "", response.status);
}

export function getJson<T>(url: string): Promise<T> {
  return sendJson<T>(url, { method: "GET" });
}

export function postJson<T>(url: string, body: unknown): Promise<T> {
  return sendJson<T>(url, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
}
