import { useEffect, useRef, useState } from "preact/hooks";
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
    <section class="status" aria-label={t("status")}>
      {/* A countdown would be read out every second: what is live is the word alone. */}
      <p class={`state ${state}`} role="status">
        {state === "waiting" ? t("board.offline") : t(`state.${state}`)}
      </p>
      {state === "waiting" && <p class="countdown">{t("state.waiting", { seconds: left })}</p>}
      {countdown && <Countdown session={session} {...countdown} />}
    </section>
  );
}

function Countdown({
  session,
  due,
  limit,
  interval,
}: {
  session: Session;
  due: number;
  limit: number;
  interval: number;
}) {
  const { t } = useTranslation();
  const line = t("keepalive.line", { interval: session.keepalive, due: seconds(due), limit: seconds(limit) });
  return (
    <div class="countdown">
      <meter aria-label={line} min={0} max={interval / 2} value={due} />
      <span>{line}</span>
      {session.rtt !== undefined && <span>{t("keepalive.rtt", { rtt: session.rtt })}</span>}
    </div>
  );
}

/** Why it failed, and what to check. */
export function FailureNote({ failure, onDismiss }: { failure: Failure | undefined; onDismiss(): void }) {
  const { t, language } = useTranslation();
  const note = useRef<HTMLDivElement>(null);
  // Whoever has just pressed the button may have scrolled far from it.
  useEffect(() => note.current?.scrollIntoView({ block: "nearest" }), [failure]);
  return (
    <div role="alert">
      {failure && (
        <div class="failure" ref={note}>
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
