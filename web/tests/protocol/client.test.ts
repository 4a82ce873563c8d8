import { beforeEach, expect, test } from "vitest";
import { type LinkState, RealtimeClient } from "../../src/protocol/client.ts";
import type { ServerEvent } from "../../src/protocol/events.ts";

/** The browser's WebSocket as the client uses it, at the boundary. */
class Socket {
  readyState = 0;
  bufferedAmount = 0;
  sent: string[] = [];
  onopen: (() => void) | null = null;
  onmessage: ((message: { data: unknown }) => void) | null = null;
  onclose: (() => void) | null = null;
  constructor(readonly url: string) {}
  send(text: string): void {
    this.sent.push(text);
  }
  open(): void {
    this.readyState = 1;
    this.onopen?.();
  }
  say(event: object): void {
    this.onmessage?.({ data: JSON.stringify(event) });
  }
  close(): void {
    this.readyState = 3;
    this.onclose?.();
  }
}

let sockets: Socket[];
let states: LinkState[];
let events: ServerEvent[];
let timers: Map<number, { run: () => void; at: number }>;
let clock: number;
let client: RealtimeClient;

function last(): Socket {
  const socket = sockets.at(-1);
  if (!socket) throw new Error("no socket was opened");
  return socket;
}

function pass(ms: number): void {
  clock += ms;
  for (const [id, timer] of [...timers]) {
    if (timer.at > clock) continue;
    timers.delete(id);
    timer.run();
  }
}

beforeEach(() => {
  sockets = [];
  states = [];
  events = [];
  timers = new Map();
  clock = 0;
  let count = 0;
  client = new RealtimeClient(
    "ws://here/v1/realtime",
    "genevieve",
    { onState: (state) => states.push(state), onEvent: (event) => events.push(event) },
    {
      openSocket: (url) => {
        const socket = new Socket(url);
        sockets.push(socket);
        return socket as unknown as WebSocket;
      },
      now: () => clock,
      random: () => 0,
      setTimer: (run, ms) => {
        count += 1;
        timers.set(count, { run, at: clock + ms });
        return count;
      },
      clearTimer: (id) => timers.delete(id),
    },
  );
});

test("a dropped line comes back with the same session", () => {
  client.connect();
  expect(last().url).toBe("ws://here/v1/realtime?model=genevieve");
  last().open();
  last().say({
    type: "visavis.session",
    session_id: "s1",
    resume_token: "t1",
    persona: { id: "genevieve", name: "G" },
  });
  last().close();
  expect(states.at(-1)).toEqual({ kind: "lost", retryAt: 500 });
  pass(500);
  expect(sockets).toHaveLength(2);
  expect(last().url).toContain("session=s1&token=t1");
});

test("waits grow while the server stays away, and start small again after a line that held", () => {
  client.connect();
  last().close();
  pass(500);
  last().close();
  expect(states.at(-1)).toEqual({ kind: "lost", retryAt: 1500 });
  pass(1000);
  last().open();
  pass(6000);
  last().close();
  expect(states.at(-1)).toEqual({ kind: "lost", retryAt: 8000 });
});

test("a server that never answers the handshake is given up after ten seconds", () => {
  client.connect();
  pass(10_000);
  expect(states.at(-1)?.kind).toBe("lost");
});

test("starting over forgets the session and takes the other persona", () => {
  client.connect();
  last().open();
  last().say({ type: "visavis.session", session_id: "s1", resume_token: "t1", persona: { id: "g", name: "G" } });
  client.restart("open");
  expect(last().url).toBe("ws://here/v1/realtime?model=open");
  expect(states.filter((state) => state.kind === "lost")).toHaveLength(0);
});

test("closed for good, it stays away", () => {
  client.connect();
  last().open();
  client.close();
  pass(60_000);
  expect(sockets).toHaveLength(1);
});

test("nothing is sent while there is no line, and audio is dropped when the line is stuck", () => {
  expect(client.send({ type: "response.create" })).toBe(false);
  client.connect();
  last().open();
  last().bufferedAmount = 2_000_000;
  expect(client.send({ type: "input_audio_buffer.append", audio: "AAAA" })).toBe(false);
  expect(client.send({ type: "response.cancel" })).toBe(true);
  expect(last().sent).toEqual(['{"type":"response.cancel"}']);
});

test("what is no event is passed over", () => {
  client.connect();
  last().open();
  last().onmessage?.({ data: "not json" });
  last().onmessage?.({ data: new ArrayBuffer(2) });
  last().say({ type: "visavis.state", state: "idle" });
  expect(events).toEqual([{ type: "visavis.state", state: "idle" }]);
});
