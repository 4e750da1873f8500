import { useState } from "preact/hooks";
import { message } from "../messages/messages";
import type { LogEntry, Session } from "../session/session";
import { Flag, TextField } from "./controls";
import { timeOf, useTranslation } from "./translate";

const KINDS = ["state", "out", "in", "fault"] as const;
const LISTED = 500;

function save(entries: readonly LogEntry[]): void {
  const lines = entries.map(({ at, kind, key, values }) => {
    return JSON.stringify({ at: new Date(at).toISOString(), kind, text: message("en", key, values), ...values });
  });
  const address = URL.createObjectURL(new Blob([`${lines.join("\n")}\n`], { type: "application/jsonl" }));
  const link = Object.assign(document.createElement("a"), { href: address, download: "mqtt-console.jsonl" });
  link.click();
  URL.revokeObjectURL(address);
}

export function LogView({ session }: { session: Session }) {
  const { t } = useTranslation();
  const [filter, setFilter] = useState("");
  const [hidden, hide] = useState<readonly string[]>([]);
  const [, clear] = useState(0);
  const all = session.log.all;
  const wanted = filter.toLowerCase();
  const shown = all
    .filter(({ kind }) => !hidden.includes(kind))
    .map((entry) => ({ ...entry, text: t(entry.key, entry.values) }))
    .filter(({ text }) => text.toLowerCase().includes(wanted));
  return (
    <section aria-labelledby="log-heading">
      <h3 id="log-heading">{t("log.heading")}</h3>
      <div class="row">
        <TextField label={t("log.filter")} value={filter} onValue={setFilter} />
        <fieldset>
          <legend>{t("log.kind")}</legend>
          {KINDS.map((kind) => (
            <Flag
              key={kind}
              label={t(`log.kind.${kind}`)}
              value={!hidden.includes(kind)}
              onValue={(on) => hide(on ? hidden.filter((other) => other !== kind) : [...hidden, kind])}
            />
          ))}
        </fieldset>
      </div>
      <div class="buttons">
        <button type="button" onClick={() => save(all)}>
          {t("log.save")}
        </button>
        <button
          type="button"
          onClick={() => {
            session.log.clear();
            clear((count) => count + 1);
          }}
        >
          {t("log.clear")}
        </button>
        <span class="note" role="status">
          {t("log.shown", { shown: shown.length, all: all.length })}
        </span>
      </div>
      {shown.length === 0 && <p class="note">{t("log.none")}</p>}
      <ol class="log" aria-labelledby="log-heading" tabIndex={0}>
        {shown
          .reverse()
          .slice(0, LISTED)
          .map(({ id, at, kind, text }) => (
            <li key={id} class={`kind-${kind}`}>
              <time>{timeOf(at)}</time> <span>{text}</span>
            </li>
          ))}
      </ol>
    </section>
  );
}
