import { FileAudio, Mic, Square } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import type { MicrophoneProblem } from "../audio/microphone.ts";
import { PACKET_MS } from "../audio/packets.ts";
import type { StudioKey } from "../words/studio-messages.ts";
import { formatClock } from "../workshop/format.ts";
import { useStudio, useStudioView, useStudioWords } from "./context.ts";
import { latestBars } from "./peaks.ts";
import { receiveSound, SOUND_TYPES } from "./receive.ts";
import { SoundCard } from "./sound-card.tsx";
import type { Take } from "./take.ts";
import { useRecorder } from "./voice-recorder.ts";
import { Waveform } from "./waveform.tsx";

const LIVE_BARS = 56;
/** The live picture shows one bar for so many packets: a tenth of a second. */
const PACKETS_A_BAR = Math.round(100 / PACKET_MS);
const REDRAW_MS = 80;

const TROUBLES: Readonly<Record<MicrophoneProblem, StudioKey>> = {
  denied: "microphoneDenied",
  missing: "microphoneMissing",
  busy: "microphoneBusy",
  unsupported: "microphoneInsecure",
};

function LiveBars({ take }: { readonly take: Take }) {
  const [, redraw] = useState(0);
  useEffect(() => {
    const timer = window.setInterval(() => redraw((n) => n + 1), REDRAW_MS);
    return () => window.clearInterval(timer);
  }, []);
  const levels: number[] = [];
  for (let i = 0; i + PACKETS_A_BAR <= take.levels.length; i += PACKETS_A_BAR) {
    levels.push(Math.max(...take.levels.slice(i, i + PACKETS_A_BAR)));
  }
  return (
    <>
      <Waveform bars={latestBars(levels, LIVE_BARS)} played={1} />
      <span className="clock">{formatClock(take.seconds)}</span>
    </>
  );
}

/** A voice to speak with: recorded here, or from a file. */
export function VoiceDesk() {
  const studio = useStudio();
  const { draft } = useStudioView();
  const t = useStudioWords();
  const button = useRef<HTMLButtonElement>(null);
  const recorder = useRecorder((take) => studio.chooseSound(take.wav(), "", take.seconds, take.levels));
  const { state, problem, take } = recorder;
  if (draft.sound && state === "idle") {
    const again = () => {
      studio.dropSound();
      requestAnimationFrame(() => button.current?.focus());
    };
    return <SoundCard sound={draft.sound} onRemove={again} />;
  }
  const recording = state === "recording";
  const label = t(recording ? "recordStop" : "record");
  return (
    <div className="voice" data-state={state}>
      <div className="voice-row">
        <button
          ref={button}
          id="record"
          type="button"
          className="record"
          aria-pressed={recording}
          aria-label={label}
          title={label}
          onClick={recording || state === "asking" ? recorder.stop : recorder.start}
        >
          {recording ? (
            <Square aria-hidden="true" size={20} fill="currentColor" />
          ) : (
            <Mic aria-hidden="true" size={26} strokeWidth={1.75} />
          )}
        </button>
        <div className="voice-said">
          {recording && take ? (
            <LiveBars take={take} />
          ) : (
            <p>
              <span className="voice-label">{t(state === "asking" ? "asking" : "record")}</span>
              <span className="hint">{t("recordHint")}</span>
            </p>
          )}
        </div>
      </div>
      <div role="alert">{problem && <p className="refused">{t(TROUBLES[problem])}</p>}</div>
      <p className="unseen" role="status">
        {recording ? t("recording") : ""}
      </p>
      <label className="sound-file">
        <input
          type="file"
          className="unseen"
          accept={SOUND_TYPES}
          disabled={recording}
          onChange={(event) => {
            const file = event.target.files?.[0];
            if (file) receiveSound(studio, file);
            event.target.value = "";
          }}
        />
        <FileAudio aria-hidden="true" size={18} strokeWidth={1.75} />
        <span>
          {t("orFile")}
          <span className="hint">{t("fileHint")}</span>
        </span>
      </label>
    </div>
  );
}
