/** One packet or frame: its bytes coloured by field, and the fields with their place in the standard. */
import { useState } from "preact/hooks";
import type { Field, Inspection } from "../inspect/field";
import { useTranslation } from "./translate";

/** Bytes shown at most; a payload may have 256 kB. */
const SHOWN = 1024;
const COLOURS = 8;
const ROW = 16;

interface InspectionProps {
  inspection: Inspection;
  /** Byte values; undefined where one is not known. */
  bytes: readonly (number | undefined)[];
  label: string;
}

const hex = (value: number) => value.toString(16).padStart(2, "0");
const printable = (value: number) => (value > 31 && value < 127 ? String.fromCharCode(value) : "·");

/** The fields with bytes of their own: what is coloured. */
const owners = (fields: Field[]) => fields.filter(({ bits, from, to }) => !bits && to > from);

export function InspectionView({ inspection, bytes, label }: InspectionProps) {
  const { t } = useTranslation();
  const [chosen, choose] = useState<Field>();
  const [revealed, reveal] = useState(false);
  const { fields, fault } = inspection;
  const coloured = owners(fields);
  const ownerOf = (at: number) => coloured.findIndex(({ from, to }) => at >= from && at < to);
  const colourOf = (field: Field) =>
    `f${coloured.indexOf(field.bits ? coloured[ownerOf(field.from)] : field) % COLOURS}`;
  const hidden = (owner: Field | undefined) => owner?.secret === true && !revealed;
  const lit = (at: number) => chosen !== undefined && at >= chosen.from && at < chosen.to;
  const rows = Array.from({ length: Math.ceil(Math.min(bytes.length, SHOWN) / ROW) }, (_, i) => i * ROW);
  const cell = (at: number, text: (value: number) => string, unknown: string) => {
    const owner = coloured[ownerOf(at)] as Field | undefined;
    const value = bytes[at];
    const shown = value === undefined ? unknown : hidden(owner) ? unknown.replace(/\?/g, "•") : text(value);
    const classes = [owner ? colourOf(owner) : "", lit(at) ? "lit" : "", owner?.fault ? "wrong" : ""];
    return (
      <span key={at} class={classes.join(" ")} onClick={() => choose(owner)}>
        {shown}
      </span>
    );
  };
  const valueOf = (field: Field) => {
    if (hidden(field)) return t("packets.secret");
    const value = field.value.length > 300 ? `${field.value.slice(0, 300)} …` : field.value;
    return [value, field.meaning && t(`meaning.${field.meaning}`)].filter((text) => text).join(" · ");
  };
  const whereOf = ({ from, to, bits }: Field) => {
    const where = to - from > 1 ? `${from}–${to - 1}` : `${from}`;
    if (!bits) return to === from ? "–" : where;
    const [high, low] = bits;
    return `${where}, ${high === low ? t("packets.bit", { bit: high }) : t("packets.bits", { high, low })}`;
  };
  const secret = fields.find((field) => field.secret);
  return (
    <div class="inspection">
      <p class={fault ? "error" : "note"}>
        {fault ? t("packets.fault", { at: fault.at, fault: t(`fault.${fault.name}`) }) : t("packets.sound")}
      </p>
      {/* The table below says the same in words. In the order of focus, since on a phone it scrolls. */}
      <div class="hex" role="img" aria-label={label} tabIndex={0}>
        {rows.map((row) => {
          const places = Array.from({ length: Math.min(ROW, bytes.length - row) }, (_, i) => row + i);
          return (
            <div key={row} class="hex-row">
              <span class="offset">{row.toString(16).padStart(4, "0")}</span>
              <span class="octets">{places.map((at) => cell(at, hex, "??"))}</span>
              <span class="ascii">{places.map((at) => cell(at, printable, "?"))}</span>
            </div>
          );
        })}
      </div>
      {bytes.length > SHOWN && <p class="note">{t("packets.more", { bytes: bytes.length - SHOWN })}</p>}
      {secret && (
        <button type="button" class="small" aria-pressed={revealed} onClick={() => reveal(!revealed)}>
          {t(revealed ? "hide-secret" : "show-secret", { name: t(`field.${secret.name}`) })}
        </button>
      )}
      <div class="scroll" tabIndex={0} role="group" aria-label={t("packets.fields")}>
        <table>
          <thead>
            <tr>
              <th scope="col">{t("packets.field")}</th>
              <th scope="col">{t("packets.value")}</th>
              <th scope="col">{t("packets.where")}</th>
              <th scope="col">{t("packets.section")}</th>
            </tr>
          </thead>
          <tbody>
            {fields.map((field, i) => (
              <tr key={i} class={[field.bits ? "bits" : "", field.fault ? "wrong" : ""].join(" ")}>
                <th scope="row">
                  <button
                    type="button"
                    class={`name ${colourOf(field)}`}
                    aria-pressed={field === chosen}
                    onClick={() => choose(field === chosen ? undefined : field)}
                  >
                    {t(`field.${field.name}`)}
                  </button>
                </th>
                <td>
                  {valueOf(field)}
                  {field.fault && <span class="error"> {t(`fault.${field.fault}`)}</span>}
                </td>
                <td>{whereOf(field)}</td>
                <td lang="en">{field.section}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </div>
  );
}
