/** Layers of signed steps on one grid, summed by weights: each only where it is not zero. */

/** Columns and rows of a grid: from `left`, `top` up to before `right`, `bottom`. */
export interface Area {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

interface Layer {
  readonly area: Area;
  /** The area's steps, row by row, the values of a node beside each other. */
  readonly steps: Float32Array;
}

/** So many values, each by its place. `Float32Array.from` does the same ten times slower: 0.4 s of a start. */
export function filled(length: number, value: (place: number) => number): Float32Array {
  const values = new Float32Array(length);
  for (let place = 0; place < length; place++) values[place] = value(place);
  return values;
}

/** The area of a grid where any of `width` interleaved values is not zero. */
export function areaOf(values: ArrayLike<number>, grid: number, width: number): Area {
  let [left, top, right, bottom] = [grid, grid, 0, 0];
  for (let y = 0; y < grid; y++)
    for (let i = width * grid * y; i < width * grid * (y + 1); i++) {
      if (!values[i]) continue;
      const x = Math.floor(i / width) - grid * y;
      left = Math.min(left, x);
      right = Math.max(right, x + 1);
      top = Math.min(top, y);
      bottom = y + 1;
    }
  return { left: Math.min(left, right), top: Math.min(top, bottom), right, bottom };
}

export class Layers {
  /** The latest sum: `width` values a node. */
  readonly total: Float32Array;
  /** The largest step of each layer. */
  readonly peaks: readonly number[];
  private readonly layers: readonly Layer[];

  /** `layers` hold `width` interleaved steps for every node. */
  constructor(
    readonly grid: number,
    readonly width: number,
    layers: readonly Float32Array[],
  ) {
    this.total = new Float32Array(width * grid * grid);
    this.peaks = layers.map((steps) => steps.reduce((most, step) => Math.max(most, Math.abs(step)), 0));
    this.layers = layers.map((steps) => {
      const area = areaOf(steps, grid, width);
      return { area, steps: this.cut(steps, area) };
    });
  }

  /** The most by which any value of the sum can differ between two sets of weights. */
  change(before: ArrayLike<number>, after: ArrayLike<number>): number {
    return this.peaks.reduce((sum, peak, i) => sum + peak * Math.abs((after[i] ?? 0) - (before[i] ?? 0)), 0);
  }

  /** Sums the layers whose weighted steps reach `least`; the area outside of which nothing is left. */
  sum(weights: ArrayLike<number>, least: number): Area {
    const { total, grid, width } = this;
    let [left, top, right, bottom] = [grid, grid, 0, 0];
    total.fill(0);
    this.layers.forEach(({ area, steps }, i) => {
      const weight = weights[i] ?? 0;
      if (!(Math.abs(weight) * (this.peaks[i] ?? 0) >= least)) return;
      const span = width * (area.right - area.left);
      let from = 0;
      for (let y = area.top; y < area.bottom; y++) {
        let to = width * (y * grid + area.left);
        for (const end = to + span; to < end; to++, from++) total[to] = (total[to] ?? 0) + weight * (steps[from] ?? 0);
      }
      left = Math.min(left, area.left);
      top = Math.min(top, area.top);
      right = Math.max(right, area.right);
      bottom = Math.max(bottom, area.bottom);
    });
    return { left: Math.min(left, right), top: Math.min(top, bottom), right, bottom };
  }

  private cut(steps: Float32Array, { left, top, right, bottom }: Area): Float32Array {
    const { grid, width } = this;
    const span = width * (right - left);
    const part = new Float32Array(span * (bottom - top));
    for (let y = top; y < bottom; y++) {
      const from = width * (y * grid + left);
      part.set(steps.subarray(from, from + span), span * (y - top));
    }
    return part;
  }
}
