import { Volume2 } from "lucide-react";
import type { ReactNode } from "react";
import { busyWith, progressOf } from "../state/readiness.ts";
import { keyFor } from "../words/messages.ts";
import { usePage, useView, useWords } from "./context.ts";

/** Before the conversation: what is being prepared, then the invitation whose tap lets her speak, and what else there
 *  is to say before. */
export function Welcome({ children }: { readonly children?: ReactNode }) {
  const { live } = usePage();
  const { readiness, reachable, met, persona, connection } = useView();
  const t = useWords();
  if (reachable && readiness?.status === "loading") {
    const progress = progressOf(readiness);
    const busy = busyWith(readiness);
    const what = busy ? t(keyFor("kind", busy.kind, "kind_other")) : null;
    return (
      <div className="welcome">
        <p className="welcome-title">{what ? t("preparing", { what }) : t("loading")}</p>
        <div
          className="progress"
          role="progressbar"
          aria-label={t("loading")}
          aria-valuemin={0}
          aria-valuemax={100}
          aria-valuenow={Math.round(progress * 100)}
        >
          <span style={{ transform: `scaleX(${progress})` }} />
        </div>
        <p className="welcome-hint">{busy?.detail || t("loadingHint")}</p>
      </div>
    );
  }
  if (met || !persona || connection !== "open") return null;
  return (
    <div className="welcome">
      <button type="button" className="meet" onClick={() => live.meet()}>
        <Volume2 aria-hidden="true" size={20} strokeWidth={1.75} />
        {t("meet", { name: persona.name })}
      </button>
      <p className="welcome-hint">{t("meetHint")}</p>
      {children}
    </div>
  );
}
