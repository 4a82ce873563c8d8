/** Numbers turned into places on a chart. */

/** Round values from at or below `low` to at or above `high`, a few of them, inside 0 … 100. */
export function ticksFor(low: number, high: number): readonly number[] {
  const span = Math.max(high - low, 1);
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
