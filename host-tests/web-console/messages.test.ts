import { en } from "../../tools/web-console/messages/en";
import type { MessageKey } from "../../tools/web-console/messages/messages";
import { chooseLanguage, message } from "../../tools/web-console/messages/messages";
import { zh } from "../../tools/web-console/messages/zh";
import { FAULT_NAMES, FIELD_NAMES, MEANINGS } from "../../tools/web-console/inspect/field";

const keys = Object.keys(en) as MessageKey[];
const holes = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).sort();

/** Names that are the same in Chinese: the vendors' own, versions, and words of the standard. */
const UNTRANSLATED =
  /^(form\.(aliyun\.(productKey|deviceName|deviceSecret)|ucloud\.(productSN|deviceSN)|mqtt\.protocolVersion\.\d)|payload\.json|qos|log\.(topic-)?fault)$/;

test("both languages have the same keys", () => {
  expect(Object.keys(zh).sort()).toEqual([...keys].sort());
});

test("both put the same values in", () => {
  expect(keys.filter((key) => String(holes(en[key])) !== String(holes(zh[key])))).toEqual([]);
});

test("Chinese is Chinese, and English is not", () => {
  expect(keys.filter((key) => !UNTRANSLATED.test(key) && !/\p{Script=Han}/u.test(zh[key]))).toEqual([]);
  expect(keys.filter((key) => /\p{Script=Han}/u.test(en[key]))).toEqual([]);
});

test.each([
  ["field", FIELD_NAMES],
  ["fault", FAULT_NAMES],
  ["meaning", MEANINGS],
])("every %s of the inspector has its words", (kind, names) => {
  expect(names.filter((name) => !(`${kind}.${name}` in en))).toEqual([]);
});

test("values are put in, and a missing one stays to be seen", () => {
  expect(message("en", "log.online", { ms: 12 })).toBe("Online after 12 ms");
  expect(message("zh", "log.online", { ms: 12 })).toBe("已连接，用时 12 毫秒");
  expect(message("en", "log.online")).toBe("Online after {ms} ms");
});

test.each([
  [["zh-CN", "en"], "zh"],
  [["de", "zh-Hant"], "zh"],
  [["en-GB", "zh"], "en"],
  [["fr"], "en"],
  [[], "en"],
])("who reads %j gets %s", (preferred, language) => {
  expect(chooseLanguage(preferred)).toBe(language);
});
