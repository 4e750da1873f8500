/** What outlives the page, and only if somebody wants it: the form, and the language that was chosen. */
import type { Form } from "../session/fields";
import { formOf, deviceOf } from "../session/fields";
import type { Language } from "../messages/messages";

const FORM = "mqtt-console.form";
const LANGUAGE = "mqtt-console.language";

/** A browser may bar pages from its storage, and even from asking for it. */
function attempt<T>(access: (storage: Storage) => T): T | undefined {
  try {
    return access(localStorage);
  } catch {
    return undefined;
  }
}

export function rememberedForm(): Form | undefined {
  return attempt((storage) => formOf(JSON.parse(storage.getItem(FORM) ?? "null")));
}

/** Keeps the form as the device.json it says; `undefined` forgets it. */
export function rememberForm(form: Form | undefined): void {
  attempt((storage) => {
    if (form) storage.setItem(FORM, JSON.stringify(deviceOf(form)));
    else storage.removeItem(FORM);
  });
}

export function rememberedLanguage(): string | undefined {
  return attempt((storage) => storage.getItem(LANGUAGE)) ?? undefined;
}

export function rememberLanguage(language: Language): void {
  attempt((storage) => storage.setItem(LANGUAGE, language));
}
