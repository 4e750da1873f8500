/** What axe finds: in each view, language, colour scheme and width. */
import { readFileSync } from "node:fs";
import type { AxeResults } from "axe-core";
import type { Page } from "playwright-core";
import type { Platform } from "../../tools/platform-simulator/simulator";
import { startPlatform } from "../../tools/platform-simulator/simulator";
import type { Console } from "./page";
import { connect, describeInBrowser, EXAMPLE, fill, startConsole, state } from "./page";

jest.setTimeout(180_000);

const axe = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");

/** Each violation with the elements it is about. */
async function violations(page: Page): Promise<string[]> {
  await page.evaluate(axe);
  const { violations: found } = await page.evaluate<AxeResults>("axe.run()");
  return found.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 200)}`));
}

describeInBrowser("accessibility", () => {
  let started: Console;
  let platform: Platform;
  beforeAll(async () => {
    [started, platform] = await Promise.all([startConsole(), startPlatform({ platform: "aliyun", speed: 20 })]);
    started.board('{"event":"offline","code":"ping-timeout","reason":"no PINGRESP","retry":4}');
  });
  afterAll(async () => {
    await started?.close();
    await platform?.close();
  });

  test.each([
    ["en", "light", 1280],
    ["zh", "dark", 1280],
    ["zh", "light", 360],
    ["en", "dark", 360],
  ] as const)("%s, %s, %i pixels wide", async (language, colorScheme, width) => {
    const { page } = await started.open({ colorScheme, viewport: { width, height: 800 } });
    const found: string[] = [];
    const look = async (where: string) => {
      found.push(...(await violations(page)).map((violation) => `${where}: ${violation}`));
      // Only tables and bytes may be wider than a phone, and they scroll by themselves.
      const wide = await page.evaluate<number>("document.documentElement.scrollWidth");
      if (wide > width) found.push(`${where}: ${wide} pixels wide`);
    };
    await connect(page);
    await look("faults");
    await fill(page, "aliyun", platform.url, { ...EXAMPLE, DeviceSecret: "wrong" });
    await connect(page);
    await page.locator(".failure").waitFor();
    await look("failure");
    await fill(page, "aliyun", platform.url, EXAMPLE);
    await page.getByRole("button", { name: "Connect anew" }).click();
    await state(page, "Online");
    await page.getByLabel("Topic filter").fill("/pk/device/user/get");
    await page.getByRole("button", { name: "Subscribe", exact: true }).click();
    await page.getByText("QoS 0 granted", { exact: true }).waitFor();
    await platform.publish("/pk/device/user/get", '{"led":true}');
    await page.locator(".received li").waitFor();
    await page.getByLabel("Language").selectOption(language);
    for (const index of [0, 1, 2, 3]) {
      await page.getByRole("tab").nth(index).click();
      if (index === 1) await page.locator(".packet-list li").last().getByRole("button").click();
      if (index === 1) for (const summary of await page.locator(".packets summary").all()) await summary.click();
      await look(`view ${index}`);
    }
    expect(found).toEqual([]);
    await page.context().close();
  });
});
