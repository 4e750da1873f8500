/** The compiled bundle and a server that refuses, for days: the board keeps asking, and never restarts for it. */
import { polite } from "../fixtures/memory-broker";
import { Bench } from "../fixtures/recovery-bench";
import { backWithin, DAY, HOUR, MINUTE, onEachRelease, SECOND, unplannedBoots } from "../fixtures/site";
import { refusingByHttp } from "../fixtures/http-refusal";
import { device } from "../fixtures/virtual-board";
import { VirtualNetwork } from "../fixtures/virtual-network";

const WEEK = 7 * DAY;
/** The wait after a refusal that time does not mend; a connect that may block before it. */
const BOUND = 6 * MINUTE;

onEachRelease((options) => {
  describe("a server that refuses, for a day or a week: no `reboot` line, one boot, online once it takes the board", () => {
    const closed = ({ network }: Bench) => (network.answer = "refuses");
    const notFound = ({ network, clock }: Bench) => (network.connect = refusingByHttp(clock, "404 Not Found"));
    const byAddress = "ws://10.1.2.3:8080/mqtt";

    test.each<[string, (bench: Bench) => unknown, string, number, string?]>([
      ["port closed", closed, "connect-failed", WEEK],
      ["port closed, by address", closed, "connect-failed", DAY, byAddress],
      ["CONNACK 2", ({ network }) => (network.manners.connack = 2), "identifier-rejected", DAY],
      ["CONNACK 4", ({ network }) => (network.manners.connack = 4), "bad-username-or-password", DAY],
      ["CONNACK 5", ({ network }) => (network.manners.connack = 5), "not-authorized", WEEK],
      ["HTTP 404", notFound, "handshake-refused", DAY],
      ["no answer to the handshake", ({ network }) => (network.manners.handshake = false), "connect-timeout", DAY],
      ["an unknown name", ({ board }) => board.changeWifi({ lookup: () => undefined }), "connect-failed", DAY],
    ])("%s", async (_how, prepare, code, time, url = "ws://broker:8080/mqtt") => {
      const bench = await Bench.booted(SECOND, (board) => void prepare(board), device({}, { url }), options);
      const { connect } = VirtualNetwork.prototype;
      bench.clock.advance(time);
      expect(new Set(bench.all("error").map((error) => error.code))).toEqual(new Set([code]));
      expect(bench.all("reboot")).toEqual([]);
      expect(bench.all("boot")).toHaveLength(1);
      expect(bench.attempts.length).toBeGreaterThan(time / (6 * MINUTE));
      Object.assign(bench.network.manners, polite);
      Object.assign(bench.network, { answer: "answers", connect });
      bench.board.changeWifi({ lookup: undefined });
      backWithin(bench, BOUND);
    });
  });

  describe("a server that never answers is no refusal: planned reboots, hourly at most, in case it is the board's fault", () => {
    test.each<[string, (bench: Bench) => void]>([
      ["SYNs that nobody answers", ({ network }) => (network.answer = "silent")],
      ["name servers that do not answer", ({ board }) => board.changeWifi({ nameless: true })],
    ])("%s", async (_how, prepare) => {
      const bench = await Bench.booted(SECOND, prepare, device(), options);
      bench.clock.advance(DAY);
      const reboots = bench.all("reboot");
      expect(reboots.length).toBeLessThanOrEqual(24);
      expect(reboots.length).toBeGreaterThanOrEqual(10);
      expect(new Set(reboots.map(({ code }) => code))).toEqual(new Set(["offline"]));
      const gaps = reboots.slice(1).map(({ at }, i) => at - reboots[i].at);
      expect(Math.min(...gaps)).toBeGreaterThanOrEqual(HOUR);
      expect(unplannedBoots(bench)).toEqual([]);
      expect(bench.all("safe-mode")).toEqual([]);
      bench.network.answer = "answers";
      bench.board.changeWifi({ nameless: false });
      backWithin(bench, 3 * MINUTE);
    });
  });
});
