/** The few controls that the views share. */
import type { ComponentChildren } from "preact";
import { useId, useRef, useState } from "preact/hooks";
import type { MessageKey } from "../messages/messages";
import { useTranslation } from "./translate";

interface TextProps {
  label: string;
  value: string;
  onValue(value: string): void;
  placeholder?: string;
  /** Shown under it; the field then counts as wrong. */
  error?: ComponentChildren;
  secret?: boolean;
  numeric?: boolean;
  rows?: number;
  id?: string;
}

export function TextField({ label, value, onValue, placeholder, error, secret, numeric, rows, id }: TextProps) {
  const { t } = useTranslation();
  const [shown, show] = useState(false);
  const made = useId();
  const own = id ?? made;
  const props = {
    id: own,
    value,
    placeholder,
    autocomplete: "off",
    autocapitalize: "off" as const,
    spellcheck: false,
    "aria-invalid": error !== undefined,
    "aria-describedby": error === undefined ? undefined : `${own}-error`,
    onInput: (event: Event) => onValue((event.target as HTMLInputElement).value),
  };
  return (
    <div class="field">
      <label for={own}>{label}</label>
      {rows === undefined ? (
        <span class="with-button">
          {secret && !shown ? (
            <input {...props} type="password" />
          ) : (
            <input {...props} type="text" inputMode={numeric ? "numeric" : undefined} />
          )}
          {secret && (
            <button
              type="button"
              class="small"
              onClick={() => show(!shown)}
              aria-label={t(shown ? "hide-secret" : "show-secret", { name: label })}
            >
              {t(shown ? "hide" : "show")}
            </button>
          )}
        </span>
      ) : (
        <textarea {...props} rows={rows} />
      )}
      {error !== undefined && (
        <p class="error" id={`${own}-error`}>
          {error}
        </p>
      )}
    </div>
  );
}

interface ChoiceProps<T extends string> {
  label: string;
  value: T;
  choices: readonly (readonly [value: T, text: string])[];
  onValue(value: T): void;
}

export function Choice<T extends string>({ label, value, choices, onValue }: ChoiceProps<T>) {
  const id = useId();
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <select id={id} value={value} onChange={(event) => onValue((event.target as HTMLSelectElement).value as T)}>
        {choices.map(([choice, text]) => (
          <option key={choice} value={choice}>
            {text}
          </option>
        ))}
      </select>
    </div>
  );
}

export function Flag({
  label,
  value,
  onValue,
  note,
}: {
  label: string;
  value: boolean;
  onValue(value: boolean): void;
  note?: string;
}) {
  const id = useId();
  return (
    <div class="flag">
      <input
        id={id}
        type="checkbox"
        checked={value}
        aria-describedby={note === undefined ? undefined : `${id}-note`}
        onChange={(event) => onValue((event.target as HTMLInputElement).checked)}
      />
      <label for={id}>{label}</label>
      {note !== undefined && (
        <p class="note" id={`${id}-note`}>
          {note}
        </p>
      )}
    </div>
  );
}

/** A file that is read as text. */
export function TextFile({
  label,
  accept,
  onText,
}: {
  label: string;
  accept: string;
  onText(text: string, name: string): void;
}) {
  const id = useId();
  const read = async (event: Event) => {
    const input = event.target as HTMLInputElement;
    const file = input.files?.[0];
    if (file) onText(await file.text(), file.name);
    // The same file may be chosen again.
    input.value = "";
  };
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <input id={id} type="file" accept={accept} onChange={(event) => void read(event)} />
    </div>
  );
}

export interface Tab {
  name: MessageKey;
  view: ComponentChildren;
}

/** Tabs by the ARIA pattern: arrows, Home and End move, one of them is in the order of focus. */
export function Tabs({
  tabs,
  label,
  chosen,
  onChoose,
}: {
  tabs: Tab[];
  label: string;
  chosen: number;
  onChoose(index: number): void;
}) {
  const { t } = useTranslation();
  const id = useId();
  const list = useRef<HTMLDivElement>(null);
  // A panel stays as it was last drawn, with what was typed into it; one that was not chosen yet is empty.
  const drawn = useRef<ComponentChildren[]>([]);
  drawn.current[chosen] = tabs[chosen].view;
  const move = (event: KeyboardEvent) => {
    const steps: Record<string, number> = {
      ArrowRight: chosen + 1,
      ArrowLeft: chosen - 1,
      Home: 0,
      End: tabs.length - 1,
    };
    const to = steps[event.key];
    if (to === undefined) return;
    event.preventDefault();
    const index = (to + tabs.length) % tabs.length;
    onChoose(index);
    list.current?.querySelectorAll("button")[index].focus();
  };
  return (
    <>
      <div class="tabs" role="tablist" aria-label={label} ref={list} onKeyDown={move}>
        {tabs.map(({ name }, index) => (
          <button
            key={name}
            type="button"
            role="tab"
            id={`${id}-tab-${index}`}
            aria-selected={index === chosen}
            aria-controls={`${id}-panel-${index}`}
            tabIndex={index === chosen ? 0 : -1}
            onClick={() => onChoose(index)}
          >
            {t(name)}
          </button>
        ))}
      </div>
      {tabs.map(({ name }, index) => (
        <div
          key={name}
          id={`${id}-panel-${index}`}
          class="panel"
          role="tabpanel"
          aria-labelledby={`${id}-tab-${index}`}
          tabIndex={0}
          hidden={index !== chosen}
        >
          {drawn.current[index]}
        </div>
      ))}
    </>
  );
}
