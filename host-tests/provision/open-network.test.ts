/** `npm run provision --wifi`: a password that is missing is asked for, or its absence reported. */
import { ConsoleBoard } from "../fixtures/console-boards";
import { converse } from "../fixtures/conversation";
import { hasPseudoTerminals } from "../fixtures/pseudo-terminal";
import { runTool } from "../fixtures/tool";

jest.setTimeout(60_000);

let board: ConsoleBoard;
beforeEach(async () => {
  board = await new ConsoleBoard("simulated", "tcp").start();
});
afterEach(() => board.remove());

async function stored(): Promise<unknown> {
  await board.powerOff();
  return JSON.parse((await board.readFile("device.json"))!);
}

describe("a Wi-Fi network that is named without a password", () => {
  const NAMED = ["--platform", "aliyun", "--product-key", "pk", "--device-name", "device", "--wifi", "plant-2"];
  const OPEN = /^wifi +plant-2 without a password: an open network is meant.*WIFI_PASSWORD.*--set wifi\.password=""/m;

  (hasPseudoTerminals ? test.each : test.skip.each)([
    ["quiet-quiet\r", { ssid: "plant-2", password: "quiet-quiet" }],
    ["\r", { ssid: "plant-2" }],
  ])("is asked for it on a terminal: %j", async (answer, wifi) => {
    const answers: [RegExp, string][] = [
      [/Device secret:/, "hush-hush\r"],
      [/Wi-Fi password \(empty: an open network\)/, answer],
    ];
    const { code, shown } = await converse(answers, "--port", board.port, ...NAMED);
    expect({ code, left: answers.length }).toEqual({ code: 0, left: 0 });
    expect(shown).not.toContain("quiet-quiet");
    expect(await stored()).toMatchObject({ wifi });
  });

  test("counts as open without a terminal, with a notice", async () => {
    const env = { DEVICE_SECRET: "s" };
    const { code, stdout } = await runTool("provision", ["--port", board.port, ...NAMED], { env });
    expect(code).toBe(0);
    expect(stdout).toMatch(OPEN);
  });

  test("is open beyond doubt with an empty password", async () => {
    const env = { DEVICE_SECRET: "s" };
    const args = ["--port", board.port, ...NAMED, "--set", "wifi.password="];
    const { code, stdout } = await runTool("provision", args, { env });
    expect(code).toBe(0);
    expect(stdout).not.toMatch(OPEN);
    expect(await stored()).toMatchObject({ wifi: { ssid: "plant-2", password: "" } });
  });
});
