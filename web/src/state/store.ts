/** Holds the view and tells who watches it. */

import type { Action } from "./action.ts";
import { reduce } from "./reduce.ts";
import type { View } from "./view.ts";

export class Store {
  private readonly watchers = new Set<() => void>();

  constructor(private current: View) {}

  get view(): View {
    return this.current;
  }

  dispatch(action: Action): void {
    const next = reduce(this.current, action);
    if (next === this.current) return;
    this.current = next;
    for (const watcher of this.watchers) watcher();
  }

  /** Returns the function that stops the watching. */
  readonly watch = (watcher: () => void): (() => void) => {
    this.watchers.add(watcher);
    return () => this.watchers.delete(watcher);
  };

  readonly read = (): View => this.current;
}
