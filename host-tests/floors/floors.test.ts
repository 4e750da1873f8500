/** The floors of ARCHITECTURE.md are held by ESLint: one import that goes up, or sideways, for each of them. */
import { execFileSync } from "node:child_process";
import { join } from "node:path";

jest.setTimeout(60_000);

const ROOT = join(__dirname, "../..");

const UP: [string, string][] = [
  ["errors.ts", "./mqtt/client"],
  ["bytes.ts", "./errors"],
  ["events.ts", "./mqtt/client"],
  ["vendor/tiny-hmac-sha1/index.ts", "../../bytes"],
  ["mqtt/packets.ts", "./parser"],
  ["mqtt/parser.ts", "./subscriptions"],
  ["mqtt/topics.ts", "./client"],
  ["mqtt/connect.ts", "../board/runtime"],
  ["mqtt/keepalive.ts", "./outbox"],
  ["mqtt/subscriptions.ts", "./client"],
  ["mqtt/keeper.ts", "./client"],
  ["mqtt/client.ts", "../websocket/client"],
  ["websocket/frames.ts", "./client"],
  ["websocket/client.ts", "../mqtt/parser"],
  ["platforms/aliyun.ts", "../mqtt/topics"],
  ["board/sockets.ts", "../websocket/client"],
  ["device/status.ts", "../main"],
];

/** Lints each row in one process of its own: ESLint loads its configuration in a way that jest's modules do not take. */
const LINT = `
  const { ESLint } = require("eslint");
  const eslint = new ESLint();
  const lint = async ([file, target]) => {
    const code = 'import * as up from "' + target + '";\\nexport { up };\\n';
    const [result] = await eslint.lintText(code, { filePath: require("node:path").resolve("firmware", file) });
    return result.messages.map(({ ruleId }) => ruleId);
  };
  Promise.all(JSON.parse(process.argv[1]).map(lint)).then((all) => console.log(JSON.stringify(all)));
`;

const found = JSON.parse(
  execFileSync(process.execPath, ["-e", LINT, JSON.stringify(UP)], { cwd: ROOT, encoding: "utf8" }),
) as string[][];

test.each(UP.map((row, i) => [...row, found[i]] as const))("firmware/%s may not import %s", (_file, _target, rules) => {
  expect(rules).toContain("no-restricted-imports");
});
