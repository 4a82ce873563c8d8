/** A recording drawn as bars: loudness over time on a scale made for the eye. */

/** `count` heights in [0, 1], the loudest at 1, from levels in [0, 1] at equal steps. */
export function barsOf(levels: ArrayLike<number>, count: number): number[] {
  const bars: number[] = [];
  let loudest = 0;
  for (let i = 0; i < count; i++) {
    const from = Math.floor((i * levels.length) / count);
    const to = Math.max(from + 1, Math.floor(((i + 1) * levels.length) / count));
    let peak = 0;
    for (let j = from; j < Math.min(to, levels.length); j++) peak = Math.max(peak, levels[j] ?? 0);
    bars.push(peak);
    loudest = Math.max(loudest, peak);
  }
  return loudest > 0 ? bars.map((bar) => bar / loudest) : bars;
}

/** The last `count` levels, the newest at the right, with silence before the first. */
export function latestBars(levels: readonly number[], count: number): number[] {
  const last = levels.slice(-count);
  return [...Array<number>(count - last.length).fill(0), ...last];
}

/** Root mean squares over `count` equal pieces of a mono recording. */
export function levelsOf(samples: Float32Array, count: number): number[] {
  const levels: number[] = [];
  for (let i = 0; i < count; i++) {
    const from = Math.floor((i * samples.length) / count);
    const to = Math.floor(((i + 1) * samples.length) / count);
    let sum = 0;
    for (let j = from; j < to; j++) sum += (samples[j] ?? 0) ** 2;
    levels.push(Math.sqrt(sum / Math.max(1, to - from)));
  }
  return levels;
}
