import { Pause, Play, Trash2 } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { IconButton } from "../ui/icon-button.tsx";
import { formatClock } from "../workshop/format.ts";
import { useLanguage } from "../workshop/language.tsx";
import { sentenceOf } from "../workshop/sentence.ts";
import { useStudioWords } from "./context.ts";
import type { Sound } from "./draft.ts";
import { barsOf } from "./peaks.ts";
import { Waveform } from "./waveform.tsx";

const BARS = 56;

/** The recording that will be spoken with: to hear, and to throw away. */
export function SoundCard({ sound, onRemove }: { readonly sound: Sound; readonly onRemove: () => void }) {
  const t = useStudioWords();
  const { language } = useLanguage();
  const audio = useRef<HTMLAudioElement>(null);
  const [playing, setPlaying] = useState(false);
  const [played, setPlayed] = useState(0);

  useEffect(() => {
    if (!playing) return;
    let request = 0;
    const look = () => {
      const element = audio.current;
      const length = sound.duration ?? element?.duration ?? 0;
      if (element && length > 0) setPlayed(Math.min(1, element.currentTime / length));
      request = requestAnimationFrame(look);
    };
    request = requestAnimationFrame(look);
    return () => cancelAnimationFrame(request);
  }, [playing, sound.duration]);

  const toggle = () => {
    const element = audio.current;
    if (!element) return;
    if (element.paused) void element.play().catch(() => undefined);
    else element.pause();
  };
  const { sending } = sound;
  const refused = sending.state === "refused" ? sending.trouble : null;
  return (
    <div className="sound-card">
      {/* biome-ignore lint/a11y/useMediaCaption: what the person has just recorded or chosen, before it has any words */}
      <audio
        ref={audio}
        src={sound.url}
        preload="auto"
        onPlay={() => setPlaying(true)}
        onPause={() => setPlaying(false)}
        onEnded={() => {
          setPlaying(false);
          setPlayed(0);
        }}
      />
      <div className="sound-row">
        <button type="button" className="sound-play" aria-label={t(playing ? "pause" : "play")} onClick={toggle}>
          {playing ? (
            <Pause aria-hidden="true" size={18} fill="currentColor" strokeWidth={1.5} />
          ) : (
            <Play aria-hidden="true" size={18} fill="currentColor" strokeWidth={1.5} />
          )}
        </button>
        <Waveform bars={barsOf(sound.levels, BARS)} played={played} />
        <span className="clock">{sound.duration === null ? "" : formatClock(Math.round(sound.duration))}</span>
        <IconButton icon={Trash2} label={t("remove")} onClick={onRemove} />
      </div>
      <div role="status">
        {refused ? (
          <p className="refused">{sentenceOf(refused, language)}</p>
        ) : (
          <p className="hint sound-name">
            {sending.state === "sending" ? t("sendingSound") : sound.name || t("yourRecording")}
          </p>
        )}
      </div>
    </div>
  );
}
