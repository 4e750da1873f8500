import { useState } from "preact/hooks";
import type { Bytes } from "../../../firmware/seams";
import type { Inspection } from "../inspect/field";
import { frameLength, inspectFrame, likelyHead } from "../inspect/frame";
import { inspectPacket, summarize } from "../inspect/packet";
import { PacketSplitter } from "../inspect/stream";
import { parseHex } from "../session/payload";
import { bytesOf } from "../session/runtime";
import type { Session } from "../session/session";
import type { PacketRecord } from "../session/tap";
import { Choice, TextField } from "./controls";
import { InspectionView } from "./packet-view";
import { timeOf, useTranslation } from "./translate";

const LISTED = 200;

const valuesOf = (bytes: Bytes) => Array.from(bytes.slice(0, 300_000), (byte) => byte.charCodeAt(0));

/** What was found in packets that passed: the list is drawn anew with every packet. */
const found = new WeakMap<PacketRecord, Inspection>();

function inspectionOf(packet: PacketRecord): Inspection {
  const inspection = found.get(packet) ?? inspectPacket(packet.bytes, packet.level);
  found.set(packet, inspection);
  return inspection;
}

/** A packet that passed, and the head of the frame it most likely came in. */
function PassedPacket({ packet }: { packet: PacketRecord }) {
  const { t } = useTranslation();
  const inspection = inspectionOf(packet);
  const out = packet.direction === "out";
  const head = likelyHead(packet.message.bytes, out);
  return (
    <article aria-label={inspection.title}>
      <h3>{summarize(inspection)}</h3>
      <InspectionView
        key={packet.id}
        inspection={inspection}
        bytes={valuesOf(packet.bytes)}
        label={t("packets.bytes", { title: inspection.title })}
      />
      <details>
        <summary>{t("packets.frame")}</summary>
        <p class="note">{t(out ? "packets.frame-note" : "packets.frame-note-in")}</p>
        {packet.message.packets > 1 && <p class="note">{t("packets.shared", { count: packet.message.packets })}</p>}
        <InspectionView
          key={packet.id}
          inspection={head}
          bytes={head.bytes}
          label={t("packets.bytes", { title: head.title })}
        />
      </details>
    </article>
  );
}

/** Cuts frames apart; what is left at the end, or cannot be a frame, comes as one. */
function framesOf(bytes: Bytes): Bytes[] {
  const frames: Bytes[] = [];
  let rest = bytes;
  while (rest !== "") {
    const length = frameLength(rest) ?? rest.length;
    frames.push(rest.slice(0, length));
    rest = rest.slice(length);
  }
  return frames;
}

const BINARY = 2;

/** Bytes from a capture, a logic analyser, a board's trace. */
function Pasted() {
  const { t } = useTranslation();
  const [text, setText] = useState("");
  const [kind, setKind] = useState<"mqtt" | "websocket">("mqtt");
  const [wrong, setWrong] = useState(false);
  const [bytes, setBytes] = useState<Bytes>("");
  const [shown, setShown] = useState<"mqtt" | "websocket">("mqtt");
  const inspect = (event: Event) => {
    event.preventDefault();
    const read = parseHex(text);
    setWrong(!read);
    setBytes(read ? bytesOf(read) : "");
    setShown(kind);
  };
  const frames = shown === "websocket" ? framesOf(bytes).map((frame) => ({ frame, found: inspectFrame(frame) })) : [];
  const splitter = new PacketSplitter();
  const carried = frames
    .filter(({ found }) => found.opcode === BINARY || found.opcode === 0)
    .map(({ found }) => found.payload);
  const packets = splitter.push(shown === "mqtt" ? bytes : carried.join(""));
  if (splitter.pending !== "") packets.push(splitter.pending);
  return (
    <details class="paste">
      <summary>{t("packets.paste")}</summary>
      <form onSubmit={inspect} noValidate>
        <TextField
          label={t("packets.paste-label")}
          value={text}
          onValue={setText}
          rows={3}
          placeholder="10 0f 00 04 4d 51 54 54 …"
          error={wrong ? t("payload-not-hex") : undefined}
        />
        <div class="row">
          <Choice
            label={t("packets.paste-kind")}
            value={kind}
            choices={(["mqtt", "websocket"] as const).map((name) => [name, t(`packets.kind.${name}`)] as const)}
            onValue={(name) => setKind(name)}
          />
          <button type="submit">{t("packets.paste-go")}</button>
        </div>
      </form>
      {frames.map(({ frame, found }, i) => (
        <article key={i} aria-label={found.title}>
          <h3>{found.title}</h3>
          <InspectionView
            inspection={found}
            bytes={valuesOf(frame)}
            label={t("packets.bytes", { title: found.title })}
          />
        </article>
      ))}
      {packets.map((packet, i) => {
        const inspection = inspectPacket(packet);
        return (
          <article key={`packet-${i}`} aria-label={inspection.title}>
            <h3>{summarize(inspection)}</h3>
            <InspectionView
              inspection={inspection}
              bytes={valuesOf(packet)}
              label={t("packets.bytes", { title: inspection.title })}
            />
          </article>
        );
      })}
    </details>
  );
}

export function PacketsView({ session }: { session: Session }) {
  const { t } = useTranslation();
  const [chosenId, choose] = useState<number>();
  const packets = [...session.packets.all].reverse().slice(0, LISTED);
  const chosen = session.packets.all.find(({ id }) => id === chosenId);
  return (
    <div class="packets">
      <h3>{t("packets.heading")}</h3>
      <div class="split">
        {packets.length === 0 ? (
          <p class="note">{t("packets.none")}</p>
        ) : (
          <ol class="packet-list" aria-label={t("packets.list")}>
            {packets.map((packet) => (
              <li key={packet.id}>
                <button type="button" aria-pressed={packet.id === chosenId} onClick={() => choose(packet.id)}>
                  <span aria-hidden="true">{packet.direction === "out" ? "→" : "←"}</span>
                  <span class="hidden">{t(`packets.${packet.direction}`)}</span> <time>{timeOf(packet.at)}</time>{" "}
                  {summarize(inspectionOf(packet))}
                </button>
              </li>
            ))}
          </ol>
        )}
        <div class="chosen">
          {chosen ? <PassedPacket packet={chosen} /> : <p class="note">{t("packets.choose")}</p>}
        </div>
      </div>
      <Pasted />
    </div>
  );
}
