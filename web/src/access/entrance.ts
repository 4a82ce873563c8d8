/** Before any page: is a key needed, and is it here? */

import { askEntry } from "../protocol/access.ts";

/** Whether the page has to ask for a key first; a server that gives no answer is the page's own trouble, not ours. */
export async function mustAsk(base: string): Promise<boolean> {
  const entry = await askEntry(base).catch(() => null);
  return entry?.needed === true && !entry.granted;
}
