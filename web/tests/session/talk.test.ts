import { beforeEach, expect, test, vi } from "vitest";
import { MicrophoneError, type MicrophoneListener } from "../../src/audio/microphone.ts";
import type { ClientEvent } from "../../src/protocol/events.ts";
import { Talk, type TalkHost } from "../../src/session/talk.ts";

vi.mock("../../src/audio/capture.worklet.ts?worker&url", () => ({ default: "" }));

const PACKET = new Float32Array(480).fill(0.1);
let sent: ClientEvent[];
let states: string[];
let interrupts: number;
let listener: MicrophoneListener | null;
let open: TalkHost["open"];

function talk(mode: "hands-free" | "push"): Talk {
  return new Talk(mode, {
    send: (event) => {
      sent.push(event);
      return true;
    },
    interrupt: () => {
      interrupts += 1;
    },
    onMicrophone: (state) => states.push(state),
    onHolding: (holding) => states.push(holding ? "held" : "let go"),
    open: (given) => open(given),
  });
}

function hear(packets: number, level = 0.5): void {
  for (let i = 0; i < packets; i++) listener?.onPacket(PACKET, level);
}

function types(): string[] {
  return sent.map((event) => event.type.replace("input_audio_buffer.", ""));
}

beforeEach(() => {
  sent = [];
  states = [];
  interrupts = 0;
  listener = null;
  open = async (given) => {
    listener = given;
    return { close: () => states.push("closed") };
  };
});

test("hands-free sends all that is heard, until it is turned off", async () => {
  const mouth = talk("hands-free");
  await mouth.toggle();
  hear(3);
  expect(types()).toEqual(["append", "append", "append"]);
  expect(mouth.level).toBe(0.5);
  await mouth.toggle();
  hear(2);
  expect(types()).toHaveLength(3);
  expect(states).toEqual(["asking", "on", "closed", "off"]);
});

test("a quiet room takes a quarter of the messages, a held button all of them", async () => {
  const mouth = talk("hands-free");
  await mouth.toggle();
  hear(1);
  hear(61, 0);
  sent = [];
  hear(40, 0);
  expect(types()).toHaveLength(10);
  hear(3, 0);
  await mouth.press();
  sent = [];
  hear(20, 0);
  expect(types()).toHaveLength(20);
});

test("push to talk: she falls silent, what is said is committed, and an answer asked for", async () => {
  const mouth = talk("push");
  await mouth.press();
  hear(20);
  mouth.release();
  expect(interrupts).toBe(1);
  expect(types()[0]).toBe("clear");
  expect(types().slice(-2)).toEqual(["commit", "response.create"]);
  expect(types().filter((type) => type === "append")).toHaveLength(20);
});

test("a little from before the press is sent along", async () => {
  const mouth = talk("push");
  await mouth.press();
  hear(12);
  mouth.release();
  hear(40);
  sent = [];
  await mouth.press();
  expect(types()).toEqual(["clear", ...Array(8).fill("append")]);
});

test("a slip of the finger sends nothing", async () => {
  const mouth = talk("push");
  await mouth.press();
  hear(3);
  mouth.release();
  expect(types().at(-1)).toBe("clear");
  expect(types()).not.toContain("commit");
});

test("the space bar in hands-free suspends the turn detection and brings it back", async () => {
  const mouth = talk("hands-free");
  await mouth.press();
  hear(20);
  mouth.release();
  const updates = sent.flatMap((event) =>
    event.type === "session.update" ? [event.session.audio?.input?.turn_detection] : [],
  );
  expect(updates).toEqual([null, { type: "semantic_vad", create_response: true, interrupt_response: true }]);
});

test("a microphone that is refused is said, and nothing hangs", async () => {
  open = () => Promise.reject(new MicrophoneError("denied"));
  const mouth = talk("push");
  await mouth.press();
  expect(states).toEqual(["held", "asking", "let go", "denied"]);
  open = async (given) => {
    listener = given;
    return { close: () => undefined };
  };
  await mouth.press();
  expect(states.at(-1)).toBe("on");
});

test("turned off while the browser still asks, it stays off", async () => {
  let grant: () => void = () => undefined;
  open = (given) =>
    new Promise((resolve) => {
      grant = () => {
        listener = given;
        resolve({ close: () => states.push("closed") });
      };
    });
  const mouth = talk("hands-free");
  const asking = mouth.toggle();
  await mouth.toggle();
  grant();
  await asking;
  hear(2);
  expect(types()).toEqual([]);
  expect(states).toEqual(["asking", "off", "closed"]);
});
