import { useEffect, useState } from "preact/hooks";
import { adviceFor } from "../../advice/advice";
import type { BoardLine } from "../board/lines";
import { consoleLines, isBesides, parseBoardLine, summarizeBoards } from "../board/lines";
import { TextField, TextFile } from "./controls";
import { useTranslation } from "./translate";

const KEPT = 20_000;
const LISTED = 300;

interface Read {
  lines: BoardLine[];
  skipped: number;
}

function read(text: string): Read {
  const all = consoleLines(text).filter((line) => line.trim() !== "" && !isBesides(line));
  const lines = all.flatMap((line) => parseBoardLine(line) ?? []);
  return { lines: lines.slice(-KEPT), skipped: all.length - lines.length };
}

/** What the page's own server tells of a board, if it has one to watch: the page from the disk has no server. */
function useLive(onLine: (line: BoardLine) => void) {
  const [source, setSource] = useState("");
  const [lost, setLost] = useState(false);
  useEffect(() => {
    const name = document.querySelector<HTMLMetaElement>('meta[name="board-feed"]')?.content ?? "";
    if (name === "") return undefined;
    setSource(name);
    const feed = new EventSource("board");
    feed.onopen = () => setLost(false);
    feed.onerror = () => setLost(true);
    feed.onmessage = ({ data }: MessageEvent<string>) => {
      const line = parseBoardLine(data);
      if (line) onLine(line);
    };
    return () => feed.close();
  }, []);
  return { source, lost };
}

function Summaries({ lines }: { lines: BoardLine[] }) {
  const { t, language } = useTranslation();
  return (
    <div class="scroll" tabIndex={0} role="group" aria-label={t("board.heading")}>
      <table>
        <thead>
          <tr>
            {(["name", "state", "ping", "free", "offlines", "boots", "trouble"] as const).map((name) => (
              <th key={name} scope="col">
                {t(`board.${name}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {summarizeBoards(lines).map(({ board, online, rtt, free, offlines, boots, trouble }) => (
            <tr key={board}>
              <th scope="row">{board || t("board.unnamed")}</th>
              <td>{t(online === undefined ? "board.unknown" : online ? "board.online" : "board.offline")}</td>
              <td>{rtt === undefined ? "–" : `${Math.round(rtt)} ms`}</td>
              <td>{free ?? "–"}</td>
              <td>{offlines}</td>
              <td>{boots}</td>
              <td>
                {trouble ? (
                  <>
                    <code>{trouble.code}</code> {adviceFor(trouble.code, language)}
                  </>
                ) : (
                  "–"
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

export function BoardView() {
  const { t, language } = useTranslation();
  const [{ lines, skipped }, setRead] = useState<Read>({ lines: [], skipped: 0 });
  const [text, setText] = useState("");
  const add = (line: BoardLine) => setRead((now) => ({ ...now, lines: [...now.lines.slice(1 - KEPT), line] }));
  const { source, lost } = useLive(add);
  const listed = lines.slice(-LISTED).reverse();
  return (
    <section aria-labelledby="board-heading">
      <h3 id="board-heading">{t("board.heading")}</h3>
      <p class="note">{t("board.intro")}</p>
      <p class="note" role="status">
        {source === "" ? t("board.live-none") : lost ? t("board.live-lost") : t("board.live", { source })}
      </p>
      <TextFile
        label={t("board.file")}
        accept=".jsonl,.log,.txt,application/json"
        onText={(log) => setRead(read(log))}
      />
      <TextField
        label={t("board.paste")}
        value={text}
        onValue={setText}
        rows={3}
        placeholder={'#{"event":"ping","rtt":23,"free":2311}'}
      />
      <button type="button" onClick={() => setRead(read(text))}>
        {t("board.read")}
      </button>
      {skipped > 0 && <p class="note">{t("board.skipped", { count: skipped })}</p>}
      {lines.length === 0 ? (
        <p class="note">{t("board.none")}</p>
      ) : (
        <>
          <Summaries lines={lines} />
          <h4 id="board-events">{t("board.events")}</h4>
          <ol class="log" aria-labelledby="board-events" tabIndex={0}>
            {listed.map(({ at, board, event, ...fields }, i) => (
              <li key={lines.length - i} class={typeof fields.code === "string" ? "kind-fault" : ""}>
                {at !== undefined && <time>{at.replace("T", " ").slice(0, 19)}</time>}{" "}
                <span>
                  {board !== undefined && <strong>{board} </strong>}
                  <code>{event}</code>{" "}
                  {Object.entries(fields)
                    .map(
                      ([name, value]) => `${name} ${typeof value === "object" ? JSON.stringify(value) : String(value)}`,
                    )
                    .join(", ")}
                  {typeof fields.code === "string" && <em> {adviceFor(fields.code, language)}</em>}
                </span>
              </li>
            ))}
          </ol>
        </>
      )}
    </section>
  );
}
