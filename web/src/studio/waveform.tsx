const WIDTH = 3;
const GAP = 2;
const HEIGHT = 40;
const LEAST = 3;

/** Bars for a recording; those before `played` (a share of the whole) are in the accent's colour. */
export function Waveform({ bars, played }: { readonly bars: readonly number[]; readonly played: number }) {
  const width = bars.length * (WIDTH + GAP) - GAP;
  return (
    <svg
      className="waveform"
      viewBox={`0 0 ${width} ${HEIGHT}`}
      preserveAspectRatio="none"
      aria-hidden="true"
      focusable="false"
    >
      {bars.map((bar, i) => {
        const height = Math.max(LEAST, bar * HEIGHT);
        return (
          <rect
            // biome-ignore lint/suspicious/noArrayIndexKey: a bar is its place
            key={i}
            x={i * (WIDTH + GAP)}
            y={(HEIGHT - height) / 2}
            width={WIDTH}
            height={height}
            rx={WIDTH / 2}
            data-played={i < played * bars.length}
          />
        );
      })}
    </svg>
  );
}
