import { useState } from "preact/hooks";
import type { PayloadForm } from "../session/payload";
import { describePayload, PAYLOAD_FORMS, toPayload } from "../session/payload";
import type { Session } from "../session/session";
import { Choice, Flag, TextField } from "./controls";
import { timeOf, useTranslation } from "./translate";

const QOS = [["0", "0"] as const, ["1", "1"] as const];

function Publish({ session, plain }: { session: Session; plain: boolean }) {
  const { t } = useTranslation();
  const [topic, setTopic] = useState("");
  const [text, setText] = useState("");
  const [form, setForm] = useState<PayloadForm>("text");
  const [qos, setQos] = useState<"0" | "1">("0");
  const [retain, setRetain] = useState(false);
  const [result, setResult] = useState("");
  const [wrong, setWrong] = useState<"payload-not-json" | "payload-not-hex">();
  const send = (event: Event) => {
    event.preventDefault();
    const made = toPayload(form, text);
    setWrong(made.fault);
    if (made.fault !== undefined) return setResult("");
    const answer = session.publish(topic, made.payload, Number(qos), retain && !plain);
    const good = answer === "sent" || answer === "queued";
    setResult(
      good ? `${t(`publish.result.${answer}`)} (${timeOf(Date.now())})` : t("publish.refused", { code: answer }),
    );
  };
  return (
    <section aria-labelledby="publish-heading">
      <h3 id="publish-heading">{t("publish.heading")}</h3>
      <form onSubmit={send} noValidate>
        <TextField label={t("publish.topic")} value={topic} onValue={setTopic} />
        <TextField
          label={t("publish.payload")}
          value={text}
          onValue={setText}
          rows={3}
          error={wrong === undefined ? undefined : t(wrong)}
        />
        <div class="row">
          <Choice
            label={t("publish.form")}
            value={form}
            choices={PAYLOAD_FORMS.map((name) => [name, t(`payload.${name}`)] as const)}
            onValue={(name) => setForm(name)}
          />
          <Choice label={t("qos")} value={qos} choices={QOS} onValue={(level) => setQos(level)} />
          {!plain && <Flag label={t("publish.retain")} value={retain} onValue={setRetain} />}
        </div>
        <div class="buttons">
          <button type="submit" class="main" disabled={session.state === "idle"}>
            {t("publish.send")}
          </button>
          <span role="status">{result}</span>
        </div>
      </form>
    </section>
  );
}

function Subscriptions({ session }: { session: Session }) {
  const { t } = useTranslation();
  const [topic, setTopic] = useState("");
  const [qos, setQos] = useState<"0" | "1">("0");
  const add = (event: Event) => {
    event.preventDefault();
    session.subscribe(topic, Number(qos));
  };
  return (
    <section aria-labelledby="subscribe-heading">
      <h3 id="subscribe-heading">{t("subscribe.heading")}</h3>
      <form onSubmit={add} noValidate>
        <div class="row">
          <TextField label={t("subscribe.topic")} value={topic} onValue={setTopic} />
          <Choice label={t("qos")} value={qos} choices={QOS} onValue={(level) => setQos(level)} />
          <button type="submit" disabled={session.state === "idle"}>
            {t("subscribe.add")}
          </button>
        </div>
      </form>
      {session.subscriptions.length === 0 ? (
        <p class="note">{t("subscribe.none")}</p>
      ) : (
        <ul class="subscriptions">
          {session.subscriptions.map(({ topic: filter, granted }) => (
            <li key={filter}>
              <code>{filter}</code>{" "}
              <span class="note">
                {granted === undefined ? t("subscribe.waiting") : t("subscribe.granted", { qos: granted })}
              </span>
              <button
                type="button"
                class="small"
                aria-label={t("subscribe.remove", { topic: filter })}
                onClick={() => session.unsubscribe(filter)}
              >
                ✕
              </button>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

/** Publish, subscribe, and what came. `plain`: the platform takes no Retain. */
export function MessagesView({ session, plain }: { session: Session; plain: boolean }) {
  const { t } = useTranslation();
  const messages = session.messages.all;
  return (
    <div class="messages">
      <div class="columns">
        <Publish session={session} plain={plain} />
        <Subscriptions session={session} />
      </div>
      <section aria-labelledby="received-heading">
        <h3 id="received-heading">{t("messages.heading")}</h3>
        {messages.length === 0 && <p class="note">{t("messages.none")}</p>}
        <ol class="received" aria-live="polite" aria-relevant="additions">
          {[...messages]
            .reverse()
            .slice(0, 100)
            .map(({ id, at, topic, payload, qos, retain }) => {
              const { form, text } = describePayload(payload);
              return (
                <li key={id}>
                  <p>
                    <time>{timeOf(at)}</time> <code>{topic}</code>{" "}
                    <span class="note">
                      QoS {qos}, {t("messages.bytes", { bytes: payload.length })}, {t(`payload.${form}`)}
                      {retain && `, ${t("messages.retained")}`}
                    </span>
                  </p>
                  <pre tabIndex={text.length > 500 ? 0 : undefined}>{text}</pre>
                </li>
              );
            })}
        </ol>
      </section>
    </div>
  );
}
