import { Failure } from "../command-line/exit";
import type { StatusLine } from "../status-line";
import { describeStatus, parseStatus } from "../status-line";
import type { BoardConsole } from "./board-console";

export interface RestartOptions {
  /** Waits for `online`, not only for `boot`. */
  online: boolean;
  /** Milliseconds from `boot` to `online`. */
  onlineLimit: number;
  /** Told of each status line. */
  show(status: StatusLine): void;
}

/** Milliseconds from the restart to `boot`. */
const BOOT_LIMIT = 20_000;
/** Milliseconds in which the further faults of a device.json follow the first. */
const FAULTS_LIMIT = 300;
const BROKEN = /Uncaught|Execution Interrupted|out of memory|New interpreter error/i;

/** Starts the saved program anew, as power-on does, and waits until it says that it runs. Rejects with a Failure that says why not. */
export async function restart(board: BoardConsole, { online, onlineLimit, show }: RestartOptions): Promise<void> {
  let booted = false;
  let broken = false;
  let limit: NodeJS.Timeout | undefined;
  let last = "";
  let stop = () => undefined as void;
  const done = new Promise<void>((resolve, reject) => {
    const failIn = (ms: number, message: () => string) => {
      clearTimeout(limit);
      limit = setTimeout(() => reject(new Failure(message())), ms);
    };
    const quoted = () => (last ? `; its last words: ${last}` : "");
    stop = board.onLine((line) => {
      const status = parseStatus(line);
      if (!status) {
        if (line.trim() && !line.includes("#")) last = line.trim();
        if (BROKEN.test(line) && !broken) {
          broken = true;
          failIn(FAULTS_LIMIT, () => `the firmware fails: ${line.trim()}`);
        }
        return;
      }
      show(status);
      if (status.event === "boot") {
        booted = true;
        if (!online) return resolve();
        failIn(onlineLimit, () => `the board is not online ${onlineLimit / 1000} s after its start${quoted()}`);
      } else if (!booted) return;
      last = describeStatus(status);
      if (status.event === "online") resolve();
      else if (status.event === "error" && status.field !== undefined) {
        const { field, reason } = status;
        const what =
          field === "device.json" ? "there is no sound device.json on it" : `its device.json: ${String(reason)}`;
        failIn(
          FAULTS_LIMIT,
          () => `the board does not know whom to connect to, ${what}: npm run provision -- --port ${board.port.name}`,
        );
      } else if (status.event === "safe-mode") failIn(FAULTS_LIMIT, () => "the board has started in safe mode");
    });
    failIn(
      BOOT_LIMIT,
      () => `no boot line ${BOOT_LIMIT / 1000} s after the restart: is that the firmware in .bootcde?${quoted()}`,
    );
    void board.port.gone.then(() => reject(new Failure(`${board.port.name} is gone during the restart`)));
  });
  done.catch(() => undefined);
  try {
    // From a timer, so that the answer comes first and says that the restart will.
    await board.ask("setTimeout(function(){load()},100)");
    await done;
  } finally {
    clearTimeout(limit);
    stop();
  }
}
