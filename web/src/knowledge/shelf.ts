/** The page of documents as one object: what is shown, and what the person can do. */

import { fetchPersonas } from "../protocol/http.ts";
import type { Collection, KnowledgeApi, KnownDocument, Place } from "../protocol/knowledge.ts";
import { type Trouble, troubleOf } from "../workshop/sentence.ts";

/** A file on its way to the server, or one that it did not take. */
export interface Sending {
  readonly key: number;
  readonly name: string;
  readonly trouble: Trouble | null;
}

/** A collection that can be chosen, and who answers from it. */
export interface Choice {
  readonly name: string;
  readonly persona: string;
  readonly documents: number;
}

export interface Trial {
  readonly words: string;
  readonly state: "searching" | "done";
  readonly found: readonly Place[];
  readonly trouble: Trouble | null;
}

export interface ShelfView {
  readonly choices: readonly Choice[];
  readonly collection: string;
  /** Null before the first answer. */
  readonly documents: readonly KnownDocument[] | null;
  readonly sending: readonly Sending[];
  readonly trial: Trial | null;
  readonly trouble: Trouble | null;
}

const START: ShelfView = { choices: [], collection: "", documents: null, sending: [], trial: null, trouble: null };

const LOOK_MS = 1000;
const REST_MS = 8000;

export const COLLECTION_NAME = /^[a-z0-9]+(-[a-z0-9]+)*$/;

/** What the shelf takes from the browser. */
export interface ShelfHost {
  setTimer(run: () => void, ms: number): number;
  clearTimer(id: number): void;
  visible(): boolean;
}

export class Shelf {
  private view = START;
  private readonly watchers = new Set<() => void>();
  private personas: ReadonlyMap<string, string> = new Map();
  private timer: number | null = null;
  private started = Promise.resolve();
  private next = 0;

  constructor(
    readonly api: KnowledgeApi,
    private readonly host: ShelfHost,
  ) {}

  readonly watch = (watcher: () => void): (() => void) => {
    this.watchers.add(watcher);
    return () => this.watchers.delete(watcher);
  };

  readonly read = (): ShelfView => this.view;

  /** Fetches what there is; `collection` is the one that the page was opened for. */
  start(collection: string | null): Promise<void> {
    this.started = this.begin(collection);
    return this.started;
  }

  private async begin(collection: string | null): Promise<void> {
    try {
      const personas = await fetchPersonas(this.api.base);
      this.personas = new Map(
        personas.flatMap((one) => (one.knowledge ?? []).map((name) => [name, one.name] as const)).reverse(),
      );
    } catch {
      // Without the names of the personas the collections keep their own.
    }
    await this.look();
    const first = this.view.choices.find((one) => one.documents > 0) ?? this.view.choices[0];
    this.choose(collection && COLLECTION_NAME.test(collection) ? collection : (first?.name ?? "documents"));
  }

  choose(collection: string): void {
    const known = this.view.choices.some((one) => one.name === collection);
    const choices = known ? this.view.choices : [...this.view.choices, { name: collection, persona: "", documents: 0 }];
    this.set({ collection, choices, documents: null, sending: [], trial: null, trouble: null });
    void this.look();
  }

  /** Sends files; those that come before a collection is chosen wait for it. */
  async add(files: Iterable<File>): Promise<void> {
    await this.started;
    const { collection } = this.view;
    for (const file of files) {
      const key = this.next++;
      this.set({ sending: [...this.view.sending, { key, name: file.name, trouble: null }] });
      try {
        const document = await this.api.add(collection, file);
        this.putAway(key);
        if (collection === this.view.collection) this.show(document);
      } catch (error) {
        const trouble = troubleOf(error);
        this.set({ sending: this.view.sending.map((one) => (one.key === key ? { ...one, trouble } : one)) });
      }
    }
    await this.look();
  }

  /** Forgets a file that was not taken. */
  putAway(key: number): void {
    this.set({ sending: this.view.sending.filter((one) => one.key !== key) });
  }

  async remove(id: string): Promise<void> {
    const { collection, documents } = this.view;
    this.set({ documents: documents?.filter((one) => one.id !== id) ?? null, trial: null, trouble: null });
    try {
      await this.api.remove(collection, id);
    } catch (error) {
      this.set({ trouble: troubleOf(error) });
    }
    await this.look();
  }

  async search(words: string): Promise<void> {
    await this.started;
    const { collection } = this.view;
    const trial: Trial = { words, state: "searching", found: [], trouble: null };
    this.set({ trial });
    const end = (change: Partial<Trial>) => {
      if (this.view.trial === trial) this.set({ trial: { ...trial, state: "done", ...change } });
    };
    await this.api.search(collection, words).then(
      (found) => end({ found }),
      (error) => end({ trouble: troubleOf(error) }),
    );
  }

  /** Reads the lists again, soon again while something is being read in. */
  private async look(): Promise<void> {
    if (this.timer !== null) this.host.clearTimer(this.timer);
    const { collection } = this.view;
    if (this.host.visible()) {
      try {
        const [collections, documents] = await Promise.all([
          this.api.collections(),
          collection ? this.api.documents(collection) : Promise.resolve(null),
        ]);
        const same = collection === this.view.collection;
        this.set({ choices: this.chosen(collections), trouble: null, ...(same && documents ? { documents } : {}) });
      } catch (error) {
        this.set({ trouble: troubleOf(error) });
      }
    }
    const busy = this.view.documents?.some((one) => one.status === "indexing") ?? false;
    if (this.timer !== null) this.host.clearTimer(this.timer);
    this.timer = this.host.setTimer(() => void this.look(), busy ? LOOK_MS : REST_MS);
  }

  /** The personas' collections, those that hold something, and the chosen one, each once. */
  private chosen(collections: readonly Collection[]): readonly Choice[] {
    const counts = new Map(collections.map((one) => [one.name, one.documents]));
    const names = new Set([...this.personas.keys(), ...counts.keys()]);
    if (this.view.collection) names.add(this.view.collection);
    return [...names].map((name) => ({
      name,
      persona: this.personas.get(name) ?? "",
      documents: counts.get(name) ?? 0,
    }));
  }

  private show(document: KnownDocument): void {
    const others = (this.view.documents ?? []).filter((one) => one.id !== document.id);
    this.set({ documents: [document, ...others] });
  }

  private set(change: Partial<ShelfView>): void {
    this.view = { ...this.view, ...change };
    for (const watcher of this.watchers) watcher();
  }
}
