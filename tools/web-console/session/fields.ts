/** The fields of the connection form: each is one of device.json, and becomes it. */
import type { PlatformName } from "../../advice/advice";

export interface FormField {
  /** Its place in device.json. */
  name: string;
  kind: "text" | "secret" | "number" | "flag" | "choice";
  /** What a choice offers; the first is the default. */
  choices?: readonly string[];
  /** True for what most people leave as it is. */
  rare?: boolean;
  /** Shown where the field is empty: what the firmware then takes. */
  placeholder?: string;
}

const text = (name: string, more: Partial<FormField> = {}): FormField => ({ name, kind: "text", ...more });
const rare = (name: string, placeholder = ""): FormField => text(name, { rare: true, placeholder });
const secret = (name: string): FormField => text(name, { kind: "secret" });

/** By platform: what stands in its block. */
export const PLATFORM_FIELDS: Record<PlatformName, readonly FormField[]> = {
  aliyun: [
    text("aliyun.productKey"),
    text("aliyun.deviceName"),
    secret("aliyun.deviceSecret"),
    rare("aliyun.region", "cn-shanghai"),
    rare("aliyun.instanceId"),
    rare("aliyun.clientId", "productKey.deviceName"),
    rare("aliyun.timestamp"),
    { name: "aliyun.signMethod", kind: "choice", choices: ["hmacsha1", "hmacsha256"], rare: true },
    { name: "aliyun.secure", kind: "flag", rare: true },
    rare("aliyun.path", "/mqtt"),
  ],
  ucloud: [
    text("ucloud.productSN"),
    text("ucloud.deviceSN"),
    secret("ucloud.deviceSecret"),
    rare("ucloud.region", "cn-sh2"),
    rare("ucloud.host"),
    { name: "ucloud.secure", kind: "flag", rare: true },
    rare("ucloud.path", "/"),
  ],
  broker: [text("broker.clientId"), text("broker.username"), secret("broker.password")],
};

export const URL_FIELD: FormField = text("url", { placeholder: "ws://127.0.0.1:8080/mqtt" });

/** What every platform has. */
export const MQTT_FIELDS: readonly FormField[] = [
  { name: "mqtt.keepalive", kind: "number", placeholder: "300" },
  { name: "mqtt.protocolVersion", kind: "choice", choices: ["4", "3"] },
  { name: "mqtt.clean", kind: "flag" },
  rare("mqtt.subprotocol", "mqtt"),
];

const ALL = [...Object.values(PLATFORM_FIELDS).flat(), URL_FIELD, ...MQTT_FIELDS];

/** The form as it stands: `platform`, and each field by name. */
export interface Form {
  platform: PlatformName;
  values: Record<string, string | boolean>;
}

export const EMPTY_FORM: Form = { platform: "aliyun", values: { "mqtt.clean": true, "ucloud.secure": true } };

/** The device.json that a form says; what is empty is left out. Only the chosen platform's block is in it. */
export function deviceOf({ platform, values }: Form): Record<string, unknown> {
  const device: Record<string, unknown> = { platform };
  for (const { name, kind } of [...PLATFORM_FIELDS[platform], URL_FIELD, ...MQTT_FIELDS]) {
    const value = values[name];
    if (value === undefined || value === "") continue;
    const numeric = kind === "number" || name === "mqtt.protocolVersion";
    const [block, key] = name.split(".");
    if (key === undefined) device[block] = value;
    else device[block] = { ...(device[block] as object), [key]: numeric ? Number(value) : value };
  }
  return device;
}

/** The form that a device.json fills in; undefined for what is none. What the form has no field for is left out. */
export function formOf(device: unknown): Form | undefined {
  const given = device as Record<string, Record<string, unknown> | string> | null;
  if (typeof given !== "object" || given === null) return undefined;
  const platform = given.platform as PlatformName;
  if (!Object.hasOwn(PLATFORM_FIELDS, platform)) return undefined;
  const values = { ...EMPTY_FORM.values };
  for (const { name } of ALL) {
    const [block, key] = name.split(".");
    const value = key === undefined ? given[block] : (given[block] as Record<string, unknown> | undefined)?.[key];
    if (typeof value === "boolean") values[name] = value;
    else if (typeof value === "string" || typeof value === "number") values[name] = String(value);
  }
  return { platform, values };
}
