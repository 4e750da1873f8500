import { useState } from "preact/hooks";
import type { PlatformName } from "../../advice/advice";
import type { MessageKey } from "../messages/messages";
import type { FieldError } from "../session/credentials";
import { connectParameters } from "../session/credentials";
import type { Form, FormField } from "../session/fields";
import { formOf, MQTT_FIELDS, PLATFORM_FIELDS, URL_FIELD } from "../session/fields";
import type { Session } from "../session/session";
import type { Settings } from "../../../firmware/device/config";
import { Choice, Flag, TextField, TextFile } from "./controls";
import { useTranslation } from "./translate";

const PLATFORMS: readonly PlatformName[] = ["aliyun", "ucloud", "broker"];

interface ConnectionProps {
  session: Session;
  form: Form;
  settings: Settings | undefined;
  faults: FieldError[];
  remember: boolean;
  onForm(form: Form): void;
  onRemember(remember: boolean): void;
}

/** The id of a field's control, for whoever wants to lead there. */
const idOf = (name: string) => `field-${name.replace(".", "-")}`;

function useFields({ form, faults, onForm }: ConnectionProps, submitted: boolean) {
  const { t } = useTranslation();
  const change = (name: string, value: string | boolean) =>
    onForm({ ...form, values: { ...form.values, [name]: value } });
  const errorOf = (name: string) => {
    const fault = submitted && faults.find(({ field }) => field === name);
    if (!fault) return undefined;
    return fault.code.endsWith("-missing") ? t("form.missing") : <span lang="en">{fault.message}</span>;
  };
  return ({ name, kind, choices, placeholder }: FormField) => {
    const label = t(name === "url" && form.platform !== "broker" ? "form.url-other" : (`form.${name}` as MessageKey));
    const value = form.values[name];
    if (kind === "flag") {
      return <Flag key={name} label={label} value={value === true} onValue={(flag) => change(name, flag)} />;
    }
    if (choices) {
      const texts = choices.map((choice) => {
        return [choice, name === "mqtt.protocolVersion" ? t(`form.${name}.${choice}` as MessageKey) : choice] as const;
      });
      const chosen = typeof value === "string" ? value : choices[0];
      return (
        <Choice key={name} label={label} value={chosen} choices={texts} onValue={(choice) => change(name, choice)} />
      );
    }
    return (
      <TextField
        key={name}
        id={idOf(name)}
        label={label}
        value={typeof value === "string" ? value : ""}
        placeholder={placeholder}
        secret={kind === "secret"}
        numeric={kind === "number"}
        error={errorOf(name)}
        onValue={(text) => change(name, kind === "secret" ? text : text.trim())}
      />
    );
  };
}

export function Connection(props: ConnectionProps) {
  const { session, form, settings, faults, onForm } = props;
  const { t } = useTranslation();
  const [submitted, submit] = useState(false);
  const [wrongFile, tellWrongFile] = useState(false);
  const field = useFields(props, submitted);
  const own = PLATFORM_FIELDS[form.platform];
  const broker = form.platform === "broker";
  const connect = (event: Event) => {
    event.preventDefault();
    submit(true);
    if (settings) session.connect(settings);
    else document.getElementById(idOf(faults[0].field))?.focus();
  };
  const fill = (text: string) => {
    let read: Form | undefined;
    try {
      read = formOf(JSON.parse(text));
    } catch {
      // Not even JSON.
    }
    tellWrongFile(!read);
    if (read) onForm(read);
  };
  const idle = session.state === "idle";
  return (
    <section aria-labelledby="connection-heading">
      <h2 id="connection-heading">{t("connection.heading")}</h2>
      <form onSubmit={connect} noValidate>
        <Choice
          label={t("connection.platform")}
          value={form.platform}
          choices={PLATFORMS.map((name) => [name, t(`platform.${name}`)] as const)}
          onValue={(platform) => onForm({ ...form, platform })}
        />
        {broker && field(URL_FIELD)}
        {own.filter(({ rare }) => !rare).map(field)}
        {MQTT_FIELDS.filter(({ rare }) => !rare).map(field)}
        <details open={submitted && faults.some(({ field: at }) => own.some(({ name, rare }) => rare && name === at))}>
          <summary>{t("connection.more")}</summary>
          {!broker && field(URL_FIELD)}
          {own.filter(({ rare }) => rare).map(field)}
          {MQTT_FIELDS.filter(({ rare }) => rare).map(field)}
          <TextFile label={t("connection.file")} accept=".json,application/json" onText={fill} />
          {wrongFile && <p class="error">{t("connection.file-wrong")}</p>}
        </details>
        <Flag
          label={t("connection.remember")}
          note={t("connection.remember-note")}
          value={props.remember}
          onValue={props.onRemember}
        />
        {submitted && faults.length > 0 && (
          <p class="error" role="alert">
            {t("connection.faults", { count: faults.length })}
          </p>
        )}
        <div class="buttons">
          <button type="submit" class="main">
            {t(idle ? "connection.connect" : "connection.reconnect")}
          </button>
          <button type="button" aria-disabled={idle} onClick={() => idle || session.end()}>
            {t("connection.disconnect")}
          </button>
        </div>
      </form>
    </section>
  );
}

/** The parameters of CONNECT, as they form. */
export function Signed({ settings, session }: { settings: Settings | undefined; session: Session }) {
  const { t } = useTranslation();
  const [shown, show] = useState(false);
  const parameters = settings && connectParameters(settings, session.runtime);
  const password = parameters?.password;
  return (
    <section aria-labelledby="signed-heading" class="signed">
      <h2 id="signed-heading">{t("signed.heading")}</h2>
      {parameters ? (
        <dl>
          <dt>{t("signed.url")}</dt>
          <dd>{parameters.url}</dd>
          <dt>{t("signed.clientId")}</dt>
          <dd>{parameters.clientId || t("signed.none")}</dd>
          <dt>{t("signed.username")}</dt>
          <dd>{parameters.username ?? t("signed.none")}</dd>
          {settings.platform.name !== "broker" && (
            <>
              <dt>{t("signed.string")}</dt>
              <dd>{parameters.signed ?? t("signed.string-none")}</dd>
            </>
          )}
          <dt>{t("signed.password")}</dt>
          <dd class="with-button">
            <span>{password === undefined ? t("signed.none") : shown ? password : "••••••••"}</span>
            {password !== undefined && (
              <button
                type="button"
                class="small"
                onClick={() => show(!shown)}
                aria-label={t(shown ? "hide-secret" : "show-secret", { name: t("signed.password") })}
              >
                {t(shown ? "hide" : "show")}
              </button>
            )}
          </dd>
        </dl>
      ) : (
        <p class="note">{t("signed.incomplete")}</p>
      )}
    </section>
  );
}
