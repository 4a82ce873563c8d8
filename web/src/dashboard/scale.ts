/** Numbers turned into places on a chart. */

/** So that small differences stay small to the eye. */
const LEAST_SPAN = 15;

/** Round values from at or below `lowest` to at or above `high`, a few of them, inside 0 … 100. */
export function ticksFor(lowest: number, high: number): readonly number[] {
  const low = Math.max(0, Math.min(lowest, high - LEAST_SPAN));
  const span = Math.max(high - low, LEAST_SPAN);
  const step = [2, 5, 10, 20, 25, 50].find((one) => span / one <= 4) ?? 50;
  const last = Math.min(100, Math.max(step, Math.ceil(high / step) * step));
  const first = Math.max(0, Math.min(Math.floor(low / step) * step, last - step));
  const ticks: number[] = [];
  for (let tick = first; tick <= last; tick += step) ticks.push(tick);
  return ticks;
}

/** Where `value` lies between `from` and `to`, 0 … 1. */
export function shareOf(value: number, from: number, to: number): number {
  return to === from ? 0.5 : Math.max(0, Math.min(1, (value - from) / (to - from)));
}
