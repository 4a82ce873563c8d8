import { afterEach, expect, test, vi } from "vitest";
import { mustAsk } from "../../src/access/entrance.ts";
import { isKeyWanted } from "../../src/protocol/access.ts";

afterEach(() => vi.unstubAllGlobals());

function answering(status: number, body: unknown): void {
  vi.stubGlobal("fetch", async (url: string) => {
    expect(url).toBe("http://localhost/api/v1/access");
    return new Response(JSON.stringify(body), { status });
  });
}

test("a key is asked for only where one is needed and none is here", async () => {
  for (const [needed, granted, asks] of [
    [true, false, true],
    [true, true, false],
    [false, true, false],
  ] as const) {
    answering(200, { needed, granted });
    expect(await mustAsk("http://localhost/")).toBe(asks);
  }
});

test("a server that is away or says something else is left to the page", async () => {
  answering(500, {});
  expect(await mustAsk("http://localhost/")).toBe(false);
  vi.stubGlobal("fetch", () => Promise.reject(new TypeError("away")));
  expect(await mustAsk("http://localhost/")).toBe(false);
});

test("the codes that a key helps against", () => {
  expect(["access.missing", "access.expired", "access.wrong"].every(isKeyWanted)).toBe(true);
  expect([null, undefined, "", "access.reach", "rate.limited"].some(isKeyWanted)).toBe(false);
});
