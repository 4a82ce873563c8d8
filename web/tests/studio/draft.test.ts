import { describe, expect, test } from "vitest";
import {
  type Draft,
  EMPTY_DRAFT,
  missingFrom,
  requestOf,
  type Sending,
  spokenSeconds,
  withOptions,
} from "../../src/studio/draft.ts";

const SENT: Sending = { state: "sent", fileId: "abc.jpg" };
const REFUSED: Sending = { state: "refused", trouble: { text: "No face was found." } };
const READY: Draft = { ...EMPTY_DRAFT, portrait: { kind: "avatar", id: "genevieve", name: "G" }, script: " Hello. " };

function withPhoto(sending: Sending, change: Partial<Draft> = {}): Draft {
  return { ...READY, portrait: { kind: "photo" }, photo: { url: "blob:1", sending }, ...change };
}

function withSound(sending: Sending, change: Partial<Draft> = {}): Draft {
  const sound = { name: "", url: "blob:2", duration: 3, levels: [], sending };
  return { ...READY, source: "sound", sound, ...change };
}

describe("what is missing", () => {
  test("comes in the order of the page", () => {
    expect(missingFrom(EMPTY_DRAFT)).toBe("needPortrait");
    expect(missingFrom({ ...READY, script: " \n" })).toBe("needScript");
    expect(missingFrom({ ...READY, source: "sound" })).toBe("needSound");
    expect(missingFrom(READY)).toBeNull();
  });

  test("is a file that is not there yet, or was refused", () => {
    expect(missingFrom(withPhoto({ state: "sending" }))).toBe("needPortraitReady");
    expect(missingFrom(withPhoto(REFUSED))).toBe("needPortraitOther");
    expect(missingFrom(withSound({ state: "sending" }))).toBe("needSoundReady");
    expect(missingFrom(withSound(REFUSED))).toBe("needSoundOther");
  });

  test("is the consent of the person shown and of the person heard, each where there is one", () => {
    expect(missingFrom(withPhoto(SENT))).toBe("needConsent");
    expect(missingFrom(withPhoto(SENT, { consent: { portrait: true, voice: false } }))).toBeNull();
    expect(missingFrom(withSound(SENT))).toBe("needConsent");
    expect(missingFrom(withSound(SENT, { consent: { portrait: false, voice: true } }))).toBeNull();
  });
});

describe("the request", () => {
  test("of a stock portrait and a script needs no consent and names no sound", () => {
    expect(requestOf(READY)).toEqual({
      portrait: "avatar:genevieve",
      script: "Hello.",
      options: EMPTY_DRAFT.options,
      consent: { portrait: false, voice: false },
    });
  });

  test("of a photo and a recording carries both ids and both ticks", () => {
    const consent = { portrait: true, voice: true };
    const draft = withSound({ state: "sent", fileId: "abc.wav" }, { portrait: { kind: "photo" }, consent });
    const body = requestOf({ ...draft, photo: { url: "blob:1", sending: SENT }, language: "es" });
    expect(body).toMatchObject({ portrait: "abc.jpg", audio: "abc.wav", language: "es", consent });
    expect(body).not.toHaveProperty("script");
  });

  test("does not carry a tick for what is not in the video", () => {
    expect(requestOf({ ...READY, consent: { portrait: true, voice: true } }).consent).toEqual({
      portrait: false,
      voice: false,
    });
  });
});

test("a transparent background and MP4 exclude each other: the newer choice counts", () => {
  const clear = withOptions(EMPTY_DRAFT.options, { background: "transparent" });
  expect(clear).toMatchObject({ background: "transparent", container: "webm" });
  expect(withOptions(clear, { container: "mp4" })).toMatchObject({ background: "portrait", container: "mp4" });
  expect(withOptions(clear, { size: 720 })).toMatchObject({ background: "transparent", container: "webm", size: 720 });
});

test("Chinese is estimated by its characters, the others by their letters", () => {
  expect(spokenSeconds("")).toBe(0);
  expect(spokenSeconds("你好，很高兴见到你。")).toBeGreaterThan(1.5);
  expect(spokenSeconds("你好，很高兴见到你。")).toBeLessThan(3);
  const english = "Hello. I am glad you are here. Tell me what you would like to learn.";
  expect(spokenSeconds(english)).toBeGreaterThan(3.5);
  expect(spokenSeconds(english)).toBeLessThan(6);
});
