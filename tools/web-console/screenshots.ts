/** `npm run screenshots`: the console's views as the README shows them, taken in Debian's Chromium. */
import { statSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { chromium } from "playwright-core";
import { Failure, runCommand } from "../command-line/exit";
import { startPlatform } from "../platform-simulator/simulator";
import { buildPage } from "./build";
import { findChromium } from "./chromium";
import { servePage } from "./serve";

const FOLDER = join(__dirname, "screenshots");
/** Bytes of a picture at most: they are kept with the sources. */
const LIMIT = 150_000;

const DEVICE = {
  platform: "aliyun",
  aliyun: { productKey: "pk", deviceName: "device", deviceSecret: "secret", clientId: "12345", timestamp: "789" },
  mqtt: { keepalive: 60, clean: true },
};

const BOARD = [
  '{"at":"2026-01-02T03:04:05.678Z","event":"boot","version":"1.0.0","free":2612}',
  '{"at":"2026-01-02T03:04:09.678Z","event":"online","session":false,"ms":412}',
  '{"at":"2026-01-02T03:09:05.678Z","event":"ping","rtt":23,"free":2311}',
  '{"at":"2026-01-02T05:13:11.201Z","event":"offline","code":"ping-timeout","reason":"no PINGRESP: the link is dead","retry":4}',
  '{"at":"2026-01-02T05:13:15.940Z","event":"online","session":false,"ms":398}',
  '{"at":"2026-01-02T05:18:15.678Z","event":"ping","rtt":27,"free":2309}',
];

runCommand(async () => {
  const executablePath = findChromium();
  if (!executablePath) throw new Failure("no Chromium found: apt-get install chromium, or set CHROMIUM_BIN");
  const platform = await startPlatform({ platform: "aliyun" });
  const server = await servePage(await buildPage("/dev/ttyUSB0"), 0);
  for (const line of BOARD) server.tell(line);
  const browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
  const take = async (page: Page, name: string) => {
    const path = join(FOLDER, `${name}.png`);
    await page.screenshot({ path, animations: "disabled" });
    const { size } = statSync(path);
    if (size > LIMIT) throw new Failure(`${path} has ${size} bytes, at most ${LIMIT}`);
    console.log(`written   ${path}, ${size} bytes`);
  };
  const open = async (secret: string, options: Parameters<typeof browser.newContext>[0]) => {
    const context = await browser.newContext({ locale: "en-US", viewport: { width: 1280, height: 660 }, ...options });
    const page = await context.newPage();
    await page.goto(server.url);
    await page.locator("details").first().locator("summary").click();
    const device = { ...DEVICE, url: platform.url, aliyun: { ...DEVICE.aliyun, deviceSecret: secret } };
    const buffer = Buffer.from(JSON.stringify(device));
    await page
      .locator("input[type=file]")
      .first()
      .setInputFiles({ name: "device.json", mimeType: "application/json", buffer });
    await page.locator("details").first().locator("summary").click();
    await page.locator("form button.main").first().click();
    return page;
  };
  try {
    const page = await open("secret", {});
    await page.locator(".state.online").waitFor();
    await page.getByLabel("Topic filter").fill("/pk/device/user/get");
    await page.getByRole("button", { name: "Subscribe", exact: true }).click();
    await page.getByText("QoS 0 granted", { exact: true }).waitFor();
    await page.getByLabel("Topic", { exact: true }).fill("/pk/device/user/update");
    await page.getByLabel("Payload", { exact: true }).fill('{"t":21.5}');
    await page.getByRole("button", { name: "Publish" }).click();
    await platform.publish("/pk/device/user/get", '{"led":true}');
    await page.locator(".received li").waitFor();
    await take(page, "messages");
    await page.getByRole("tab", { name: "Packets" }).click();
    await page.locator(".packet-list li button").last().click();
    await take(page, "packets");
    await page.getByRole("tab", { name: "Log" }).click();
    await take(page, "log");
    await page.getByRole("tab", { name: "Board" }).click();
    await page.getByRole("cell", { name: "27 ms" }).waitFor();
    await take(page, "board");
    // The platform would put the older of two pages off.
    await page.context().close();
    const refused = await open("wrong", { locale: "zh-CN", colorScheme: "dark" });
    await refused.locator(".failure").waitFor();
    await refused.evaluate("scrollTo(0, 0)");
    await take(refused, "refused");
    await refused.context().close();
    const phone = await open("secret", { locale: "zh-CN", viewport: { width: 390, height: 780 } });
    await phone.locator(".state.online").waitFor();
    await phone.getByRole("tab").nth(1).click();
    await phone.locator(".packet-list li button").last().click();
    await phone.evaluate("document.querySelector('.chosen h3').scrollIntoView()");
    await take(phone, "phone");
  } finally {
    await browser.close();
    await server.close();
    await platform.close();
  }
});
