/** What the page says, in the reader's language. */
import type { Language } from "../../advice/advice";
import { en } from "./en";
import { zh } from "./zh";

export type { Language };
export type MessageKey = keyof typeof en;
export type Values = Record<string, string | number>;

const LANGUAGES: Record<Language, Record<MessageKey, string>> = { en, zh };

/** The text for `key` with `values` put in. */
export function message(language: Language, key: MessageKey, values: Values = {}): string {
  return LANGUAGES[language][key].replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}

/** The first language that a person reads and the page speaks; English where there is none. */
export function chooseLanguage(preferred: readonly string[]): Language {
  const known = preferred.map((name) => name.slice(0, 2).toLowerCase()).find((name) => name in LANGUAGES);
  return (known as Language | undefined) ?? "en";
}
