import { expect, test } from "vitest";
import { newSecret, protocolsFor } from "../../src/protocol/memory.ts";

test("a secret is long, random and fit for a header", () => {
  const secrets = new Set(Array.from({ length: 50 }, newSecret));
  expect(secrets.size).toBe(50);
  for (const secret of secrets) expect(secret).toMatch(/^[A-Za-z0-9_-]{43}$/);
});

test("a WebSocket offers the secret beside the protocol, and nothing without one", () => {
  expect(protocolsFor("abc")).toEqual(["realtime", "visavis-person.abc"]);
  expect(protocolsFor(null)).toEqual([]);
});
