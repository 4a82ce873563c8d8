/** A turn's times as the steps of a waterfall. */

import type { TurnTimings } from "../protocol/events.ts";
import type { MessageKey } from "../words/messages.ts";

export interface Step {
  readonly label: MessageKey;
  readonly fromMs: number;
  readonly toMs: number;
}

const MARKS: readonly (readonly [label: MessageKey, field: string])[] = [
  ["stepHeard", "endpoint"],
  ["stepUnderstood", "transcript"],
  ["stepFirstWord", "first_token"],
  ["stepFirstSound", "first_audio"],
  ["stepMouth", "first_motion"],
];

function read(turn: TurnTimings, field: string): number | null {
  const value = turn[field] ?? turn[`${field}_ms`];
  return typeof value === "number" && Number.isFinite(value) ? value : null;
}

/** One step per mark that was measured, each from the mark before it in time; negative times count as 0. */
export function stepsOf(turn: TurnTimings): readonly Step[] {
  const marks = MARKS.flatMap(([label, field]) => {
    const value = read(turn, field);
    return value === null ? [] : [{ label, ms: Math.max(0, value) }];
  });
  return marks.map(({ label, ms }) => {
    const earlier = marks.filter((mark) => mark.ms < ms).map((mark) => mark.ms);
    return { label, fromMs: Math.max(0, ...earlier), toMs: ms };
  });
}

/** When something of her could first be heard or seen, or null when nothing was. */
export function answeredAfter(turn: TurnTimings): number | null {
  return read(turn, "first_audio") ?? read(turn, "first_token");
}

export function tokensPerSecond(turn: TurnTimings): number | null {
  return read(turn, "tokens_per_second");
}
