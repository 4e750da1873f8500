/** `npm run console` as a person runs it: what it serves, to whom, and what it writes. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { get } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startPlatform } from "../../tools/platform-simulator/simulator";
import { findChromium } from "../../tools/web-console/chromium";
import { startChromium } from "../fixtures/chromium";
import { runTool, Tool } from "../fixtures/tool";
import { EXAMPLE, fill, connect, state } from "./page";

jest.setTimeout(180_000);

let directory: string;
beforeAll(() => (directory = mkdtempSync(join(tmpdir(), "console-cli-"))));
afterAll(() => rmSync(directory, { recursive: true }));

/** The status and headers of an answer, asked for under any name. */
const ask = (url: string, host?: string, method = "GET") =>
  new Promise<{ status?: number; headers: NodeJS.Dict<string | string[]> }>((resolve, reject) => {
    get(url, { method, headers: host === undefined ? {} : { host } }, (response) => {
      response.destroy();
      resolve({ status: response.statusCode, headers: response.headers });
    }).on("error", reject);
  });

test("serves the page on loopback, under strict rules, to those who ask for loopback", async () => {
  const tool = new Tool("web-console", ["--listen", "0"]);
  const [, url] = await tool.shows(/open +(http:\/\/127\.0\.0\.1:\d+\/)\n/);
  const { status, headers } = await ask(url);
  expect(status).toBe(200);
  expect(headers["content-security-policy"]).toMatch(
    /^default-src 'none'; script-src 'sha256-[^']+'; style-src 'sha256-[^']+'; /,
  );
  expect(headers["content-security-policy"]).toMatch(/; frame-ancestors 'none'$/);
  expect(headers).toMatchObject({ "x-content-type-options": "nosniff", "referrer-policy": "no-referrer" });
  expect((await ask(url, "rebound.example:80")).status).toBe(403);
  expect((await ask(`${url}board`, "rebound.example")).status).toBe(403);
  expect((await ask(`${url}other`)).status).toBe(404);
  expect((await ask(url, undefined, "POST")).status).toBe(405);
  tool.interrupt();
  expect((await tool.result).code).toBe(0);
});

describe("written to a folder", () => {
  const file = () => join(directory, "page", "index.html");
  beforeAll(async () => {
    const { code, stdout } = await runTool("web-console", ["--out", join(directory, "page")]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^written +\S+index\.html, \d+ kB$/m);
  });

  test("the page is one file that needs no other", () => {
    const html = readFileSync(file(), "utf8");
    expect(html.match(/<(script|link|img|iframe)\b[^>]*\b(src|href)="(?!data:,")/g)).toBeNull();
    expect(html).not.toMatch(/unsafe-(inline|eval)/);
  });

  (findChromium() ? test : test.skip)("it connects from the disk", async () => {
    const platform = await startPlatform({ platform: "aliyun" });
    const browser = await startChromium();
    try {
      const page = await browser.newPage({ locale: "en-US" });
      page.setDefaultTimeout(20_000);
      await page.goto(`file://${file()}`);
      await fill(page, "aliyun", platform.url, EXAMPLE);
      await connect(page);
      await state(page, "Online");
      expect(platform.connected()).toEqual(["device&pk"]);
    } finally {
      await browser.close();
      await platform.close();
    }
  });
});

test("tells a page that opens late what a board's log already said, and what is added", async () => {
  const log = join(directory, "board.jsonl");
  writeFileSync(log, '{"event":"boot","free":1}\n');
  const tool = new Tool("web-console", ["--listen", "0", "--log", log]);
  const [, url] = await tool.shows(/open +(\S+)\n/);
  const said: string[] = [];
  await new Promise<void>((resolve, reject) => {
    get(`${url}board`, (response) => {
      response.setEncoding("utf8").on("data", (text: string) => {
        said.push(...(text.match(/^data: .*$/gm) ?? []));
        if (said.length === 1) writeFileSync(log, '{"event":"ping","rtt":1}\n', { flag: "a" });
        if (said.length < 2) return;
        response.destroy();
        resolve();
      });
    }).on("error", reject);
  });
  expect(said).toEqual(['data: {"event":"boot","free":1}', 'data: {"event":"ping","rtt":1}']);
  tool.interrupt();
  expect((await tool.result).code).toBe(0);
});

test.each([
  [["--listen", "70000"], /0–65535/],
  [["--feed", "nowhere"], /http:\/\/host:port\/path/],
  [["--log", "a", "--port", "b"], /exclude each other/],
  [["--out", "x", "--log", "y"], /no server to watch a board with/],
  [["--nonsense"], /unknown option/],
])("%j is wrong usage", async (args, said) => {
  const { code, stderr } = await runTool("web-console", args);
  expect(code).toBe(2);
  expect(stderr).toMatch(said);
});

test("a port that is in use is said to be so", async () => {
  const platform = await startPlatform({ platform: "broker" });
  const { code, stderr } = await runTool("web-console", ["--listen", String(platform.port)]);
  expect(code).toBe(1);
  expect(stderr).toMatch(/is in use: choose another with --listen/);
  await platform.close();
});
