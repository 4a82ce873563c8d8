/** Numbers, durations and dates as people read them. */

import type { Language } from "../protocol/events.ts";
import { LANGUAGE_TAGS } from "../words/language.ts";
import { read } from "../words/table.ts";
import { WORKSHOP } from "../words/workshop-messages.ts";

export function formatNumber(value: number, language: Language, digits = 0): string {
  return value.toLocaleString(LANGUAGE_TAGS[language], {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  });
}

/** `share` in [0, 1]. */
export function formatPercent(share: number, language: Language): string {
  return read(WORKSHOP.percent, language, { p: formatNumber(100 * share, language) });
}

/** A length in words: tenths below ten seconds, minutes from one minute on. */
export function formatSeconds(seconds: number, language: Language): string {
  if (seconds < 9.95) return read(WORKSHOP.seconds, language, { s: formatNumber(seconds, language, 1) });
  const whole = Math.round(seconds);
  if (whole < 60) return read(WORKSHOP.seconds, language, { s: formatNumber(whole, language) });
  return read(WORKSHOP.minutes, language, { m: String(Math.floor(whole / 60)), s: String(whole % 60) });
}

/** A length without tenths, for estimates. */
export function formatAbout(seconds: number, language: Language): string {
  return formatSeconds(seconds < 10 ? Math.max(1, Math.ceil(seconds)) + 1e-9 : seconds, language).replace(/[.,]0/, "");
}

/** A size in kB or MB. */
export function formatBytes(bytes: number, language: Language): string {
  const [amount, unit] = bytes < 1e6 ? [Math.max(1, bytes / 1e3), "kB"] : [bytes / 1e6, "MB"];
  return `${formatNumber(amount, language, amount < 10 && unit === "MB" ? 1 : 0)} ${unit}`;
}

/** A position in a recording: m:ss. */
export function formatClock(seconds: number): string {
  const whole = Math.floor(Math.max(0, seconds));
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}

export function formatWhen(iso: string, language: Language): string {
  const date = new Date(/[zZ]|[+-]\d\d:?\d\d$/.test(iso) ? iso : `${iso}Z`);
  if (Number.isNaN(date.getTime())) return iso;
  return date.toLocaleString(LANGUAGE_TAGS[language], {
    month: "short",
    day: "numeric",
    hour: "2-digit",
    minute: "2-digit",
  });
}
