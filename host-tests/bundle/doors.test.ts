/** The compiled bundle and the doors that an image leaves open: shut in every state that the firmware can be in. */
import type { SimulatedBoard } from "../../tools/board/simulated";
import { watchDoors } from "../fixtures/doors-watched";
import type { Bench } from "../fixtures/recovery-bench";
import { HOUR, MINUTE, next, onEachRelease, powered, SECOND } from "../fixtures/site";
import { device, WIFI } from "../fixtures/virtual-board";

const REGISTERING = {
  wifi: WIFI,
  platform: "ucloud",
  ucloud: { productSN: "prod", deviceSN: "device-1", productSecret: "pr0duct-s3cret" },
  url: "ws://broker:8080/mqtt",
};

const inSafeMode = ({ board }: Bench) => void board.writeFile("boot.count", "3");
const withoutWifi = { ...device(), wifi: undefined };

interface State {
  json?: object;
  prepare?: (bench: Bench) => void;
  /** What happens a minute after the boot. */
  then?: (bench: Bench) => unknown;
  /** The line that shows the state. */
  shown?: string;
}

const STATES: [string, State][] = [
  ["online", { shown: "online" }],
  ["no wifi block", { json: withoutWifi }],
  ["a device.json with a fault", { json: { ...device(), platform: "azure" }, shown: "error" }],
  ["a device.json that is empty", { json: {}, shown: "error" }],
  ["safe mode", { prepare: inSafeMode, shown: "safe-mode" }],
  ["safe mode without a wifi block", { json: withoutWifi, prepare: inSafeMode, shown: "safe-mode" }],
  ["registering", { json: REGISTERING, shown: "network" }],
  ["registration that nobody answers", { json: REGISTERING, then: ({ clock }) => clock.advance(10 * MINUTE) }],
  ["no access point", { prepare: ({ board }) => board.setWifiPresent(false), shown: "error" }],
  ["an access point that gives no address", { prepare: ({ board }) => board.changeWifi({ mute: true }) }],
  ["a server that refuses", { prepare: ({ network }) => void (network.answer = "refuses"), shown: "error" }],
  ["a server that is silent", { prepare: ({ network }) => void (network.answer = "silent"), shown: "error" }],
  ["name servers that are silent", { prepare: ({ board }) => board.changeWifi({ nameless: true }), shown: "error" }],
  ["the access point lost", { then: ({ board }) => board.setWifiPresent(false), shown: "offline" }],
  ["a deaf link", { then: ({ board }) => board.deafenWifi(), shown: "offline" }],
  ["after load()", { then: ({ board }) => board.type("load()") }],
  ["after load() without a network", { then: loadWithoutNetwork }],
  ["after load(), a server that is silent", { then: loadWithSilentServer }],
  ["after E.reboot()", { then: ({ board }) => board.type("E.reboot()") }],
  ["after a power cut", { then: powerCut }],
  ["after the watchdog", { then: ({ board }) => board.type("clearTimeout()") }],
  ["after a planned reboot", { then: plannedReboot, shown: "reboot" }],
  ["after device.json has changed", { then: changedConfig }],
];

function loadWithoutNetwork({ board }: Bench): void {
  board.setWifiPresent(false);
  board.type("load()");
}

function loadWithSilentServer({ board, network }: Bench): void {
  network.answer = "silent";
  board.type("load()");
}

async function powerCut({ board }: Bench): Promise<void> {
  await board.powerOff();
  await board.powerOn();
}

function plannedReboot(bench: Bench): void {
  bench.board.wedgeWifi();
  next(bench, "reboot", 2 * HOUR);
}

async function changedConfig({ board, network, clock }: Bench): Promise<void> {
  await board.writeFile("device.json", JSON.stringify(device({ keepalive: 120 })));
  network.cut();
  clock.advance(MINUTE);
}

onEachRelease((options) => {
  const booted = ({ json = device(), prepare }: State) => powered(json, options, prepare);

  async function through(state: State): Promise<[Bench, Record<string, number>]> {
    const bench = await booted(state);
    const open = watchDoors(bench);
    bench.clock.advance(MINUTE);
    await state.then?.(bench);
    bench.clock.advance(5 * MINUTE);
    if (state.shown) expect(bench.all(state.shown)).not.toEqual([]);
    return [bench, open];
  }

  describe("nothing listens", () => {
    test.each(STATES)("%s", async (_name, state) => {
      const [bench, open] = await through(state);
      expect(open).toEqual({});
      expect(bench.board.listening()).toEqual([]);
    });

    test("without a device.json", async () => {
      const bench = await powered({}, options);
      await bench.board.powerOff();
      await bench.board.writeFile("device.json", "");
      await bench.board.powerOn();
      const open = watchDoors(bench);
      bench.clock.advance(HOUR);
      expect(bench.all("error").at(-1)).toMatchObject({ code: "config-missing" });
      expect(open).toEqual({});
    });

    test("with a device.json that is not JSON", async () => {
      const bench = await powered({}, options);
      await bench.board.powerOff();
      await bench.board.writeFile("device.json", "{");
      await bench.board.powerOn();
      const open = watchDoors(bench);
      bench.clock.advance(HOUR);
      expect(bench.all("error").at(-1)).toMatchObject({ code: "config-invalid" });
      expect(open).toEqual({});
    });

    test("while somebody comes and goes by Bluetooth in the one second in which it advertises", async () => {
      const bench = await booted({});
      bench.clock.advance(100);
      const stranger = bench.board.connectBle()!;
      const open = watchDoors(bench);
      bench.clock.advance(10 * MINUTE);
      stranger.close();
      bench.clock.advance(10 * MINUTE);
      // A look at most, between the end of the connection and its event.
      expect(open.ble ?? 0).toBeLessThanOrEqual(100);
      expect(bench.board.listening()).toEqual([]);
    });

    test("within a minute, also where the event that somebody has gone is lost", async () => {
      const bench = await booted({});
      bench.clock.advance(100);
      const stranger = bench.board.connectBle()!;
      bench.board.type('NRF.removeAllListeners("disconnect")');
      bench.clock.advance(10 * SECOND);
      stranger.close();
      bench.clock.advance(MINUTE);
      expect(bench.board.listening()).toEqual([]);
    });
  });

  describe("telnet: true opens telnet, and nothing else", () => {
    const json = device({}, { telnet: true });

    test.each<[string, State]>([
      ["online", { json, shown: "online" }],
      ["no access point", { json, prepare: ({ board }) => board.setWifiPresent(false), shown: "error" }],
      ["safe mode", { json, prepare: inSafeMode, shown: "safe-mode" }],
      ["registering", { json: { ...REGISTERING, telnet: true }, shown: "network" }],
      ["after load()", { json, then: ({ board }) => board.type("load()") }],
      ["after E.reboot()", { json, then: ({ board }) => board.type("E.reboot()") }],
    ])("%s", async (_name, state) => {
      const [bench, open] = await through(state);
      expect(bench.board.listening()).toEqual(["telnet"]);
      expect(Object.keys(open)).toEqual(["telnet"]);
    });

    test("who connects has the console, and the serial line has it again afterwards", async () => {
      const bench = await booted({ json });
      bench.clock.advance(MINUTE);
      const user = bench.board.openTelnet()!;
      user.type("print(6*7)");
      bench.clock.advance(SECOND);
      expect(user.lines).toContain("42");
      user.close();
      expect(bench.evaluate("6*7")).toBe("42");
    });

    test("who connects by Bluetooth in the second in which it advertises does not get the console", async () => {
      const bench = await booted({ json });
      bench.clock.advance(100);
      const stranger = bench.board.connectBle()!;
      stranger.type('print("st"+"olen")');
      bench.clock.advance(MINUTE);
      stranger.type('print("st"+"olen")');
      bench.clock.advance(MINUTE);
      expect(stranger.lines).toEqual([]);
      expect(bench.printed).toEqual([]);
      expect(bench.online).toBe(true);
    });

    test("with a fault elsewhere in device.json the board stays shut", async () => {
      const [bench] = await through({ json: { ...json, platform: "azure" }, shown: "error" });
      expect(bench.board.listening()).toEqual([]);
    });
  });

  describe("a .wificfg that Wifi.save() has left", () => {
    const saved = { ssid: "neighbour", password: "neighbours-own", mode: "APSTA", ssidAP: "open-door" };
    const leave = ({ board }: Bench) => void board.writeFile(".wificfg", JSON.stringify(saved));
    const removed = async (board: SimulatedBoard) => (await board.readFile(".wificfg")) === undefined;

    test.each<[string, State]>([
      ["online", { prepare: leave, shown: "online" }],
      [
        "safe mode",
        {
          prepare: (bench) => {
            leave(bench);
            inSafeMode(bench);
          },
          shown: "safe-mode",
        },
      ],
      ["no wifi block", { json: withoutWifi, prepare: leave }],
    ])("%s: removed before the driver reads it; it opens nothing and joins nothing", async (_name, state) => {
      const [bench, open] = await through(state);
      expect(await removed(bench.board)).toBe(true);
      expect(open).toEqual({});
      expect(bench.evaluate('require("Wifi").getStatus().ssid')).toBe(state.json ? "undefined" : WIFI.ssid);
    });
  });
});
