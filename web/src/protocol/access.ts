/** Whether the server wants a key from this browser, and how one is handed in. */

import { getJson, postJson } from "./json.ts";

export interface Entry {
  readonly needed: boolean;
  readonly granted: boolean;
}

/** `base` is the address of the pages, ending in a slash. Rejects with `Refusal` or `Unreachable`. */
export function askEntry(base: string): Promise<Entry> {
  return getJson<Entry>(`${base}api/v1/access`);
}

/** Hands in a key; the server answers with a cookie that scripts cannot read. Rejects as `askEntry`. */
export function handIn(base: string, key: string): Promise<Entry> {
  return postJson<Entry>(`${base}api/v1/access`, { key });
}

/** Whether a code of the server's says that it wants a key which this browser does not, or no longer, have. */
export function isKeyWanted(code: string | null | undefined): boolean {
  return code === "access.missing" || code === "access.expired" || code === "access.wrong";
}
