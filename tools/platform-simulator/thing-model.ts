/**
 * Either cloud's thing model, its side: it answers what a device reports, or refuses it, and sends values, commands and
 * services down. JSON that somebody gave goes out as it was written, to the last digit.
 */
import type { Engine } from "./engine";
import type { Journal } from "./events";

/** Milliseconds that a device has for its answer. */
const UCLOUD_ANSWER_MS = 5_000;
const RRPC_ANSWER_MS = 8_000;

export interface ThingModelOptions {
  platform: "aliyun" | "ucloud";
  /** How much faster than real time the answers are due. */
  speed: number;
}

/** A line of an event about a payload shows so many characters of it. */
const SHOWN = 200;

type Message = Record<string, unknown>;

function parse(payload: Buffer): Message | undefined {
  try {
    const message: unknown = JSON.parse(payload.toString());
    return typeof message === "object" && message !== null ? (message as Message) : undefined;
  } catch {
    return undefined;
  }
}

export class ThingModel {
  /** Codes that the next reports are refused with, in this order. */
  private readonly refusals: number[] = [];
  private readonly due = new Map<string, NodeJS.Timeout>();
  private lastId = 0;

  constructor(
    private readonly engine: Engine,
    private readonly journal: Journal,
    private readonly options: ThingModelOptions,
  ) {
    if (options.platform === "aliyun") {
      engine.subscribe("/sys/+/+/thing/event/+/post", (topic, payload) => this.reported(topic, payload));
      engine.subscribe("/sys/+/+/thing/service/property/set_reply", (topic, payload) => this.answered(topic, payload));
      engine.subscribe("/sys/+/+/thing/service/+", (topic, payload) => {
        if (topic.endsWith("_reply")) this.answered(topic, payload);
      });
      engine.subscribe("/sys/+/+/rrpc/response/+", (topic, payload) => this.answered(topic, payload));
    } else {
      engine.subscribe("/$system/+/+/tmodel/property/post", (topic, payload) => this.reported(topic, payload));
      engine.subscribe("/$system/+/+/tmodel/event/post", (topic, payload) => this.reported(topic, payload));
      engine.subscribe("/$system/+/+/tmodel/property/set_reply", (topic, payload) => this.answered(topic, payload));
      engine.subscribe("/$system/+/+/tmodel/command_reply/+", (topic, payload) => this.answered(topic, payload));
    }
  }

  /** The code that means well. */
  get success(): number {
    return this.options.platform === "aliyun" ? 200 : 0;
  }

  /** The next report is refused with this code, which is not that of success. */
  refuse(code: number): void {
    this.refusals.push(code);
  }

  /** Sends values down. `own`: `/productKey/deviceName`; `json`: an object. */
  set(own: string, json: string): Promise<void> {
    const id = this.id();
    return this.options.platform === "aliyun"
      ? this.engine.publish(
          `/sys${own}/thing/service/property/set`,
          `{"id":"${id}","version":"1.0","params":${json}}`,
          {},
        )
      : this.engine.publish(`/$system${own}/tmodel/property/set`, `{"RequestID":"${id}","Property":${json}}`, {});
  }

  /** Calls a command, or a service that is answered whenever the device likes (aliyun). */
  command(own: string, name: string, json: string): Promise<void> {
    const id = this.id();
    if (this.options.platform === "aliyun") {
      return this.engine.publish(`/sys${own}/thing/service/${name}`, `{"id":"${id}","params":${json}}`, {});
    }
    this.expect(`/$system${own}/tmodel/command_reply/${id}`, UCLOUD_ANSWER_MS);
    const payload = `{"RequestID":"${id}","Identifier":${JSON.stringify(name)},"Input":${json}}`;
    return this.engine.publish(`/$system${own}/tmodel/command`, payload, {});
  }

  /** Calls a service and waits 8 s for its answer (aliyun). */
  call(own: string, name: string, json: string): Promise<void> {
    if (this.options.platform !== "aliyun") throw new RangeError("UCloud has no synchronous services: use command");
    const id = this.id();
    this.expect(`/sys${own}/rrpc/response/${id}`, RRPC_ANSWER_MS);
    const payload = `{"id":"${id}","version":"1.0","params":${json},"method":${JSON.stringify(`thing.service.${name}`)}}`;
    return this.engine.publish(`/sys${own}/rrpc/request/${id}`, payload, {});
  }

  close(): void {
    for (const timer of this.due.values()) clearTimeout(timer);
    this.due.clear();
  }

  private id(): string {
    return `${++this.lastId}`;
  }

  private expect(topic: string, ms: number): void {
    const late = () => {
      this.due.delete(topic);
      this.journal.add({ event: "unanswered", topic, code: "late", reason: `no answer within ${ms / 1000} s` });
    };
    this.due.set(topic, setTimeout(late, ms / this.options.speed));
  }

  private reported(topic: string, payload: Buffer): void {
    const message = parse(payload);
    const aliyun = this.options.platform === "aliyun";
    const id = message?.[aliyun ? "id" : "RequestID"];
    if (!message || typeof id !== "string") {
      const reason = `${aliyun ? "id" : "RequestID"} must be text in a JSON object`;
      this.journal.add({ event: "refused", topic, code: "thing-invalid", reason });
      return;
    }
    const code = this.refusals.shift();
    if (code === undefined) this.journal.add({ event: "reported", topic, reason: payload.toString().slice(0, SHOWN) });
    else
      this.journal.add({ event: "refused", topic, code: "thing-refused", reason: `code ${code}, as it was asked for` });
    const answer = aliyun ? { id, code: code ?? 200, data: {} } : { RequestID: id, RetCode: code ?? 0 };
    void this.engine.publish(`${topic}_reply`, JSON.stringify(answer), {});
  }

  private answered(topic: string, payload: Buffer): void {
    const timer = this.due.get(topic);
    clearTimeout(timer);
    this.due.delete(topic);
    const late = /rrpc|command_reply/.test(topic) && !timer;
    const reason = payload.toString().slice(0, SHOWN);
    this.journal.add({ event: late ? "refused" : "answered", topic, code: late ? "late" : undefined, reason });
  }
}
