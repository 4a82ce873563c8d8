/** The page: a stage with one face, and a dock to talk from. */

import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { FaceView } from "./face/face-view.tsx";
import { KnowledgeApi } from "./protocol/knowledge.ts";
import { SourceViewer } from "./source/source-viewer.tsx";
import { Captions } from "./ui/captions.tsx";
import { CitationCards } from "./ui/citation-cards.tsx";
import { usePage, useView, useWords } from "./ui/context.ts";
import { Conversation } from "./ui/conversation.tsx";
import { CourseCards } from "./ui/course-cards.tsx";
import { Details } from "./ui/details.tsx";
import { Dock } from "./ui/dock.tsx";
import { useKeyboard } from "./ui/keyboard.ts";
import { Masthead } from "./ui/masthead.tsx";
import { MemoryQuestion } from "./ui/memory-question.tsx";
import { MemorySection } from "./ui/memory-section.tsx";
import { SidePanel } from "./ui/side-panel.tsx";
import { useMemory } from "./ui/use-memory.ts";
import { Welcome } from "./ui/welcome.tsx";
import { LANGUAGE_TAGS } from "./words/language.ts";

export function App({ base }: { readonly base: string }) {
  const { live, store } = usePage();
  const { persona, language, coursesOpen, citations, citationsOpen, source, panel } = useView();
  const t = useWords();
  const input = useRef<HTMLInputElement>(null);
  const [ground, setGround] = useState<string | null>(null);
  const name = persona?.name ?? "";
  const accent = persona?.accent;
  const rigUrl = persona ? `${base}v1/avatars/${encodeURIComponent(persona.avatar ?? persona.id)}/rig.json` : null;
  const memory = useMemory(base);
  useKeyboard();

  useEffect(() => live.start(), [live]);

  useEffect(() => {
    document.documentElement.lang = LANGUAGE_TAGS[language];
    if (name) document.title = t("title", { name });
  }, [language, name, t]);

  useEffect(() => {
    const { style } = document.documentElement;
    if (accent) style.setProperty("--persona-accent", accent);
    if (ground) style.setProperty("--portrait-ground", ground);
  }, [accent, ground]);

  const onStill = useCallback(() => store.dispatch({ kind: "still" }), [store]);
  const knowledge = useMemo(() => new KnowledgeApi(base), [base]);
  const closeSource = useCallback(() => store.dispatch({ kind: "source", citation: null }), [store]);
  const closePanel = useCallback(() => store.dispatch({ kind: "panel", panel: "none" }), [store]);

  return (
    <div className="page" data-courses={coursesOpen || (citationsOpen && citations.length > 0)}>
      <Masthead />
      <main className="scene">
        <h1 className="unseen">{t("title", { name })}</h1>
        <div className="figure">
          <FaceView
            live={live}
            rigUrl={rigUrl}
            label={t("portraitOf", { name })}
            onStill={onStill}
            onGround={setGround}
          />
        </div>
        <div className="floor" aria-hidden="true" />
        <Captions />
        <Welcome>
          <MemoryQuestion desk={memory} />
        </Welcome>
        <Dock input={input} />
      </main>
      <CourseCards />
      <CitationCards />
      <SidePanel title={t("conversation")} open={panel === "conversation"} onClose={closePanel}>
        <Conversation />
      </SidePanel>
      <SidePanel title={t("details")} open={panel === "details"} onClose={closePanel}>
        <Details />
        <MemorySection desk={memory} />
      </SidePanel>
      <SourceViewer api={knowledge} place={source} language={language} onClose={closeSource} />
    </div>
  );
}
