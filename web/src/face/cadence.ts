/** When the face is drawn: with the display, or less often in a test of something else. */

/** Milliseconds between two drawings that a test page asks for with `?debug=1&gap=…`; 0: as often as the display. */
function gapAsked(search: string): number {
  const asked = new URLSearchParams(search);
  return asked.has("debug") ? Number(asked.get("gap") ?? 0) : 0;
}

/** Calls `draw` with the time in ms, now and again until what it returns is called. */
export function cadence(draw: (now: number) => void, search = () => location.search): () => void {
  let request = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const next = () => {
    const gap = gapAsked(search());
    if (gap > 0) timer = setTimeout(() => again(performance.now()), gap);
    else request = requestAnimationFrame(again);
  };
  const again = (now: number) => {
    next();
    draw(now);
  };
  request = requestAnimationFrame(again);
  return () => {
    clearTimeout(timer);
    cancelAnimationFrame(request);
  };
}
