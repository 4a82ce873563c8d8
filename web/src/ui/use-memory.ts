import { useCallback, useEffect, useMemo, useState } from "react";
import { type Memory, MemoryApi, newSecret } from "../protocol/memory.ts";
import { dropSecret, keepSecret, personSecret, rememberAnswer, wasAsked } from "../session/person.ts";
import { usePage, useView } from "./context.ts";

export interface MemoryDesk {
  /** What the server remembers; null before it has said so. */
  readonly memory: Memory | null;
  /** Whether the person still has to be asked. */
  readonly due: boolean;
  readonly busy: boolean;
  readonly failed: boolean;
  agree(): void;
  decline(): void;
  refresh(): void;
  forget(conversation: string): void;
  forgetAll(): void;
  revoke(): void;
  save(): void;
}

function saveAs(name: string, value: unknown): void {
  const address = URL.createObjectURL(new Blob([JSON.stringify(value, null, 2)], { type: "application/json" }));
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  window.setTimeout(() => URL.revokeObjectURL(address), 10_000);
}

/** What the server remembers of the person in front of this browser, and what they can do with it. */
export function useMemory(base: string): MemoryDesk {
  const { live } = usePage();
  const { readiness, reachable } = useView();
  const api = useMemo(() => new MemoryApi(base), [base]);
  const [memory, setMemory] = useState<Memory | null>(null);
  const [asked, setAsked] = useState(wasAsked);
  const [busy, setBusy] = useState(false);
  const [failed, setFailed] = useState(false);

  const work = useCallback(async (run: () => Promise<void>) => {
    setBusy(true);
    setFailed(false);
    await run().catch(() => setFailed(true));
    setBusy(false);
  }, []);

  const see = useCallback(async () => setMemory(await api.see(personSecret())), [api]);

  const answered = reachable && readiness !== null;
  useEffect(() => {
    if (answered) see().catch(() => undefined);
  }, [answered, see]);

  return useMemo(() => {
    const withSecret = (run: (secret: string) => Promise<unknown>) =>
      work(async () => {
        const secret = personSecret();
        if (secret) await run(secret);
        await see();
      });
    return {
      memory,
      due: memory?.enabled === true && memory.agreed_at === null && !asked,
      busy,
      failed,
      agree: () =>
        void work(async () => {
          const secret = newSecret();
          const agreed = await api.agree(secret);
          if (!keepSecret(secret)) {
            await api.revoke(secret);
            throw new Error("this browser keeps nothing");
          }
          rememberAnswer("yes");
          setAsked(true);
          setMemory(agreed);
          live.rejoin();
        }),
      decline: () => {
        rememberAnswer("no");
        setAsked(true);
      },
      refresh: () => void see().catch(() => setFailed(true)),
      forget: (conversation) => void withSecret((secret) => api.forget(secret, conversation)),
      forgetAll: () =>
        void withSecret(async (secret) => {
          await api.forgetAll(secret);
          live.restart();
        }),
      revoke: () =>
        void withSecret(async (secret) => {
          await api.revoke(secret);
          dropSecret();
          rememberAnswer("no");
          setAsked(true);
          live.restart();
        }),
      save: () => void withSecret(async (secret) => saveAs("visavis-memory.json", await api.take(secret))),
    };
  }, [memory, asked, busy, failed, api, live, see, work]);
}
