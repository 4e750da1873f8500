import { InvalidArgumentError } from "commander";

const UNITS: Record<string, number> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** `90s`, `10m`, `1.5h` in milliseconds; for commander, which shows the error with the option's name. */
export function toDuration(text: string): number {
  const match = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/.exec(text);
  const ms = match ? Number(match[1]) * UNITS[match[2]] : NaN;
  if (ms === 0) throw new InvalidArgumentError("It must be more than 0.");
  if (!(ms > 0)) throw new InvalidArgumentError("It is a number with ms, s, m, h or d, such as 90s or 10m.");
  return ms;
}

/** Milliseconds for people. */
export function describeDuration(ms: number): string {
  return ms < 1000 ? `${ms} ms` : `${Math.round(ms / 100) / 10} s`;
}
