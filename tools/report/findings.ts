/** A board's figures in words: what somebody should look at, worst first. */
import { CAUSES } from "./board-state";
import type { BoardFigures } from "./figures";

const times = (count: number) => (count === 1 ? "once" : `${count} times`);
const whole = (ms: number) => `${Math.round(ms / 1000)} s`;

export function findings({ offline, reboots, memory, codes, log, unknown }: BoardFigures): string[] {
  const found: string[] = [];
  const say = (condition: unknown, text: string) => void (condition && found.push(text));
  const kicked = codes.kicked;
  say(
    kicked,
    `kicked ${times(kicked?.count ?? 0)}, last at ${kicked?.last}: another client seems to use the same identity`,
  );
  const slope = memory?.slope;
  if (slope?.leak) {
    const [least, most] = [-slope.high, -slope.low].map((lost) => lost.toFixed(1));
    found.push(`memory leak: ${(-slope.perHour).toFixed(1)} variables an hour (${least} to ${most})`);
  }
  const reboot = reboots.list.filter(({ kind }) => kind === "own").at(-1);
  say(reboots.count, `rebooted ${times(reboots.count)}${reboot ? `, last at ${reboot.at}: ${reboot.cause}` : ""}`);
  say(reboots.safeModes, `safe mode ${times(reboots.safeModes)}: boots that did not last a minute`);
  const planned = Object.entries(reboots.planned);
  const sum = planned.reduce((total, [, count]) => total + count, 0);
  say(sum, `planned reboots: ${sum} (${planned.map(([code, count]) => `${code} ${count}×`).join(", ")})`);
  say(reboots.opened, `restarted ${times(reboots.opened)} when its port was opened: this tool's doing`);
  const causes = Object.entries(offline.causes)
    .sort(([, a], [, b]) => b.ms - a.ms)
    .map(([cause, { count }]) => `${cause} ${count}×`);
  say(
    offline.count,
    `offline ${times(offline.count)} (${causes.join(", ")}), ${whole(offline.longest)} at the longest`,
  );
  for (const cause of [CAUSES.port, CAUSES.unwatched]) {
    const gaps = unknown.list.filter((gap) => gap.cause === cause && gap.ms >= 1000);
    const sum = gaps.reduce((total, { ms }) => total + ms, 0);
    say(gaps.length, `unknown for ${whole(sum)}: ${cause}, ${times(gaps.length)}`);
  }
  say(log.faults, `${log.faults} faults that nobody caught`);
  say(log.missing, `${log.missing} lines missing`);
  say(log.garbled, `${log.garbled} status lines not whole`);
  say(log.damaged, `${log.damaged} damaged lines in the log`);
  say(
    log.clockSteps,
    `the computer's clock went back ${times(log.clockSteps)}: what came later is told as if it had not`,
  );
  return found;
}
