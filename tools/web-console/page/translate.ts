import { createContext } from "preact";
import { useContext } from "preact/hooks";
import type { Language, MessageKey, Values } from "../messages/messages";
import { message } from "../messages/messages";

export const LanguageContext = createContext<Language>("en");

export type Translate = (key: MessageKey, values?: Values) => string;

/** The reader's language, and the texts in it. */
export function useTranslation(): { language: Language; t: Translate } {
  const language = useContext(LanguageContext);
  return { language, t: (key, values) => message(language, key, values) };
}

/** A time of day with its seconds. */
export function timeOf(at: number): string {
  return new Date(at).toTimeString().slice(0, 8);
}
