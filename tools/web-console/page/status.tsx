import { useEffect, useState } from "preact/hooks";
import { adviceFor } from "../../advice/advice";
import type { Failure, Session } from "../session/session";
import { useTranslation } from "./translate";

const seconds = (ms: number) => Math.ceil(ms / 1000);

/** Draws anew every second, for what counts down. */
function useSeconds(): void {
  const [, tick] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => tick((count) => count + 1), 1000);
    return () => clearInterval(timer);
  }, []);
}

/** The session's state, and what its keepalive is about to do. */
export function Status({ session }: { session: Session }) {
  const { t } = useTranslation();
  useSeconds();
  const { state } = session;
  const left = Math.max(0, seconds(session.retryAt - session.runtime.now()));
  const countdown = session.countdown();
  return (
    <div class="status">
      {/* A countdown would be read out every second: what is live is the word alone. */}
      <p class={`state ${state}`} role="status">
        {state === "waiting" ? t("board.offline") : t(`state.${state}`)}
      </p>
      {state === "waiting" && <p class="countdown">{t("state.waiting", { seconds: left })}</p>}
      {countdown && (
        <div class="countdown">
          <meter
            aria-label={`${t("keepalive.heading")}: ${t("keepalive.due", { seconds: seconds(countdown.due) })}`}
            min={0}
            max={countdown.interval / 2}
            value={countdown.due}
          />
          <span>
            {t("keepalive.heading")} {session.keepalive} s: {t("keepalive.due", { seconds: seconds(countdown.due) })},{" "}
            {t("keepalive.limit", { seconds: seconds(countdown.limit) })}
            {session.rtt !== undefined && <>; {t("keepalive.rtt", { rtt: session.rtt })}</>}
          </span>
        </div>
      )}
    </div>
  );
}

/** Why it failed, and what to check. */
export function FailureNote({ failure, onDismiss }: { failure: Failure | undefined; onDismiss(): void }) {
  const { t, language } = useTranslation();
  return (
    <div role="alert">
      {failure && (
        <div class="failure">
          <h2>
            {t("failure.heading")}: <code>{failure.code}</code>
          </h2>
          <p>
            <strong>{t("failure.check")}:</strong> {adviceFor(failure.code, language, failure.platform)}
          </p>
          <p class="note">
            {t("failure.reason")}: <q lang="en">{failure.reason}</q>
          </p>
          <button type="button" onClick={onDismiss}>
            {t("failure.dismiss")}
          </button>
        </div>
      )}
    </div>
  );
}
