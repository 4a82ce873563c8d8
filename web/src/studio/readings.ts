/** The quality report as lines that people can read: what was looked at, the number, and how good it is. */

import type { Language } from "../protocol/events.ts";
import type { Quality } from "../protocol/studio.ts";
import type { StudioKey } from "../words/studio-messages.ts";
import { formatNumber, formatPercent } from "../workshop/format.ts";

export type Verdict = "good" | "fair" | "poor";

export interface Reading {
  readonly label: StudioKey;
  readonly value: string;
  readonly verdict: Verdict;
}

function numberOf(quality: Quality, name: string): number | null {
  const value = quality[name];
  return typeof value === "number" && Number.isFinite(value) ? value : null;
}

/** `good` and `fair` are the least values that still count as such. */
function atLeast(value: number, good: number, fair: number): Verdict {
  return value >= good ? "good" : value >= fair ? "fair" : "poor";
}

function within(value: number, good: readonly [number, number], fair: readonly [number, number]): Verdict {
  const inside = ([low, high]: readonly [number, number]) => value >= low && value <= high;
  return inside(good) ? "good" : inside(fair) ? "fair" : "poor";
}

function signedMs(seconds: number, language: Language): string {
  const ms = Math.round(seconds * 1000);
  return `${ms > 0 ? "+" : ms < 0 ? "−" : ""}${formatNumber(Math.abs(ms), language)} ms`;
}

/** The score of the whole, 0 … 100; null when it was not worked out. */
export function scoreOf(quality: Quality): number | null {
  return numberOf(quality, "overall");
}

/** Only what was measured. The bounds of the lag are ITU-R BT.1359-1's: not noticed, and still acceptable. */
export function readingsOf(quality: Quality, language: Language): readonly Reading[] {
  const found: Reading[] = [];
  const add = (name: string, label: StudioKey, read: (value: number) => readonly [string, Verdict]) => {
    const value = numberOf(quality, name);
    if (value === null) return;
    const [text, verdict] = read(value);
    found.push({ label, value: text, verdict });
  };
  add("closure_hits", "readClosures", (v) => [formatPercent(v, language), atLeast(v, 0.95, 0.8)]);
  add("lag", "readLag", (v) => [signedMs(v, language), within(v, [-0.125, 0.045], [-0.185, 0.09])]);
  add("lip_sync", "readSync", (v) => [formatNumber(v, language, 2), atLeast(v, 0.4, 0.2)]);
  add("shut_in_silence", "readSilence", (v) => [formatPercent(v, language), atLeast(v, 0.9, 0.7)]);
  add("ssim", "readStill", (v) => [formatNumber(v, language, 3), atLeast(v, 0.95, 0.85)]);
  add("flicker", "readFlicker", (v) => [`${formatNumber(v, language, 2)} / 255`, atLeast(-v, -0.6, -1.5)]);
  add("sound_excess", "readLength", (v) => [signedMs(v, language), within(v, [-0.0405, 0.0405], [-0.2, 0.2])]);
  return found;
}

export interface Figure {
  readonly label: StudioKey;
  readonly value: string;
}

/** Numbers that are neither good nor bad. */
export function figuresOf(quality: Quality, language: Language): readonly Figure[] {
  const rows: readonly (readonly [string, StudioKey, (value: number) => string])[] = [
    ["frames", "figureFrames", (v) => formatNumber(v, language)],
    ["fps", "figureFps", (v) => formatNumber(v, language, v % 1 === 0 ? 0 : 1)],
    ["psnr", "figurePsnr", (v) => `${formatNumber(v, language, 1)} dB`],
    ["closures", "figureClosures", (v) => formatNumber(v, language)],
    ["blinks_per_minute", "figureBlinks", (v) => formatNumber(v, language)],
    ["realtime_factor", "figureRealtime", (v) => formatNumber(v, language, 2)],
  ];
  return rows.flatMap(([name, label, format]) => {
    const value = numberOf(quality, name);
    return value === null ? [] : [{ label, value: format(value) }];
  });
}

/** What was not measured, and the server's reason. */
export function unmeasuredOf(quality: Quality): readonly (readonly [name: string, reason: string])[] {
  const reasons = quality.not_available;
  if (typeof reasons !== "object" || reasons === null) return [];
  return Object.entries(reasons).map(([name, reason]) => [name.replaceAll("_", "-").toUpperCase(), String(reason)]);
}
