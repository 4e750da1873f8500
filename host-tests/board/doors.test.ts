/** Who reaches a simulated board's console: by telnet, by BLE, over its own access point; and what shuts each door. */
import type { BenchOptions } from "./bench";
import { Bench } from "./bench";

const WIFI = { ssid: "plant", password: "plant-secret" };
const SERIAL = 'E.setConsole("Serial1", { force: true });';
const JOIN = 'require("Wifi").connect("plant", { password: "plant-secret" });';

async function booted(program: string, options: BenchOptions = {}): Promise<Bench> {
  const bench = new Bench({ wifi: WIFI, ...options });
  await bench.boot("echo(0);" + program, 1000);
  return bench;
}

test("all three doors are open on the ESP32 image, whatever the program does not do", async () => {
  expect((await booted("")).board.listening()).toEqual(["telnet", "ble", "access-point"]);
  expect((await booted(JOIN)).board.listening()).toEqual(["telnet", "ble", "access-point"]);
  expect((await booted(JOIN, { release: "later" })).board.listening()).toEqual(["telnet", "ble", "access-point"]);
  expect((await booted("", { image: "ESP32C3_IDF4" })).board.listening()).toEqual(["ble", "access-point"]);
  expect((await booted("", { image: "ESP32S3_IDF4" })).board.listening()).toContain("telnet");
  expect((await booted("", { image: "LINUX" })).board.listening()).toEqual([]);
});

describe("telnet", () => {
  test("gives a stranger the console, and takes it from the serial port", async () => {
    const bench = await booted(JOIN);
    await bench.board.writeFile("device.json", "the secret");
    const stranger = bench.board.openTelnet()!;
    stranger.type('print(require("Storage").read("device.json"))');
    bench.pass(100);
    expect(stranger.lines).toEqual(["the secret"]);
    expect(bench.type("print(1)")).toEqual([]);
    stranger.close();
    expect(bench.type("print(1)")).toEqual(["1"]);
  });

  test("cannot be reached without an access point or an address", async () => {
    const bench = await booted('require("Wifi").stopAP()');
    expect(bench.board.listening()).toContain("telnet");
    expect(bench.board.openTelnet()).toBeUndefined();
  });

  test("leaves a forced console where it is", async () => {
    const bench = await booted(JOIN + SERIAL);
    const stranger = bench.board.openTelnet()!;
    stranger.type('print("stolen")');
    expect(bench.type("print(E.getConsole())")).toEqual(["Serial1"]);
    expect(stranger.lines).toEqual([]);
  });

  test("that the console was forced is lost at load()", async () => {
    const bench = await booted(JOIN);
    bench.type(SERIAL + "load()");
    bench.board.openTelnet();
    expect(bench.type("print(1)")).toEqual([]);
  });

  test("ends with setOptions, and is there again after load()", async () => {
    const bench = await booted("");
    bench.type('require("TelnetServer").setOptions({ mode: "off" })');
    expect(bench.board.listening()).not.toContain("telnet");
    bench.type("load()");
    expect(bench.board.listening()).toContain("telnet");
  });

  test("that the saved program switches off never listens", async () => {
    const bench = await booted('require("TelnetServer").setOptions({ mode: "off" });');
    expect(bench.board.listening()).not.toContain("telnet");
  });

  test("switched off with somebody there leaves the console with nobody", async () => {
    const bench = await booted(JOIN);
    const stranger = bench.board.openTelnet()!;
    stranger.type('require("TelnetServer").setOptions({ mode: "off" })');
    bench.pass(100);
    expect(stranger.open).toBe(false);
    expect(bench.type("print(1)")).toEqual([]);
  });

  test("takes a socket, and its client another", async () => {
    const bench = await booted(JOIN);
    expect(bench.board.socketsLeft).toBe(9);
    bench.board.openTelnet();
    expect(bench.board.socketsLeft).toBe(8);
  });

  test("refuses what is no object, and a mode it does not know", async () => {
    const bench = await booted("");
    expect(bench.type('require("TelnetServer").setOptions("off")')).toEqual([
      "Uncaught Error: Expecting Object, got string",
    ]);
    expect(bench.type('require("TelnetServer").setOptions({ mode: "none" })')).toEqual([
      "Uncaught Error: Unknown mode value",
    ]);
  });
});

describe("BLE", () => {
  test("gives a stranger the console, and on 2v29 keeps it when he has gone", async () => {
    const bench = await booted("");
    const stranger = bench.board.connectBle()!;
    stranger.type("print(1+1)");
    bench.pass(100);
    expect(stranger.lines).toEqual(["2"]);
    stranger.close();
    expect(bench.type("print(1)")).toEqual([]);
    expect(bench.board.listening()).toContain("ble");
  });

  test("gives it back on later images", async () => {
    const bench = await booted("", { release: "later" });
    bench.board.connectBle()!.close();
    expect(bench.type("print(1)")).toEqual(["1"]);
  });

  test("advertises no more after NRF.sleep(), and again after somebody was there: its flag then says that it does not", async () => {
    const bench = await booted('NRF.on("disconnect", function () { print("gone"); });' + SERIAL);
    const stranger = bench.board.connectBle()!;
    bench.type("NRF.sleep()");
    expect(stranger.open).toBe(true);
    stranger.close();
    expect(bench.pass(100)).toEqual(["gone"]);
    bench.type("NRF.sleep()");
    expect(bench.board.listening()).toContain("ble");
    bench.type("NRF.wake();NRF.sleep()");
    expect(bench.board.listening()).not.toContain("ble");
  });

  test("advertises again after load(), where sleep alone does nothing any more", async () => {
    const bench = await booted("");
    bench.type("NRF.sleep()");
    expect(bench.board.listening()).not.toContain("ble");
    bench.type("load()");
    bench.pass(1000);
    bench.type("NRF.sleep()");
    expect(bench.board.listening()).toContain("ble");
    bench.type("NRF.wake();NRF.sleep()");
    expect(bench.board.listening()).not.toContain("ble");
  });

  test("advertises once more 50 ms after each start, whatever the program has asked for", async () => {
    const bench = await booted("NRF.sleep()");
    expect(bench.board.listening()).toContain("ble");
    const kind = await booted("NRF.sleep()", { traits: { "late-advertising": 0 } });
    expect(kind.board.listening()).not.toContain("ble");
  });

  test("wake throws on 2v29 while it believes to advertise", async () => {
    const bench = await booted("");
    expect(bench.type("NRF.wake()")).toEqual(["Uncaught Error: BLE: ERROR 0x4 (:774)"]);
    expect((await booted("", { release: "later" })).type("NRF.wake()")).toEqual([]);
  });

  test("is off for good after ESP32.enableBLE(false), which erases the program and restarts", async () => {
    const bench = await booted(JOIN);
    const before = Number(bench.type("print(process.memory().total)")[0]);
    bench.type("ESP32.enableBLE(false)");
    expect(bench.lines).toContain("Erasing saved code.");
    expect(await bench.board.readFile(".bootcde")).toBeUndefined();
    expect(bench.type("print(process.memory().total, ESP32.getState().BLE, require('Wifi').getStatus().mode)")).toEqual(
      [`${before + 2000} false AP`],
    );
    expect(bench.board.connectBle()).toBeUndefined();
    expect(bench.type("NRF.sleep()")).toEqual([]);
    expect(bench.type("NRF.wake()")).toEqual(["Uncaught Error: BLE: ESP_ERR_INVALID_STATE (:774)"]);
    await bench.board.powerOff();
    await bench.board.powerOn();
    expect(bench.board.listening()).not.toContain("ble");
    expect(bench.type("ESP32.enableWifi(false)").join()).toContain("with BLE and Wi-Fi both off");
  });
});

describe("E.setConsole", () => {
  test("null leaves nobody with the console", async () => {
    const bench = await booted("");
    expect(bench.type("E.setConsole(null)")).toEqual([]);
    expect(bench.type("print(1)")).toEqual([]);
  });

  test("throws for what is no device of this image", async () => {
    const bench = await booted("");
    expect(bench.type('E.setConsole("USB")')).toEqual(['Uncaught Error: Unknown device type "USB"']);
    const c3 = await booted("", { image: "ESP32C3_IDF4" });
    expect(c3.type('E.setConsole("Telnet")')).toEqual(['Uncaught Error: Unknown device type "Telnet"']);
  });

  test("process.env tells the image and where the console is", async () => {
    const bench = await booted("", { image: "ESP32S3_IDF4", release: "later" });
    expect(bench.type("var e = process.env; print(e.BOARD, e.CONSOLE, e.VERSION > '2v29')")).toEqual([
      "ESP32S3_IDF4 Serial1 true",
    ]);
  });
});
