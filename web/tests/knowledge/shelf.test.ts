import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Shelf } from "../../src/knowledge/shelf.ts";
import { KnowledgeApi } from "../../src/protocol/knowledge.ts";

const DOCUMENT = {
  id: "d1", title: "Manual", name: "manual.pdf", media_type: "application/pdf", bytes: 9, pages: 3, passages: 0,
  added_at: "2026-01-01T00:00:00Z", status: "indexing", progress: 0.5,
}; // biome-ignore format: one document

let documents: Record<string, unknown>[];
let asked: string[];
let timers: (() => void)[];
let waits: number[];
let shelf: Shelf;

function answer(body: unknown, status = 200): Response {
  return new Response(JSON.stringify(body), { status, headers: { "content-type": "application/json" } });
}

async function serve(url: string, init?: RequestInit): Promise<Response> {
  const path = url.replace("http://here/", "");
  const method = init?.method ?? "GET";
  asked.push(`${method} ${path}`);
  if (path === "v1/personas") return answer({ data: [{ id: "open", name: "Theo", knowledge: ["open"] }] });
  if (path === "api/v1/knowledge") return answer({ collections: [{ name: "old", documents: 2, passages: 9 }] });
  if (path.includes("/search?")) {
    const passage = { id: "p1", document: "d1", title: "Manual", text: "Five years.", start: 0, end: 11, page: 2 };
    return answer({
      passages: [
        { ...passage, relevant: true },
        { ...passage, id: "p2", relevant: false },
      ],
    });
  }
  if (method === "POST") {
    const { name } = (init?.body instanceof FormData && init.body.get("file")) as File;
    if (name.endsWith(".exe")) return answer({ error: { code: "knowledge.type", message: "Send a PDF." } }, 415);
    documents = [DOCUMENT];
    return answer(DOCUMENT, 202);
  }
  if (method === "DELETE") {
    documents = [];
    return new Response(null, { status: 204 });
  }
  return answer({ documents });
}

function made(): Shelf {
  return new Shelf(new KnowledgeApi("http://here/"), {
    setTimer: (run, ms) => {
      waits.push(ms);
      return timers.push(run);
    },
    clearTimer: () => undefined,
    visible: () => true,
  });
}

beforeEach(async () => {
  documents = [];
  asked = [];
  timers = [];
  waits = [];
  vi.stubGlobal("fetch", (url: string, init?: RequestInit) => serve(url, init));
  shelf = made();
  await shelf.start(null);
  await vi.waitFor(() => expect(shelf.read().documents).not.toBeNull());
});

afterEach(() => vi.unstubAllGlobals());

test("collections with documents come before the personas' empty ones, and know who answers from them", () => {
  expect(shelf.read().choices).toEqual([
    { name: "open", persona: "Theo", documents: 0 },
    { name: "old", persona: "", documents: 2 },
  ]);
  expect(shelf.read().collection).toBe("old");
});

test("a new collection can be chosen before it holds anything", async () => {
  shelf.choose("handbooks");
  await vi.waitFor(() => expect(shelf.read().documents).toEqual([]));
  expect(shelf.read().choices.map((one) => one.name)).toEqual(["open", "old", "handbooks"]);
});

test("a file is added, watched while it is read, and removed", async () => {
  await shelf.add([new File(["x"], "manual.pdf")]);
  expect(shelf.read().sending).toEqual([]);
  expect(shelf.read().documents?.map((one) => [one.id, one.progress])).toEqual([["d1", 0.5]]);
  expect(waits.at(-1)).toBe(1000);
  documents = [{ ...DOCUMENT, status: "ready", passages: 4 }];
  timers.at(-1)?.();
  await vi.waitFor(() => expect(shelf.read().documents?.[0]?.status).toBe("ready"));
  await vi.waitFor(() => expect(waits.at(-1)).toBe(8000));
  await shelf.remove("d1");
  expect(shelf.read().documents).toEqual([]);
  expect(asked).toContain("DELETE api/v1/knowledge/old/d1");
});

test("a file that is not taken says why until it is put away", async () => {
  await shelf.add([new File(["x"], "virus.exe"), new File(["x"], "manual.pdf")]);
  const [refused] = shelf.read().sending;
  expect([refused?.name, refused?.trouble]).toEqual(["virus.exe", { text: "Send a PDF." }]);
  expect(shelf.read().documents).toHaveLength(1);
  shelf.putAway(refused?.key ?? -1);
  expect(shelf.read().sending).toEqual([]);
});

test("what is added and asked before a collection is chosen goes to the chosen one", async () => {
  shelf = made();
  const started = shelf.start("handbooks");
  await Promise.all([started, shelf.add([new File(["x"], "virus.exe")]), shelf.search("why")]);
  expect(shelf.read().sending.map((one) => one.trouble)).toEqual([{ text: "Send a PDF." }]);
  expect(shelf.read().trial?.state).toBe("done");
  expect(asked.filter((one) => one.includes("handbooks")).length).toBeGreaterThan(1);
  expect(asked.some((one) => one.includes("knowledge//"))).toBe(false);
});

test("a trial shows where the passages stand", async () => {
  await shelf.search("how long & why?");
  expect(asked).toContain("GET api/v1/knowledge/old/search?q=how+long+%26+why%3F&limit=6");
  expect(shelf.read().trial).toMatchObject({
    state: "done",
    found: [{ collection: "old", document: "d1", passage: "p1", page: 2, heading: "" }],
  });
});

test("without an answer the page says so and goes on asking", async () => {
  vi.stubGlobal("fetch", () => Promise.reject(new TypeError("down")));
  timers.at(-1)?.();
  await vi.waitFor(() => expect(shelf.read().trouble).toEqual({ key: "unreachable" }));
  expect(shelf.read().documents).toEqual([]);
});
