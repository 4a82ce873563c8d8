import { expect, test } from "vitest";
import { voiceName } from "../../src/studio/voice-name.ts";

test("engines' names become people's names and a language", () => {
  expect(voiceName("af_heart")).toEqual({ name: "Heart", language: "en" });
  expect(voiceName("zf_xiaoxiao")).toEqual({ name: "Xiaoxiao", language: "zh" });
  expect(voiceName("es-ES-ElviraNeural")).toEqual({ name: "Elvira", language: "es" });
  expect(voiceName("en_US-joe-medium")).toEqual({ name: "Joe", language: "en" });
});

test("a name that tells nothing stays as it is", () => {
  expect(voiceName("tone")).toEqual({ name: "tone", language: null });
});
