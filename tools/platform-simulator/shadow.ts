/**
 * Device shadows, the clouds' side. An update needs a version above the stored one (Alibaba Cloud) or equal to it (UCloud);
 * −1 resets. Which fields the answers carry is this simulator's reading: the documents at hand give the requests alone.
 */
import type { Engine } from "./engine";
import type { Journal } from "./events";

type Message = Record<string, unknown>;
type State = Record<string, unknown>;

interface Stored {
  version: number;
  reported: State;
  /** As somebody wrote it, by member. */
  desired: State;
  desiredText: string;
}

/** Alibaba Cloud's own numbers. */
const ALIYUN_CODES = { "shadow-invalid": "400", "version-conflict": "409" };

export class Shadows {
  private readonly stored = new Map<string, Stored>();

  constructor(
    private readonly engine: Engine,
    private readonly journal: Journal,
    private readonly platform: "aliyun" | "ucloud",
  ) {
    const filters =
      platform === "aliyun" ? ["/shadow/update/+/+"] : ["/$system/+/+/shadow/upstream", "/$system/+/+/shadow/get"];
    for (const filter of filters) engine.subscribe(filter, (topic, payload) => this.take(topic, payload));
  }

  /** What is stored for `/productKey/deviceName`. */
  of(own: string): Stored {
    let stored = this.stored.get(own);
    if (!stored) this.stored.set(own, (stored = { version: 0, reported: {}, desired: {}, desiredText: "{}" }));
    return stored;
  }

  /** An application wants the device to be so; told at once to a device that listens. `json`: an object. */
  desire(own: string, json: string): Promise<void> {
    const stored = this.of(own);
    stored.desired = JSON.parse(json) as State;
    stored.desiredText = json;
    stored.version++;
    return this.tell(own, "control", {});
  }

  /** Somebody else updates the shadow: what the device believes to be the version is no longer so. */
  overtake(own: string): void {
    this.of(own).version += 5;
  }

  private take(topic: string, payload: Buffer): void {
    const levels = topic.split("/");
    const own = `/${this.platform === "aliyun" ? levels.slice(3).join("/") : levels.slice(2, 4).join("/")}`;
    let message: Message | undefined;
    try {
      message = JSON.parse(payload.toString()) as Message;
    } catch {
      // Refused below.
    }
    const aliyun = this.platform === "aliyun";
    const method = message?.[aliyun ? "method" : "Method"];
    if (method === "get" || topic.endsWith("/shadow/get")) return void this.tell(own, "get", {});
    const version = message?.[aliyun ? "version" : "Version"];
    const state = message?.[aliyun ? "state" : "State"] as Message | undefined;
    if (method !== "update" || typeof version !== "number" || typeof state !== "object" || state === null) {
      return this.refuse(own, topic, "shadow-invalid", "method, version and state must be there");
    }
    const stored = this.of(own);
    const fits = version === -1 || (aliyun ? version > stored.version : version === stored.version);
    if (!fits) {
      const reason = `version ${version}, must be ${aliyun ? "above" : "equal to"} ${stored.version}`;
      return this.refuse(own, topic, "version-conflict", reason);
    }
    stored.version = version === -1 ? 0 : aliyun ? version : version + 1;
    Object.assign(stored.reported, state[aliyun ? "reported" : "Reported"]);
    const desired = state[aliyun ? "desired" : "Desired"];
    if (desired === null || desired === "null") {
      stored.desired = {};
      stored.desiredText = "{}";
    }
    this.journal.add({ event: "reported", topic, reason: payload.toString().slice(0, 200) });
    void this.tell(own, "update", {});
  }

  private refuse(own: string, topic: string, code: keyof typeof ALIYUN_CODES, reason: string): void {
    this.journal.add({ event: "refused", topic, code, reason });
    void this.tell(own, "update", { code: this.platform === "aliyun" ? ALIYUN_CODES[code] : code, reason });
  }

  private tell(own: string, method: string, { code, reason }: { code?: string; reason?: string }): Promise<void> {
    const { version, reported, desiredText } = this.of(own);
    if (this.platform === "aliyun") {
      const state = `"state":{"reported":${JSON.stringify(reported)},"desired":${desiredText}}`;
      const body = code
        ? `"status":"error","content":{"errorcode":"${code}","errormessage":${JSON.stringify(reason)}}`
        : `"status":"success"${method === "update" ? "" : `,${state}`}`;
      const name = method === "control" ? "control" : "reply";
      const payload = `{"method":"${name}","payload":{${body}},"version":${version}}`;
      return this.engine.publish(`/shadow/get${own}`, payload, {});
    }
    const state =
      method === "update" ? "" : `,"State":{"Reported":${JSON.stringify(reported)},"Desired":${desiredText}}`;
    const fault = code ? `,"Message":${JSON.stringify(`${code}: ${reason}`)}` : "";
    const payload = `{"Method":"${method}","RetCode":${code ? 1 : 0}${fault}${state},"Version":${version}}`;
    const topic = method === "get" ? "get_reply" : "downstream";
    return this.engine.publish(`/$system${own}/shadow/${topic}`, payload, {});
  }
}
