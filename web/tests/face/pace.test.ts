import { describe, expect, it } from "vitest";
import { Pace } from "../../src/face/webgl/pace.ts";

function run(pace: Pace, frames: number, gap: number, start = 0): number {
  let now = start;
  for (let i = 0; i < frames; i++) {
    now += gap;
    pace.tick(now);
  }
  return now;
}

describe("pace", () => {
  it("draws every pixel while the display's rate holds", () => {
    const pace = new Pace();
    run(pace, 600, 16.7);
    expect(pace.share).toBe(1);
  });

  it("draws fewer pixels when frames come late, down to half", () => {
    const pace = new Pace();
    run(pace, 60, 45);
    expect(pace.share).toBeLessThan(1);
    run(pace, 600, 45, 10_000);
    expect(pace.share).toBe(0.5);
  });

  it("comes back, and ever more slowly, so that it does not flicker between sizes", () => {
    const pace = new Pace();
    let now = run(pace, 40, 45);
    const slow = pace.share;
    now = run(pace, 260, 16, now);
    expect(pace.share).toBeGreaterThan(slow);
    now = run(pace, 80, 45, now);
    const again = pace.share;
    run(pace, 260, 16, now);
    expect(pace.share).toBe(again);
  });

  it("takes a hidden page's pause for no slowness", () => {
    const pace = new Pace();
    for (let i = 1; i < 100; i++) pace.tick(i * 5000);
    expect(pace.share).toBe(1);
  });
});
