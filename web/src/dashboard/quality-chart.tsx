import { useLayoutEffect, useRef, useState } from "react";
import { DASHBOARD } from "../words/dashboard-messages.ts";
import { formatNumber, formatWhen } from "../workshop/format.ts";
import { useLanguage, useTable } from "../workshop/language.tsx";
import type { Score } from "./figures.ts";
import { shareOf, ticksFor } from "./scale.ts";

const HEIGHT = 200;
const LEFT = 34;
const RIGHT = 14;
const TOP = 14;
const BOTTOM = 14;

/** The width of an element in px, as it changes. */
function useWidth() {
  const box = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(480);
  useLayoutEffect(() => {
    const element = box.current;
    if (!element) return;
    const measure = () => setWidth(element.clientWidth);
    const watcher = new ResizeObserver(measure);
    measure();
    watcher.observe(element);
    return () => watcher.disconnect();
  }, []);
  return { box, width };
}

/** One dot a video, joined by a line; the one under the pointer says what it is. */
export function QualityChart({ scores }: { readonly scores: readonly Score[] }) {
  const t = useTable(DASHBOARD);
  const { language } = useLanguage();
  const { box, width } = useWidth();
  const [near, setNear] = useState<number | null>(null);
  const values = scores.map((one) => one.score);
  const low = Math.min(...values);
  const high = Math.max(...values);
  const ticks = ticksFor(low, high);
  const from = ticks[0] ?? 0;
  const to = ticks.at(-1) ?? 100;
  const x = (i: number) => LEFT + shareOf(i, 0, scores.length - 1) * (width - LEFT - RIGHT);
  const y = (value: number) => TOP + (1 - shareOf(value, from, to)) * (HEIGHT - TOP - BOTTOM);
  const line = values.map((value, i) => `${i === 0 ? "M" : "L"}${x(i).toFixed(1)} ${y(value).toFixed(1)}`).join("");
  const show = (clientX: number) => {
    const left = box.current?.getBoundingClientRect().left ?? 0;
    const share = shareOf(clientX - left, LEFT, width - RIGHT);
    setNear(Math.round(share * (scores.length - 1)));
  };
  const round = (value: number) => formatNumber(value, language, 1);
  const summary = t("qualitySummary", {
    n: String(scores.length),
    low: round(low),
    high: round(high),
    last: round(values.at(-1) ?? 0),
  });
  const told = scores[near ?? -1];
  return (
    <div ref={box} className="quality-chart">
      <svg
        width={width}
        height={HEIGHT}
        role="img"
        aria-label={summary}
        onPointerMove={(event) => show(event.clientX)}
        onPointerDown={(event) => show(event.clientX)}
        onPointerLeave={() => setNear(null)}
      >
        {ticks.map((tick) => (
          <g key={tick}>
            <line className="grid" x1={LEFT} x2={width - RIGHT} y1={y(tick)} y2={y(tick)} />
            <text className="tick-text" x={LEFT - 10} y={y(tick)} dy="0.32em" textAnchor="end">
              {tick}
            </text>
          </g>
        ))}
        {near !== null && <line className="cross" x1={x(near)} x2={x(near)} y1={TOP} y2={HEIGHT - BOTTOM} />}
        <path className="line" d={line} />
        {scores.map(({ job, score }, i) => (
          <circle
            key={job.id}
            className="point"
            data-near={i === near}
            cx={x(i)}
            cy={y(score)}
            r={i === near ? 6 : 4}
          />
        ))}
      </svg>
      {told && near !== null && (
        <p
          className="chart-tip"
          style={{
            left: `${Math.max(70, Math.min(width - 70, x(near)))}px`,
            top: `${y(told.score) < 70 ? y(told.score) + 14 : y(told.score) - 62}px`,
          }}
        >
          <strong>{round(told.score)}</strong>
          <span>{formatWhen(told.job.created_at, language)}</span>
        </p>
      )}
    </div>
  );
}
