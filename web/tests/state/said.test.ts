import { expect, test } from "vitest";
import type { ServerEvent } from "../../src/protocol/events.ts";
import { reduceServer } from "../../src/state/reduce-server.ts";
import { firstView } from "../../src/state/view.ts";

const HISTORY = [
  { id: "item_1", role: "user", text: "Tea, please." },
  { id: "item_0", role: "system", text: "Be kind." },
  { id: "item_2", role: "assistant", text: "With milk", interrupted: true },
];

function session(): ServerEvent {
  const persona = { id: "open", name: "Theo" };
  return { type: "visavis.session", session_id: "sess_1", resume_token: "t", persona, history: HISTORY };
}

test("what was said on an earlier day is shown again, in the roles of those who said it", () => {
  const view = reduceServer(firstView("en", "auto", "push"), session());
  expect(view.said).toEqual([
    { id: "item_1", role: "user", text: "Tea, please.", done: true, interrupted: false },
    { id: "item_2", role: "assistant", text: "With milk", done: true, interrupted: true },
  ]);
});

test("what the page itself knows of the conversation stays", () => {
  const said = [{ id: "item_9", role: "user", text: "Hello.", done: true, interrupted: false }] as const;
  expect(reduceServer({ ...firstView("en", "auto", "push"), said }, session()).said).toEqual(said);
});
