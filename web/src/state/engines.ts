/** Which parts of the server cannot be used now. */

import type { Engine } from "../protocol/events.ts";

/** A part may have several engines, of which one is enough; one that still loads is no trouble. */
export function brokenKinds(engines: readonly Engine[]): ReadonlySet<string> {
  const failed = engines.filter((one) => one.state === "failed").map((one) => one.kind);
  return new Set(failed.filter((kind) => engines.every((one) => one.kind !== kind || one.state === "failed")));
}

/** Whether a notice was about a part, by its code (`stt.unavailable`), and that part works again. */
export function isOver(code: string, engines: readonly Engine[]): boolean {
  const kind = code.split(".")[0];
  return engines.some((one) => one.kind === kind) && !brokenKinds(engines).has(kind ?? "");
}
