/** Records one take from the microphone. */

import { useCallback, useEffect, useRef, useState } from "react";
import { Microphone, MicrophoneError, type MicrophoneProblem } from "../audio/microphone.ts";
import { Take } from "./take.ts";

export type RecorderState = "idle" | "asking" | "recording";

export interface Recorder {
  readonly state: RecorderState;
  readonly problem: MicrophoneProblem | null;
  /** What is being recorded; its contents grow without a new render. */
  readonly take: Take | null;
  start(): void;
  stop(): void;
}

/** Shorter than this is a slip of the finger. */
const SHORTEST_SECONDS = 0.3;

/** `onTake` gets what was recorded, when it ends by the person, by its longest length or by the device. */
export function useRecorder(onTake: (take: Take) => void): Recorder {
  const [state, setState] = useState<RecorderState>("idle");
  const [problem, setProblem] = useState<MicrophoneProblem | null>(null);
  const [take, setTake] = useState<Take | null>(null);
  const open = useRef<{ readonly microphone: Microphone; readonly take: Take } | null>(null);
  const wanted = useRef(false);
  const deliver = useRef(onTake);
  deliver.current = onTake;

  const stop = useCallback(() => {
    wanted.current = false;
    const now = open.current;
    open.current = null;
    now?.microphone.close();
    setState("idle");
    setTake(null);
    if (now && now.take.seconds >= SHORTEST_SECONDS) deliver.current(now.take);
  }, []);

  const start = useCallback(() => {
    if (wanted.current) return;
    wanted.current = true;
    setProblem(null);
    setState("asking");
    const next = new Take();
    Microphone.open({
      onPacket: (packet, level) => {
        next.push(packet, level);
        if (next.full) stop();
      },
      onEnded: stop,
    }).then(
      (microphone) => {
        if (!wanted.current) {
          microphone.close();
          return;
        }
        open.current = { microphone, take: next };
        setTake(next);
        setState("recording");
      },
      (error) => {
        wanted.current = false;
        setState("idle");
        setProblem(error instanceof MicrophoneError ? error.problem : "unsupported");
      },
    );
  }, [stop]);

  useEffect(
    () => () => {
      wanted.current = false;
      open.current?.microphone.close();
      open.current = null;
    },
    [],
  );
  return { state, problem, take, start, stop };
}
