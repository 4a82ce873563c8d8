/** One live conversation: the connection, both voices and the face, and what the person can do with them. */

import { Player } from "../audio/player.ts";
import { FaceTrack } from "../face/face-track.ts";
import { isKeyWanted } from "../protocol/access.ts";
import { RealtimeClient } from "../protocol/client.ts";
import type { ClientEvent, LanguageChoice, Persona, Remembered, ServerEvent } from "../protocol/events.ts";
import { fetchPersonas, fetchReadiness, type Readiness } from "../protocol/http.ts";
import { protocolsFor } from "../protocol/memory.ts";
import { isLostSession, isRefusal } from "../state/reduce-server.ts";
import { spoken } from "../state/said.ts";
import type { Store } from "../state/store.ts";
import type { Said, TalkMode } from "../state/view.ts";
import { preferredLanguage } from "../words/language.ts";
import type { Observer } from "./observer.ts";
import { personSecret } from "./person.ts";
import { savePreference } from "./preferences.ts";
import { microphoneHost, Talk } from "./talk.ts";
import { Voice } from "./voice.ts";
import { ReadinessWatch } from "./watch.ts";

const PCM = { type: "audio/pcm", rate: 24000 } as const;

export class Live {
  readonly face = new FaceTrack(Math.random);
  readonly player: Player;
  readonly talk: Talk;
  private readonly voice: Voice;
  private readonly client: RealtimeClient;
  private readonly watch: ReadinessWatch;
  private greetingDue = true;

  /** `base` is the page's own address, ending in a slash. */
  constructor(
    private readonly store: Store,
    private readonly base: string,
    readonly observer: Observer | null,
  ) {
    this.player = new Player((note) => {
      observer?.noted(note);
      this.voice.noted(note);
    }, observer?.tap ?? null);
    this.voice = new Voice(this.player, {
      send: (event) => this.send(event),
      onSounding: (sounding) => store.dispatch({ kind: "sounding", sounding }),
      setInterval: (run, ms) => window.setInterval(run, ms),
      clearInterval: (id) => window.clearInterval(id),
    });
    this.talk = new Talk(store.view.mode, {
      send: (event) => this.send(event),
      interrupt: () => this.voice.interrupt(),
      onMicrophone: (state) => store.dispatch({ kind: "microphone", state }),
      onHolding: (holding) => store.dispatch({ kind: "holding", holding }),
      open: microphoneHost,
    });
    this.client = new RealtimeClient(
      `${base.replace(/^http/, "ws")}v1/realtime`,
      null,
      {
        onState: (state) => {
          store.dispatch({ kind: "link", state });
          if (state.kind !== "lost") return;
          this.voice.reset();
          this.watch.start();
        },
        onEvent: (event) => this.receive(event),
      },
      {
        openSocket: (url) => new WebSocket(url, [...protocolsFor(personSecret())]),
        now: () => performance.now(),
        random: Math.random,
        setTimer: (run, ms) => window.setTimeout(run, ms),
        clearTimer: (id) => window.clearTimeout(id),
      },
    );
    this.watch = new ReadinessWatch(
      () => fetchReadiness(base),
      (readiness) => this.answered(readiness),
    );
  }

  start(): void {
    this.observer?.attach({ dropLine: () => this.client.drop(), receive: (event) => this.receive(event) });
    this.watch.start();
    window.addEventListener("online", () => this.retry());
  }

  /** The first gesture: from here on the page may sound, and she greets. Call it synchronously in the gesture. */
  meet(): void {
    void this.player.unlock();
    if (this.store.view.met) return;
    this.store.dispatch({ kind: "met" });
    this.greet();
  }

  /** The large button, tapped: cuts in while she answers, otherwise turns the microphone on or off. */
  tap(): void {
    const interrupted = this.voice.interrupt();
    if (!interrupted || this.store.view.microphone !== "on") void this.talk.toggle();
  }

  /** Everything stops: her voice, the answer on its way, and what is being recorded. */
  stop(): void {
    this.talk.cancel();
    this.voice.interrupt();
  }

  write(text: string): void {
    this.voice.interrupt();
    this.send({
      type: "conversation.item.create",
      item: { type: "message", role: "user", content: [{ type: "input_text", text }] },
    });
    this.send({ type: "response.create" });
  }

  setMode(mode: TalkMode): void {
    this.talk.setMode(mode);
    this.store.dispatch({ kind: "mode", mode });
    savePreference("mode", mode);
  }

  setLanguage(choice: LanguageChoice): void {
    const language = choice === "auto" ? preferredLanguage(navigator.languages) : choice;
    this.store.dispatch({ kind: "choice", choice, language });
    this.send({ type: "session.update", session: { type: "realtime", visavis: { language: choice } } });
    savePreference("language", choice);
  }

  choosePersona(persona: Persona): void {
    this.startOver(() => this.store.dispatch({ kind: "persona", persona }), persona.id);
  }

  restart(): void {
    this.startOver(() => this.store.dispatch({ kind: "restart" }), this.store.view.persona?.id ?? null);
  }

  /** Goes on with this conversation as the person that this browser now stands for. */
  rejoin(): void {
    this.stop();
    this.client.close();
    this.client.connect();
  }

  /** Tries to reach the server now. */
  retry(): void {
    const code = this.store.view.refusal?.code;
    if (isKeyWanted(code)) location.reload();
    else if (code && code !== "session.idle") this.restart();
    else {
      this.store.dispatch({ kind: "again" });
      if (this.store.view.connection === "lost") this.client.connect();
      this.watch.start();
    }
  }

  private startOver(change: () => void, persona: string | null): void {
    this.voice.reset();
    this.greetingDue = true;
    change();
    this.client.restart(persona);
  }

  private answered(readiness: Readiness | null): void {
    const { connection, reachable, refusal } = this.store.view;
    this.store.dispatch({ kind: "readiness", readiness });
    if (readiness && this.store.view.personas.length === 0) {
      fetchPersonas(this.base).then(
        (personas) => this.store.dispatch({ kind: "personas", personas }),
        () => undefined,
      );
    }
    // While a lost line waits for its next attempt, only a server that has come back is a reason to hurry.
    const due = connection !== "lost" || !reachable;
    if (readiness?.status === "ready" && !refusal && due) this.client.connect();
  }

  private send(event: ClientEvent): boolean {
    this.observer?.sent(event);
    return this.client.send(event);
  }

  private receive(event: ServerEvent): void {
    this.observer?.received(event);
    const { sessionId: known, said } = this.store.view;
    this.store.dispatch({ kind: "server", event });
    this.voice.take(event);
    switch (event.type) {
      case "visavis.session":
        this.configure();
        if (event.session_id === known) this.greet();
        else this.begin(spoken(said), event.history ?? []);
        return;
      case "visavis.motion.format":
        this.face.setFormat(event);
        return;
      case "visavis.motion.delta":
        if (event.layer === "ambient") this.face.pushAmbient(event.start_ms, event.frames);
        else if (this.voice.wants(event.response_id)) this.face.pushSpeech(event.item_id, event.start_ms, event.frames);
        return;
      case "visavis.notice":
        if (isRefusal(event.code)) this.client.close();
        return;
      case "error":
        if (isRefusal(event.error.code)) this.client.close();
        else if (isLostSession(event.error.code)) this.client.restart();
        return;
      default:
        return;
    }
  }

  private configure(): void {
    const { choice } = this.store.view;
    this.send({
      type: "session.update",
      session: {
        type: "realtime",
        audio: { input: { format: PCM, turn_detection: this.talk.turnDetection }, output: { format: PCM } },
        visavis: { motion: true, partials: true, language: choice },
      },
    });
  }

  /** A new session: it is told what was said on this page and is not in its `history`, or she greets. */
  private begin(said: readonly Said[], history: readonly Remembered[]): void {
    for (const { id, role, text } of said) {
      if (history.some((one) => one.id === id)) continue;
      const type = role === "user" ? "input_text" : "output_text";
      this.send({
        type: "conversation.item.create",
        item: { id, type: "message", role, content: [{ type, text }] },
      });
    }
    if (said.length > 0) this.greetingDue = false;
    else this.hintLanguage();
    this.greet();
  }

  /** Her first words come in the interface's language; from then on it is heard from what the person says. */
  private hintLanguage(): void {
    const { choice, language } = this.store.view;
    if (choice !== "auto") return;
    for (const one of [language, choice]) {
      this.send({ type: "session.update", session: { type: "realtime", visavis: { language: one } } });
    }
  }

  private greet(): void {
    const { met, sessionId, connection } = this.store.view;
    if (!this.greetingDue || !met || sessionId === null || connection !== "open") return;
    this.greetingDue = !this.send({ type: "response.create" });
  }
}
