/** What this browser keeps for being remembered: the person's secret, or that they would rather not. */

const SECRET = "visavis.person";
const ANSWER = "visavis.remember";

function read(name: string): string | null {
  try {
    return localStorage.getItem(name);
  } catch {
    return null;
  }
}

function write(name: string, value: string | null): boolean {
  try {
    if (value === null) localStorage.removeItem(name);
    else localStorage.setItem(name, value);
    return true;
  } catch {
    return false;
  }
}

/** The secret of a person who agreed; null when there is none. */
export function personSecret(): string | null {
  return read(SECRET);
}

/** False where the browser keeps nothing: then nobody can come back either. */
export function keepSecret(secret: string): boolean {
  return write(SECRET, secret);
}

export function dropSecret(): void {
  write(SECRET, null);
}

/** Whether the person was asked already. */
export function wasAsked(): boolean {
  return read(ANSWER) !== null || personSecret() !== null;
}

export function rememberAnswer(answer: "yes" | "no"): void {
  write(ANSWER, answer);
}
