import { expect, test } from "vitest";
import { troubleOf } from "../../src/state/trouble.ts";
import { firstView, type View } from "../../src/state/view.ts";

const BROWSER = { secure: true, supported: true };
const WELL: View = { ...firstView("en", "auto", "hands-free"), connection: "open" };

function kind(change: Partial<View>, browser = BROWSER): string | null {
  return troubleOf({ ...WELL, ...change }, browser)?.kind ?? null;
}

test("each trouble has its own sentence, and none is none", () => {
  expect(kind({})).toBeNull();
  expect(kind({}, { secure: true, supported: false })).toBe("unsupported");
  expect(kind({ reachable: false })).toBe("gone");
  expect(kind({ connection: "lost" })).toBe("lost");
  expect(kind({ readiness: { status: "failed", components: [] } })).toBe("failed");
  expect(kind({ readiness: { status: "loading", components: [] } })).toBeNull();
  expect(kind({ queue: { position: 2, length: 3 } })).toBe("queue");
  expect(kind({ turnPosition: 1 })).toBe("turn");
  expect(kind({ refusal: { code: "sessions.full", message: "" } })).toBe("refused");
  expect(kind({ refusal: { code: "session.idle", message: "" } })).toBe("idle");
  expect(kind({ microphone: "denied" })).toBe("denied");
  expect(kind({ microphone: "missing" })).toBe("missing");
  expect(kind({ microphone: "busy" })).toBe("busy");
  expect(kind({ microphone: "unsupported" })).toBe("no-microphone-here");
  expect(kind({ notice: { code: "tts.fallback", message: "m" } })).toBe("notice");
});

test("a server that is gone counts more than a microphone that is blocked", () => {
  expect(kind({ reachable: false, microphone: "denied" })).toBe("gone");
});

test("without a secure page the microphone cannot be allowed, only done without", () => {
  const trouble = troubleOf({ ...WELL, microphone: "denied" }, { secure: false, supported: true });
  expect(trouble?.message).toEqual({ key: "microphoneInsecure" });
  expect(trouble?.remedy?.action).toBe("type");
});

test("what the server says about a failed part is shown as it is", () => {
  const components = [{ kind: "llm", name: "llamacpp", state: "failed", detail: "The disk is full." }];
  expect(troubleOf({ ...WELL, readiness: { status: "failed", components } }, BROWSER)?.message).toEqual({
    text: "The disk is full.",
  });
});
