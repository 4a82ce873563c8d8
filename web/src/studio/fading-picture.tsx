import { useEffect, useState } from "react";

/** One picture, and the one that replaces it fading in above it as soon as it is there: nothing blinks. */
export function FadingPicture({ url, label }: { readonly url: string; readonly label: string }) {
  const [layers, setLayers] = useState<readonly string[]>([]);

  useEffect(() => {
    let gone = false;
    const image = new Image();
    image.src = url;
    image.decode().then(
      () => {
        if (!gone) setLayers((before) => (before.at(-1) === url ? before : [...before.slice(-1), url]));
      },
      () => undefined,
    );
    return () => {
      gone = true;
    };
  }, [url]);

  return (
    <div className="fading" role="img" aria-label={label}>
      {layers.map((layer) => (
        <img
          key={layer}
          src={layer}
          alt=""
          onAnimationEnd={() => setLayers((before) => (before.at(-1) === layer ? [layer] : before))}
        />
      ))}
    </div>
  );
}
