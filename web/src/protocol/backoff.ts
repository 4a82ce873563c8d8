/** How long to wait before the next attempt: doubling from half a second to eight, with up to a quarter of jitter. */

const FIRST_MS = 500;
const LONGEST_MS = 8000;
const JITTER = 0.25;

/** `attempt` counts from 0; `random` is in [0, 1). */
export function backoffMs(attempt: number, random: number): number {
  const base = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(attempt, 10));
  return Math.round(base * (1 - JITTER * random));
}
