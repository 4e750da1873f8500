/**
 * A serial port opened so that the board behind it runs on.
 *
 * Development boards wire DTR and RTS to the chip's reset and to the pin that keeps it in its loader: RTS set with DTR low is a reset, DTR set
 * with RTS low during a reset leaves the chip in the loader. So both go low together as soon as the port is open, and again before it closes,
 * so that nothing changes then. What each system does by itself:
 *
 * - Linux and macOS set both lines at the opening, which nobody can forbid, and take both back at the close (HUPCL). serialport sets both
 *   with one call.
 * - Windows sets DTR at the opening unless `hupcl` is false. serialport then sets RTS first and DTR last, which is the harmless order, and the
 *   only one in which Windows' driver for USB ports (usbser.sys) passes RTS on.
 *
 * A line that a driver lets go of a moment before the other resets the board all the same: see opening.ts.
 */
import type { BindingInterface } from "@serialport/bindings-interface";
import { SerialPort } from "serialport";
import { Failure } from "../command-line/exit";
import type { Port } from "./port";
import { StreamPort } from "./port";

/** Bits a second of an ESP32's console. Over USB without a converter the figure has no effect. */
const BAUD_RATE = 115_200;

/** Sets both lines low; `then` follows whether or not the port has such lines. */
function lowerLines(serial: SerialPort, then: () => void): void {
  serial.set({ dtr: false, rts: false }, () => then());
}

/** `binding` stands for the system's own in tests. */
export function openSerial(path: string, binding?: BindingInterface): Promise<Port> {
  return new Promise((resolve, reject) => {
    const options = { path, baudRate: BAUD_RATE, autoOpen: false, hupcl: false, ...(binding && { binding }) };
    const serial = new SerialPort(options);
    const close = () => lowerLines(serial, () => serial.close());
    serial.open((error) => {
      if (error) return reject(new Failure(`cannot open ${path}: ${advice(path, error.message)}`));
      lowerLines(serial, () => resolve(new StreamPort(path, serial, close)));
    });
  });
}

/** The operating system's message, and what helps against it. */
function advice(path: string, reason: string): string {
  const text = reason.replace(/^Error:\s*/, "").replace(/, cannot open .*$/, "");
  if (/^[^/\\]+:\d+$/.test(path)) return `it is no serial port; a console on the network is tcp://${path}`;
  if (/no such file|not found|ENOENT/i.test(text))
    return `${text}; is the board plugged in? --list shows the ports there are`;
  if (/permission|EACCES|access denied/i.test(text)) {
    return `${text}; on Linux, add yourself to the group dialout and log in again`;
  }
  if (/lock|busy|temporarily/i.test(text))
    return `${text}; another program has it open: a terminal, or npm run monitor?`;
  return text;
}
