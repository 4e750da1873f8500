/** The page in Debian's Chromium, against the simulated clouds and Mosquitto. */
import type { Platform } from "../../tools/platform-simulator/simulator";
import { startPlatform } from "../../tools/platform-simulator/simulator";
import { findMosquitto, startMosquitto } from "../fixtures/mosquitto";
import type { Console } from "./page";
import { connect, describeInBrowser, EXAMPLE, fill, rows, startConsole, state } from "./page";

jest.setTimeout(180_000);

describeInBrowser("in a browser", () => {
  let started: Console;
  let aliyun: Platform;
  beforeAll(async () => {
    [started, aliyun] = await Promise.all([startConsole(), startPlatform({ platform: "aliyun" })]);
  });
  afterAll(async () => {
    await started?.close();
    await aliyun?.close();
  });
  /** Servers of one test, which are ended also when it failed. */
  const servers: (() => Promise<void>)[] = [];
  afterEach(() => Promise.all(servers.splice(0).map((end) => end())));

  test("Alibaba Cloud: the signed parameters form, it connects, subscribes, publishes, receives, and every packet is there", async () => {
    const { page, complaints, requests } = await started.open();
    await fill(page, "aliyun", aliyun.url, EXAMPLE);
    const signed = page.locator(".signed");
    await signed.getByText("12345|securemode=3,signmethod=hmacsha1,timestamp=789|").waitFor();
    await signed.getByText("clientId12345deviceNamedeviceproductKeypktimestamp789").waitFor();
    expect(await signed.innerText()).not.toContain("fafd82a3");
    await signed.getByRole("button", { name: "Show Password" }).click();
    await signed.getByText("fafd82a3d602b37fb0fa8b7892f24a477f851a14").waitFor();

    await connect(page);
    await state(page, "Online");
    await page.getByLabel("Topic filter").fill("/pk/device/user/get");
    await page.getByRole("button", { name: "Subscribe", exact: true }).click();
    await page.getByText("QoS 0 granted", { exact: true }).waitFor();
    const published = new Promise<string>((resolve) => {
      aliyun.subscribe("/pk/device/user/update", (_topic, payload) => resolve(payload.toString()));
    });
    await page.getByLabel("Topic", { exact: true }).fill("/pk/device/user/update");
    await page.getByLabel("Payload", { exact: true }).fill('{"t":21.5}');
    await page.getByRole("button", { name: "Publish" }).click();
    expect(await published).toBe('{"t":21.5}');
    await aliyun.publish("/pk/device/user/get", "<img src=x onerror=alert(1)>");
    // What came is text, whatever it looks like.
    await page.locator(".received pre", { hasText: "<img src=x" }).waitFor();
    expect(await page.locator(".received img").count()).toBe(0);

    await page.getByRole("tab", { name: "Packets" }).click();
    const list = page.locator(".packet-list li");
    expect((await list.allInnerTexts()).map((text) => /[A-Z]{5,}/.exec(text)![0])).toEqual([
      "PUBLISH",
      "PUBLISH",
      "SUBACK",
      "SUBSCRIBE",
      "CONNACK",
      "CONNECT",
    ]);
    await list.last().getByRole("button").click();
    const found = await rows(page);
    expect(found).toContainEqual(["Protocol Name", "MQTT", "2–7", "MQTT 3.1.1, 3.1.2.1"]);
    expect(found).toContainEqual(["Clean Session", "1", "9, bit 1", "MQTT 3.1.1, 3.1.2.4"]);
    expect(found).toContainEqual(["User Name", "device&pk", "67–77", "MQTT 3.1.1, 3.1.3.4"]);
    expect(found).toContainEqual(["Password", "hidden", "78–119", "MQTT 3.1.1, 3.1.3.5"]);
    await page.locator(".chosen").getByText("WebSocket frame").click();
    await page.locator(".chosen").getByText("not known here").waitFor();

    await page.getByRole("button", { name: "Disconnect" }).click();
    await state(page, "Not connected");
    expect(complaints).toEqual([]);
    expect(requests.filter((url) => !/^(http:\/\/127\.0\.0\.1:|blob:|data:)/.test(url))).toEqual([]);
    await page.context().close();
  });

  test("a wrong secret: the advice, in both languages", async () => {
    const { page } = await started.open();
    await fill(page, "aliyun", aliyun.url, { ...EXAMPLE, DeviceSecret: "not-the-secret-7" });
    await connect(page);
    const alert = page.getByRole("alert");
    await alert.getByText("The signature is wrong: check the device secret").waitFor();
    expect(await alert.innerText()).toContain("bad-username-or-password");
    await page.getByText(/Next try in \d+ s/).waitFor();
    await page.getByLabel("Language").selectOption("zh");
    await alert.getByText("签名错误：请检查 DeviceSecret").waitFor();
    expect(await page.evaluate("document.documentElement.lang")).toBe("zh-Hans");
    expect(await page.locator("body").innerText()).not.toContain("not-the-secret-7");
    await page.context().close();
  });

  test("UCloud: the CONNECT of its documents", async () => {
    const ucloud = await startPlatform({ platform: "ucloud" });
    servers.push(() => ucloud.close());
    const { page } = await started.open();
    const fields = { ProductSN: "exampleproduct", DeviceSN: "device-1", "Device secret": "examplesecret" };
    await fill(page, "ucloud", ucloud.url, fields);
    await connect(page);
    await state(page, "Online");
    await page.getByRole("tab", { name: "Packets" }).click();
    await page.locator(".packet-list li").last().getByRole("button").click();
    const values = (await rows(page)).map(([name, value]) => `${name} ${value}`);
    expect(values).toContain("Client Identifier exampleproduct.device-1");
    expect(values).toContain("User Name exampleproduct|device-1|1");
    // There the password is the device's secret.
    expect(await page.locator(".chosen").innerText()).not.toContain("examplesecret");
    await page.context().close();
  });

  (findMosquitto() ? test : test.skip)("Mosquitto: MQTT 3.1, hex, QoS 1 and Retain", async () => {
    const mosquitto = await startMosquitto({ brisk: true });
    servers.push(() => mosquitto.stop());
    const { page, complaints } = await started.open();
    await fill(page, "broker", mosquitto.url, { "Client ID": "page" });
    await page.getByLabel("MQTT version").selectOption("3");
    await connect(page);
    await state(page, "Online");
    await page.getByLabel("Topic", { exact: true }).fill("灯/状态");
    await page.getByLabel("Payload is").selectOption("hex");
    await page.getByLabel("Payload", { exact: true }).fill("ff 0");
    await page.getByRole("button", { name: "Publish" }).click();
    await page.getByText("These are not pairs of hexadecimal digits.").waitFor();
    await page.getByLabel("Payload", { exact: true }).fill("ff 00");
    await page.getByLabel("QoS").first().selectOption("1");
    await page.getByLabel("Retain").check();
    await page.getByRole("button", { name: "Publish" }).click();
    await page.getByLabel("Topic filter").fill("灯/#");
    await page.getByRole("button", { name: "Subscribe", exact: true }).click();
    const received = page.locator(".received li", { hasText: "ff 00" });
    await received.waitFor();
    expect(await received.innerText()).toMatch(/灯\/状态.*2 bytes, Hex, retained/);
    await page.getByRole("tab", { name: "Log" }).click();
    await page.getByText("Published to 灯/状态, QoS 1, acknowledged").waitFor();
    await page.getByLabel("Filter", { exact: true }).fill("subscribed");
    await page.getByText("1 of 5 lines").waitFor();
    await page.getByRole("tab", { name: "Messages" }).click();
    expect(await page.getByLabel("Topic filter").inputValue()).not.toBe("");
    await page.getByRole("tab", { name: "Log" }).click();
    expect(await page.getByLabel("Filter", { exact: true }).inputValue()).toBe("subscribed");
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  test("a server that is not there: what to check", async () => {
    const { page } = await started.open();
    // A port of discard: browsers bar it, and say so before they try.
    await fill(page, "broker", "ws://127.0.0.1:9/", {});
    await connect(page);
    await page
      .getByRole("alert")
      .getByText(/browser-(blocked|connect-failed)/)
      .waitFor();
    await page.context().close();
  });

  test("faults of the form are shown at their fields, and the first has the focus", async () => {
    const { page } = await started.open();
    await page.getByLabel("ProductKey").fill("p k");
    await connect(page);
    await page.getByText("3 to mend before connecting").waitFor();
    expect(await page.evaluate("document.activeElement.id")).toBe("field-aliyun-productKey");
    const field = page.getByLabel("ProductKey");
    expect(await field.getAttribute("aria-invalid")).toBe("true");
    const description = await field.getAttribute("aria-describedby");
    expect(await page.locator(`[id="${description}"]`).innerText()).toMatch(/without spaces/);
    await page.context().close();
  });

  test("nothing outlives the page unless it shall be remembered", async () => {
    const { page } = await started.open();
    const kept = () => page.evaluate<string>("JSON.stringify(localStorage)");
    await fill(page, "aliyun", aliyun.url, EXAMPLE);
    expect(await kept()).toBe("{}");
    await page.reload();
    expect(await page.getByLabel("ProductKey").inputValue()).toBe("");
    await fill(page, "aliyun", aliyun.url, EXAMPLE);
    await page.getByLabel("Remember this form").check();
    await page.waitForFunction("localStorage.length > 0");
    await page.reload();
    expect(await page.getByLabel("DeviceSecret", { exact: true }).inputValue()).toBe("secret");
    await page.getByLabel("Remember this form").uncheck();
    await page.waitForFunction("localStorage.length === 0");
    expect(await kept()).toBe("{}");
    await page.context().close();
  });

  test("the keyboard alone: tabs by arrows, connect by Enter", async () => {
    const { page } = await started.open();
    await fill(page, "aliyun", aliyun.url, EXAMPLE);
    await page.getByLabel("DeviceSecret", { exact: true }).press("Enter");
    await state(page, "Online");
    await page.getByRole("tab", { name: "Messages" }).focus();
    await page.keyboard.press("ArrowRight");
    await page.getByRole("tab", { name: "Packets", selected: true }).waitFor();
    await page.keyboard.press("Tab");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await page.locator(".chosen").getByRole("button", { name: "Remaining Length" }).waitFor();
    await page.getByRole("tab", { name: "Packets" }).focus();
    await page.keyboard.press("End");
    await page.getByRole("tab", { name: "Board", selected: true }).waitFor();
    await page.keyboard.press("ArrowRight");
    await page.getByRole("tab", { name: "Messages", selected: true }).waitFor();
    await page.context().close();
  });

  test("what was typed is still there after a visit to another tab", async () => {
    const { page } = await started.open();
    await page.getByLabel("Topic", { exact: true }).fill("a/b");
    await page.getByLabel("Payload", { exact: true }).fill("typed");
    await page.getByRole("tab", { name: "Board" }).click();
    await page.getByRole("heading", { name: "A board's own words" }).waitFor();
    expect(await page.getByLabel("Topic", { exact: true }).isVisible()).toBe(false);
    await page.getByRole("tab", { name: "Messages" }).click();
    expect(await page.getByLabel("Topic", { exact: true }).inputValue()).toBe("a/b");
    expect(await page.getByLabel("Payload", { exact: true }).inputValue()).toBe("typed");
    await page.context().close();
  });

  test("bytes from elsewhere: a masked frame with a packet that is cut short", async () => {
    const { page } = await started.open();
    await page.getByRole("tab", { name: "Packets" }).click();
    await page.getByText("Inspect bytes from elsewhere").click();
    await page.getByLabel("Bytes in hexadecimal").fill("82 84 00 00 00 00 30 09 00 03");
    await page.getByLabel("They are").selectOption("websocket");
    await page.getByRole("button", { name: "Inspect", exact: true }).click();
    await page.getByRole("article", { name: "WebSocket binary" }).getByText("Masking-key").waitFor();
    await page
      .getByRole("article", { name: "PUBLISH" })
      .getByText("Went wrong at byte 2: it ends before its time")
      .waitFor();
    await page.context().close();
  });

  test("a board that is watched: what it says comes at once", async () => {
    const { page } = await started.open();
    await page.getByRole("tab", { name: "Board" }).click();
    await page.getByText(/Live from .*board\.jsonl/).waitFor();
    started.board('{"at":"2026-01-02T03:04:05.678Z","event":"ping","rtt":23,"free":2311}');
    await page.getByRole("cell", { name: "23 ms" }).waitFor();
    started.board(
      '{"at":"2026-01-02T03:05:05.678Z","event":"offline","code":"ping-timeout","reason":"no PINGRESP","retry":4}',
    );
    await page.getByRole("cell", { name: "The link was dead" }).waitFor();
    await page.context().close();
  });
});
