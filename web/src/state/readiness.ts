/** How far the server's preparation is. */

import type { Component, Readiness } from "../protocol/http.ts";

function share(component: Component): number {
  if (component.state === "ready") return 1;
  const progress = component.progress ?? 0;
  return Math.max(0, Math.min(1, progress > 1 ? progress / 100 : progress));
}

/** The share of the work that is done, from 0 to 1. */
export function progressOf(readiness: Readiness): number {
  const { components, status } = readiness;
  if (status === "ready") return 1;
  if (components.length === 0) return 0;
  return components.reduce((sum, one) => sum + share(one), 0) / components.length;
}

/** What is being prepared right now: the one furthest along that is not ready. */
export function busyWith(readiness: Readiness): Component | null {
  const waiting = readiness.components.filter((one) => one.state !== "ready");
  return waiting.reduce<Component | null>((best, one) => (best && share(best) >= share(one) ? best : one), null);
}
