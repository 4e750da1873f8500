/** The page in a browser, as its tests use it. */
import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { findChromium } from "../../tools/web-console/chromium";
import { startChromium } from "../fixtures/chromium";
import { Tool } from "../fixtures/tool";

/** Tests of the page, skipped and counted where there is no browser. */
export const describeInBrowser = findChromium() ? describe : describe.skip;

export interface Console {
  browser: Browser;
  url: string;
  /** Has a board say something. */
  board(line: string): void;
  /** Opens the page, in English and light unless told otherwise. What it complains about is collected. */
  open(
    options?: BrowserContextOptions & { url?: string },
  ): Promise<{ page: Page; complaints: string[]; requests: string[] }>;
  close(): Promise<void>;
}

/** Runs `npm run console` itself, watching a log, and a browser. */
export async function startConsole(): Promise<Console> {
  const directory = mkdtempSync(join(tmpdir(), "web-console-"));
  const log = join(directory, "board.jsonl");
  writeFileSync(log, "");
  const tool = new Tool("web-console", ["--listen", "0", "--log", log]);
  const [browser, [, url]] = await Promise.all([startChromium(), tool.shows(/open +(\S+)\n/)]);
  return {
    browser,
    url,
    board: (line) => appendFileSync(log, `${line}\n`),
    async open({ url: other = url, ...options } = {}) {
      const context = await browser.newContext({ locale: "en-US", viewport: { width: 1280, height: 900 }, ...options });
      const page = await context.newPage();
      const complaints: string[] = [];
      const requests: string[] = [];
      page.on("console", (message) => {
        if (message.type() === "error" || message.type() === "warning") complaints.push(message.text());
      });
      page.on("pageerror", (error) => complaints.push(error.message));
      page.on("request", (request) => requests.push(request.url()));
      page.setDefaultTimeout(20_000);
      await page.goto(other);
      return { page, complaints, requests };
    },
    async close() {
      await browser.close();
      tool.interrupt();
      await tool.result;
      rmSync(directory, { recursive: true });
    },
  };
}

/** Fills in a platform's fields by their labels in English, and the address. */
export async function fill(page: Page, platform: string, url: string, fields: Record<string, string>): Promise<void> {
  await page.getByLabel("Platform", { exact: true }).selectOption(platform);
  const details = page.locator("details").filter({ hasText: "More settings" });
  if ((await details.getAttribute("open")) === null) await page.getByText("More settings").click();
  await page.getByLabel(/^URL/).fill(url);
  for (const [label, value] of Object.entries(fields)) await page.getByLabel(label, { exact: true }).fill(value);
}

/** The example device of Alibaba Cloud's documents. */
export const EXAMPLE = {
  ProductKey: "pk",
  DeviceName: "device",
  DeviceSecret: "secret",
  "Client ID, without parameters": "12345",
  "Timestamp (ms, signed when given)": "789",
};

export const connect = (page: Page) => page.getByRole("button", { name: "Connect", exact: true }).click();

/** Resolves once the state says so. */
export const state = (page: Page, text: string) => page.locator(".state", { hasText: text }).waitFor();

/** The inspector's table for the chosen packet: each row's cells. */
export const rows = async (page: Page) => {
  const found = await page.locator(".chosen .inspection").first().locator("tbody tr").all();
  return Promise.all(found.map((row) => row.locator("th, td").allInnerTexts()));
};
