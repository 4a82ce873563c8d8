/** Drivers turn one frame of channels into the numbers that fields, teeth and lids use; docs/rig.md has the formula. */

import { CHANNELS } from "../channels.ts";

export interface DriverEntry {
  readonly name: string;
  readonly inputs: Readonly<Record<string, number>>;
  readonly bias?: number;
  readonly linear?: number;
  readonly square?: number;
  readonly low?: number;
  readonly high?: number;
  readonly times?: readonly string[];
  readonly damp?: Readonly<Record<string, number>>;
}

interface Term {
  readonly slot: number;
  readonly gain: number;
}

interface Step {
  readonly slot: number;
  readonly entry: DriverEntry;
  readonly inputs: readonly Term[];
  readonly times: readonly number[];
  readonly damp: readonly Term[];
}

/** Evaluates all drivers in their order; the first 58 slots are the channels themselves. */
export class Drivers {
  readonly values: Float32Array;
  private readonly slots = new Map<string, number>();
  private readonly steps: readonly Step[];

  constructor(entries: readonly DriverEntry[]) {
    CHANNELS.forEach((name, slot) => {
      this.slots.set(name, slot);
    });
    this.steps = entries.map((entry, i) => {
      const step = {
        slot: CHANNELS.length + i,
        entry,
        inputs: this.terms(entry.inputs),
        times: (entry.times ?? []).map((name) => this.slot(name)),
        damp: this.terms(entry.damp ?? {}),
      };
      this.slots.set(entry.name, step.slot);
      return step;
    });
    this.values = new Float32Array(CHANNELS.length + entries.length);
  }

  /** Where a driver or channel stands in `values`; throws for a name that the rig does not have. */
  slot(name: string): number {
    const slot = this.slots.get(name);
    if (slot === undefined) throw new Error(`the rig has no driver "${name}"`);
    return slot;
  }

  value(name: string): number {
    return this.values[this.slot(name)] ?? 0;
  }

  evaluate(channels: Float32Array): void {
    const values = this.values;
    values.set(channels.subarray(0, CHANNELS.length));
    for (const { slot, entry, inputs, times, damp } of this.steps) {
      let x = entry.bias ?? 0;
      for (const term of inputs) x += term.gain * (values[term.slot] ?? 0);
      const bent = (entry.linear ?? 1) * x + (entry.square ?? 0) * x * Math.abs(x);
      let value = Math.min(entry.high ?? 4, Math.max(entry.low ?? -4, bent));
      for (const factor of times) value *= values[factor] ?? 0;
      for (const term of damp) value *= 1 - term.gain * (values[term.slot] ?? 0);
      values[slot] = value;
    }
  }

  private terms(gains: Readonly<Record<string, number>>): Term[] {
    return Object.entries(gains).map(([name, gain]) => ({ slot: this.slot(name), gain }));
  }
}
