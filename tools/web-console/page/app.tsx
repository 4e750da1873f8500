import { useEffect, useLayoutEffect, useMemo, useReducer, useState } from "preact/hooks";
import type { Language } from "../messages/messages";
import { chooseLanguage } from "../messages/messages";
import { channelOpener } from "../session/channel";
import { checkForm } from "../session/credentials";
import { EMPTY_FORM } from "../session/fields";
import { browserRuntime } from "../session/runtime";
import { Session } from "../session/session";
import { BoardView } from "./board-view";
import { Connection, Signed } from "./connection";
import { Choice, Tabs } from "./controls";
import { LogView } from "./log-view";
import { rememberedForm, rememberedLanguage, rememberForm, rememberLanguage } from "./memory";
import { MessagesView } from "./messages-view";
import { PacketsView } from "./packets-view";
import { FailureNote, Status } from "./status";
import { WorkerTimers } from "./timers";
import { LanguageContext, useTranslation } from "./translate";

const NAMES = [["en", "English"] as const, ["zh", "简体中文"] as const];

/** Draws anew at the next frame, once for all that happened before it. */
function useRedraw(): () => void {
  const [, redraw] = useReducer((count: number) => count + 1, 0);
  return useMemo(() => {
    let asked = false;
    return () => {
      if (asked) return;
      asked = true;
      requestAnimationFrame(() => {
        asked = false;
        redraw(undefined);
      });
    };
  }, []);
}

function useSession(redraw: () => void): Session {
  return useMemo(() => {
    const timers = new WorkerTimers();
    const open = channelOpener((url, subprotocol) => new WebSocket(url, subprotocol), timers);
    return new Session(browserRuntime(timers), open, redraw);
  }, []);
}

function Page({ onLanguage }: { onLanguage(language: Language): void }) {
  const { t, language } = useTranslation();
  const redraw = useRedraw();
  const session = useSession(redraw);
  const remembered = useMemo(rememberedForm, []);
  const [form, setForm] = useState(remembered ?? EMPTY_FORM);
  const [remember, setRemember] = useState(remembered !== undefined);
  const [tab, setTab] = useState(0);
  const { settings, faults } = useMemo(() => checkForm(form, session.runtime), [form]);
  // Before the page is drawn, and so before it can be left. What another page remembers is not this one's to forget.
  useLayoutEffect(() => (remember ? rememberForm(form) : undefined), [form, remember]);
  const changeRemember = (wanted: boolean) => {
    if (!wanted) rememberForm(undefined);
    setRemember(wanted);
  };
  useEffect(() => {
    document.documentElement.lang = language === "zh" ? "zh-Hans" : "en";
    document.title = t("title");
  }, [language]);
  const dismiss = () => {
    session.failure = undefined;
    redraw();
  };
  const tabs = [
    { name: "tab.messages", view: <MessagesView session={session} plain={form.platform !== "broker"} /> },
    { name: "tab.packets", view: <PacketsView session={session} /> },
    { name: "tab.log", view: <LogView session={session} /> },
    { name: "tab.board", view: <BoardView /> },
  ] as const;
  return (
    <>
      <a class="skip" href="#views">
        {t("skip")}
      </a>
      <header>
        <div>
          <h1>{t("title")}</h1>
          <p class="note">{t("subtitle")}</p>
        </div>
        <Choice label={t("language")} value={language} choices={NAMES} onValue={onLanguage} />
      </header>
      <Status session={session} />
      <main>
        <div class="side">
          <Connection
            session={session}
            form={form}
            settings={settings}
            faults={faults}
            remember={remember}
            onForm={setForm}
            onRemember={changeRemember}
          />
          <Signed settings={settings} session={session} />
        </div>
        <div id="views" class="views" tabIndex={-1}>
          <FailureNote failure={session.failure} onDismiss={dismiss} />
          <Tabs tabs={[...tabs]} label={t("tabs")} chosen={tab} onChoose={setTab} />
        </div>
      </main>
    </>
  );
}

export function App() {
  const [language, setLanguage] = useState(() => chooseLanguage([rememberedLanguage() ?? "", ...navigator.languages]));
  const change = (chosen: Language) => {
    rememberLanguage(chosen);
    setLanguage(chosen);
  };
  return (
    <LanguageContext.Provider value={language}>
      <Page onLanguage={change} />
    </LanguageContext.Provider>
  );
}
