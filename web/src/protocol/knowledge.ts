/** The host's documents: collections, files that go up, passages that come back. */

import { getJson, sendJson } from "./json.ts";

export interface Collection {
  readonly name: string;
  readonly documents: number;
  readonly passages: number;
}

export type DocumentState = "indexing" | "ready" | "failed";

export interface KnownDocument {
  readonly id: string;
  readonly title: string;
  readonly name: string;
  readonly media_type: string;
  readonly language?: string | null;
  readonly bytes: number;
  readonly pages?: number | null;
  readonly passages: number;
  readonly added_at: string;
  readonly status: DocumentState;
  /** 0 … 1. */
  readonly progress?: number;
  readonly error?: { readonly code?: string; readonly message?: string } | string | null;
}

/** A passage where it stands in its document; `start` and `end` count characters of the document's text. */
export interface Place {
  readonly collection: string;
  readonly document: string;
  readonly passage: string;
  readonly title: string;
  readonly page: number | null;
  readonly heading: string;
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

interface FoundPassage {
  readonly id: string;
  readonly document: string;
  readonly title: string;
  readonly text: string;
  readonly start: number;
  readonly end: number;
  readonly page?: number | null;
  readonly heading?: string;
  readonly relevant?: boolean;
}

/** `base` is the address of the pages, ending in a slash. Every call rejects with `Refusal` or `Unreachable`. */
export class KnowledgeApi {
  constructor(readonly base: string) {}

  async collections(): Promise<readonly Collection[]> {
    return (await getJson<{ collections: readonly Collection[] }>(this.address())).collections;
  }

  async documents(collection: string): Promise<readonly KnownDocument[]> {
    return (await getJson<{ documents: readonly KnownDocument[] }>(this.address(collection))).documents;
  }

  document(collection: string, id: string): Promise<KnownDocument> {
    return getJson<KnownDocument>(this.address(collection, id));
  }

  add(collection: string, file: File): Promise<KnownDocument> {
    const body = new FormData();
    body.append("file", file, file.name);
    return sendJson<KnownDocument>(this.address(collection), { method: "POST", body });
  }

  remove(collection: string, id: string): Promise<unknown> {
    return sendJson(this.address(collection, id), { method: "DELETE" });
  }

  /** The passages that a persona would be told, asked this. */
  async search(collection: string, words: string, limit = 6): Promise<readonly Place[]> {
    const query = new URLSearchParams({ q: words, limit: String(limit) });
    const found = await getJson<{ passages: readonly FoundPassage[] }>(
      `${this.address(collection, "search")}?${query}`,
    );
    const relevant = found.passages.filter((one) => one.relevant !== false);
    return relevant.map((one) => ({
      collection,
      document: one.document,
      passage: one.id,
      title: one.title,
      page: one.page ?? null,
      heading: one.heading ?? "",
      text: one.text,
      start: one.start,
      end: one.end,
    }));
  }

  /** The extracted text of a document. */
  async text(collection: string, id: string): Promise<string> {
    const response = await fetch(`${this.address(collection, id)}/text`);
    if (!response.ok) throw new Error(`${response.status}`);
    return response.text();
  }

  /** The address of the file as it was added. */
  file(collection: string, id: string): string {
    return `${this.address(collection, id)}/file`;
  }

  /** The address of a page's picture, with a passage marked in it. */
  page(collection: string, id: string, page: number, passage: string): string {
    return `${this.address(collection, id)}/pages/${page}.png?${new URLSearchParams({ passage })}`;
  }

  private address(...parts: readonly string[]): string {
    return [`${this.base}api/v1/knowledge`, ...parts.map(encodeURIComponent)].join("/");
  }
}
