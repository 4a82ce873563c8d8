/** The one question of a server that wants a key. */

import { KeyRound } from "lucide-react";
import { type FormEvent, useEffect, useRef, useState } from "react";
import { handIn } from "../protocol/access.ts";
import { Refusal } from "../protocol/json.ts";
import { Picker } from "../ui/picker.tsx";
import { ACCESS } from "../words/access-messages.ts";
import { asChoice, LANGUAGE_NAMES, LANGUAGES } from "../words/language.ts";
import { useLanguage, useTable } from "../workshop/language.tsx";

type Problem = "wrong" | "often" | "unreachable";

function problemOf(error: unknown): Problem {
  if (!(error instanceof Refusal)) return "unreachable";
  return error.status === 429 ? "often" : "wrong";
}

export function KeyPage({ base, onEntered }: { readonly base: string; readonly onEntered: () => void }) {
  const t = useTable(ACCESS);
  const { choice, choose } = useLanguage();
  const [key, setKey] = useState("");
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const input = useRef<HTMLInputElement>(null);

  useEffect(() => {
    document.title = t("title");
    input.current?.focus();
  }, [t]);

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (busy || key.trim() === "") return;
    setBusy(true);
    setProblem(null);
    try {
      await handIn(base, key.trim());
      onEntered();
    } catch (error) {
      setProblem(problemOf(error));
      setBusy(false);
      input.current?.focus();
      input.current?.select();
    }
  };

  const languages = [
    { value: "auto", label: t("languageAuto") },
    ...LANGUAGES.map((language) => ({ value: language, label: LANGUAGE_NAMES[language] })),
  ];
  return (
    <main className="entrance">
      <div className="entrance-card">
        <KeyRound aria-hidden="true" className="entrance-sign" size={28} strokeWidth={1.5} />
        <h1>{t("title")}</h1>
        <p id="key-hint">{t("hint")}</p>
        <form onSubmit={submit}>
          <label htmlFor="key">{t("key")}</label>
          <input
            id="key"
            ref={input}
            type="password"
            name="key"
            value={key}
            maxLength={512}
            autoComplete="current-password"
            spellCheck={false}
            aria-describedby="key-hint"
            aria-invalid={problem === "wrong"}
            onChange={(event) => setKey(event.target.value)}
          />
          <p role="alert" className="entrance-problem">
            {problem && t(problem)}
          </p>
          <button type="submit" className="entrance-open" disabled={busy || key.trim() === ""}>
            {t(busy ? "opening" : "open")}
          </button>
        </form>
      </div>
      <Picker label={t("language")} value={choice} choices={languages} onChange={(value) => choose(asChoice(value))} />
    </main>
  );
}
