/** What can be typed at the simulator's prompt, or stands in a script: one command a line. */
import { setTimeout as sleep } from "node:timers/promises";
import { toDuration } from "../command-line/duration";
import type { PlatformEvent } from "./events";
import type { Shadows } from "./shadow";
import type { ThingModel } from "./thing-model";

/** A line that is no command, or one that cannot be done now; the message says what is right. */
export class CommandError extends Error {}

/** What commands act on; a plain broker has neither thing model nor shadow. */
export interface Stage {
  thing?: ThingModel;
  shadows?: Shadows;
  /** Identities of who is connected. */
  connected(): string[];
  /** `/product/device` of the first device that the platform knows: its shadow is there without it. */
  known?: string;
  publish(topic: string, payload: string): Promise<void>;
  cut(): void;
  /** The next event that passes, from now on. */
  next(test: (event: PlatformEvent) => boolean): Promise<PlatformEvent>;
}

export const COMMANDS_HELP = `set {"name":value}              property values for the device (thing model)
command name {"input":value}    a command, or an asynchronous service
call name {"input":value}       a synchronous service (aliyun): 8 s to answer
refuse code                     the next report is answered with this code
desired {"name":value}          what the shadow wants the device to be
overtake                        the shadow's version goes on without the device
publish topic payload           any message down
cut                             breaks every connection
wait 2s                         (scripts) goes on after so long
await event [text]              (scripts) goes on after the next such event whose line holds the text
help                            this list`;

/** `deviceName&productKey` or `productSN.deviceSN` → `/product/device`. */
function ownOf(identity: string): string {
  const aliyun = identity.split("&");
  if (aliyun.length === 2) return `/${aliyun[1]}/${aliyun[0]}`;
  return `/${identity.replace(".", "/")}`;
}

function object(text: string): string {
  try {
    const value: unknown = JSON.parse(text || "{}");
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return text || "{}";
  } catch {
    // Told below.
  }
  throw new CommandError(`${text} must be a JSON object, such as {"T":21.5}`);
}

function durationOf(text: string): number {
  try {
    return toDuration(text);
  } catch {
    throw new CommandError(`wait: ${text || "nothing"} must be a duration, such as 500ms or 2s`);
  }
}

/** Does what a line says; blank lines and those that begin with # say nothing. Rejects with a CommandError. */
export async function runCommand(line: string, stage: Stage): Promise<string | undefined> {
  const text = line.trim();
  if (text === "" || text.startsWith("#")) return undefined;
  const [, verb, rest] = /^(\S+)\s*(.*)$/.exec(text)!;
  const [, first, more] = /^(\S*)\s*(.*)$/.exec(rest)!;
  const own = () => {
    const [identity] = stage.connected();
    if (identity === undefined) throw new CommandError(`${verb}: no device is connected`);
    return ownOf(identity);
  };
  const shadowed = () => (stage.connected().length > 0 || stage.known === undefined ? own() : stage.known);
  const need = <T>(value: T | undefined): T => {
    if (value === undefined) throw new CommandError(`${verb}: a plain broker has neither thing model nor shadow`);
    return value;
  };
  const name = () => {
    if (!/^\w+$/.test(first)) throw new CommandError(`${verb}: a name must follow, such as ${verb} reboot {"delay":5}`);
    return first;
  };
  if (verb === "help") return COMMANDS_HELP;
  else if (verb === "set") await need(stage.thing).set(own(), object(rest));
  else if (verb === "command") await need(stage.thing).command(own(), name(), object(more));
  else if (verb === "call") {
    try {
      await need(stage.thing).call(own(), name(), object(more));
    } catch (error) {
      throw error instanceof RangeError ? new CommandError(error.message) : error;
    }
  } else if (verb === "refuse") {
    if (!/^\d+$/.test(rest)) throw new CommandError("refuse: a number must follow, such as refuse 460");
    const thing = need(stage.thing);
    if (Number(rest) === thing.success) throw new CommandError(`refuse: ${rest} is no refusal but success`);
    thing.refuse(Number(rest));
  } else if (verb === "desired") await need(stage.shadows).desire(shadowed(), object(rest));
  else if (verb === "overtake") need(stage.shadows).overtake(shadowed());
  else if (verb === "publish") {
    if (!first) throw new CommandError("publish: a topic must follow");
    await stage.publish(first, more);
  } else if (verb === "cut") stage.cut();
  else if (verb === "wait") {
    await sleep(durationOf(rest), undefined, { ref: false });
  } else if (verb === "await") {
    if (!first) throw new CommandError("await: an event's name must follow, such as await subscribed");
    await stage.next((event) => event.event === first && JSON.stringify(event).includes(more));
  } else throw new CommandError(`there is no command ${verb}; help lists them`);
  return undefined;
}
