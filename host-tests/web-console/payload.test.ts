import { utf8 } from "../fixtures/octets";
import { describePayload, parseHex, toPayload } from "../../tools/web-console/session/payload";

test.each([
  ["", []],
  ["00ff", [0, 255]],
  ["00 FF", [0, 255]],
  ["0x10, 0x0f", [16, 15]],
  ["10:0f\n20", [16, 15, 32]],
])("hex %j", (text, bytes) => {
  expect([...parseHex(text)!]).toEqual(bytes);
});

test.each(["0", "0g", "hello", "00 f"])("%j is no hex", (text) => {
  expect(parseHex(text)).toBeUndefined();
  expect(toPayload("hex", text)).toEqual({ fault: "payload-not-hex" });
});

test("JSON is checked and sent as it was typed", () => {
  expect(toPayload("json", '{ "t": 1 }')).toEqual({ payload: '{ "t": 1 }' });
  expect(toPayload("json", "{t: 1}")).toEqual({ fault: "payload-not-json" });
});

test("text is sent as it is", () => {
  expect(toPayload("text", " {t: 1} ")).toEqual({ payload: " {t: 1} " });
});

test.each([
  [utf8("开"), { form: "text", text: "开" }],
  ["12", { form: "text", text: "12" }],
  ['{"a":[1]}', { form: "json", text: '{\n  "a": [\n    1\n  ]\n}' }],
  ["\xff\x00", { form: "hex", text: "ff 00" }],
  ["", { form: "text", text: "" }],
])("what came, %j, is shown as %j", (payload, shown) => {
  expect(describePayload(payload)).toEqual(shown);
});
