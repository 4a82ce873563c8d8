import type { TurnTimings } from "../protocol/events.ts";
import { answeredAfter, stepsOf, tokensPerSecond } from "../state/waterfall.ts";
import { keyFor } from "../words/messages.ts";
import { useView, useWords, type Words } from "./context.ts";

function formatTime(ms: number, t: Words): string {
  return ms < 995 ? t("milliseconds", { ms: String(Math.round(ms)) }) : t("seconds", { s: (ms / 1000).toFixed(2) });
}

function Waterfall({ turn, longest }: { readonly turn: TurnTimings; readonly longest: number }) {
  const t = useWords();
  const after = answeredAfter(turn);
  const rate = tokensPerSecond(turn);
  return (
    <li className="turn">
      <p className="turn-head">
        <span>{after === null ? "" : t("turnSummary", { time: formatTime(Math.max(0, after), t) })}</span>
        {rate !== null && <span className="muted">{t("speed", { rate: rate.toFixed(0) })}</span>}
      </p>
      <dl className="steps">
        {stepsOf(turn).map((step) => (
          <div key={step.label} className="step">
            <dt>{t(step.label)}</dt>
            <dd>
              <span className="track" aria-hidden="true">
                <span
                  className="bar"
                  style={{
                    left: `min(${(100 * step.fromMs) / longest}%, 100% - 0.5rem)`,
                    right: `${100 - (100 * step.toMs) / longest}%`,
                  }}
                />
              </span>
              <span className="time">{formatTime(step.toMs, t)}</span>
            </dd>
          </div>
        ))}
      </dl>
    </li>
  );
}

/** Everything technical, one tap away: the last turns, the engines, the connection. */
export function Details() {
  const { turns, engines, connection, sessionId, profile, persona, still } = useView();
  const t = useWords();
  const longest = Math.max(1, ...turns.flatMap((turn) => stepsOf(turn).map((step) => step.toMs)));
  const facts = profile
    ? ([
        ["goal", profile.goal],
        ["level", profile.level],
        ["career", profile.career],
      ] as const)
    : [];
  return (
    <>
      <section>
        <h3>{t("turns")}</h3>
        {turns.length === 0 && <p className="muted">{t("turnsEmpty")}</p>}
        <ol className="turns">
          {turns.map((turn) => (
            <Waterfall key={turn.turn_id} turn={turn} longest={longest} />
          ))}
        </ol>
      </section>
      {facts.length > 0 && (
        <section>
          <h3>{t("known", { name: persona?.name ?? "" })}</h3>
          <dl className="rows">
            {facts.map(([key, fact]) => (
              <div key={key}>
                <dt>{t(key)}</dt>
                <dd>{fact?.label ?? "–"}</dd>
              </div>
            ))}
          </dl>
        </section>
      )}
      <section>
        <h3>{t("engines")}</h3>
        <dl className="rows">
          {engines.map((engine) => (
            <div key={`${engine.kind}-${engine.name}`}>
              <dt>{t(keyFor("engine", engine.kind, "kind_other"))}</dt>
              <dd>
                {engine.model || engine.name}
                {engine.model && engine.model !== engine.name && <span className="muted"> {engine.name}</span>}
                {engine.state === "failed" && <span title={engine.detail}> ({t("engineOut")})</span>}
              </dd>
            </div>
          ))}
        </dl>
        {still && <p className="muted">{t("still")}</p>}
      </section>
      <section>
        <h3>{t("connection")}</h3>
        <dl className="rows">
          <div>
            <dt>{t("connection")}</dt>
            <dd>{t(connection === "open" ? "connected" : "notConnected")}</dd>
          </div>
          <div>
            <dt>{t("session")}</dt>
            <dd className="mono">{sessionId ?? "–"}</dd>
          </div>
        </dl>
      </section>
    </>
  );
}
