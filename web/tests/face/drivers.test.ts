import { describe, expect, it } from "vitest";
import { at, CHANNEL_COUNT } from "../../src/face/channels.ts";
import { Drivers } from "../../src/face/webgl/drivers.ts";

function frame(values: Partial<Record<keyof typeof at, number>>): Float32Array {
  const channels = new Float32Array(CHANNEL_COUNT);
  for (const [name, value] of Object.entries(values)) channels[at[name as keyof typeof at]] = value;
  return channels;
}

describe("drivers", () => {
  it("weigh channels, add the bias and keep their limits", () => {
    const drivers = new Drivers([{ name: "jaw", inputs: { jawOpen: 2, mouthFunnel: -1 }, bias: 0.1, low: 0, high: 1 }]);
    drivers.evaluate(frame({ jawOpen: 0.3, mouthFunnel: 0.2 }));
    expect(drivers.value("jaw")).toBeCloseTo(0.5);
    drivers.evaluate(frame({ jawOpen: 1 }));
    expect(drivers.value("jaw")).toBe(1);
    drivers.evaluate(frame({ mouthFunnel: 1 }));
    expect(drivers.value("jaw")).toBe(0);
  });

  it("bend with the sign of what goes in", () => {
    const drivers = new Drivers([{ name: "yaw", inputs: { headYaw: 0.1 }, linear: 1, square: 0.5 }]);
    drivers.evaluate(frame({ headYaw: -10 }));
    expect(drivers.value("yaw")).toBeCloseTo(-1.5);
  });

  it("build on earlier drivers, multiply and damp", () => {
    const drivers = new Drivers([
      { name: "round", inputs: { mouthPucker: 1 } },
      { name: "low", inputs: { jawOpen: 1 }, times: ["round"], damp: { mouthClose: 0.5 } },
    ]);
    drivers.evaluate(frame({ mouthPucker: 0.5, jawOpen: 0.8, mouthClose: 1 }));
    expect(drivers.value("low")).toBeCloseTo(0.8 * 0.5 * 0.5);
  });

  it("refuse a name that the rig does not have", () => {
    expect(() => new Drivers([{ name: "a", inputs: { jawOpened: 1 } }])).toThrow(/jawOpened/);
  });
});
