/** The bundles in use: programs for the board that load one, connect, subscribe, and publish a burst. */
import { deviceFile } from "../measure/device";
import { PEAK, SAMPLE, SAMPLER } from "./sampled";

/** A program that uses a bundle. */
export interface Use {
  /** What it needs in Storage to be loaded, and what it needs besides to connect. */
  files: Record<string, string>;
  settings?: Record<string, string>;
  /** Loads it. */
  load: string;
  /** Starts to connect; prints `~subscribed` or the firmware's line of it. */
  connect: string;
  /** Expressions: true when connected; publishes `payload` and gives the outcome. */
  online: string;
  publish: string;
}

export type BundleName = "mqtt-ws.js" | "firmware.js";

/** Bytes of each message of the burst. The board publishes until its queue is full; the server sends so many at once. */
export const PAYLOAD = 64;
export const BURST = 40;
export const TOPIC = "/pk/device/user/get";

/** An empty board, sampled in the same ways. */
export const EMPTY: Use = {
  files: {},
  load: "",
  connect: `print("~subscribed");`,
  online: "true",
  publish: `(${SAMPLE}(),"queue-full")`,
};

/** The firmware as the README's device, which signs in to Alibaba Cloud; here to the server at `port`. */
export const firmwareUse = (code: string, port: number): Use => ({
  files: {},
  settings: { "device.json": JSON.stringify(deviceFile(port)) },
  load: code,
  connect: "",
  online: "device.status().online",
  publish: `device.publish("${TOPIC}",payload,{qos:1})`,
});

/** A library as the README's sketch uses it. */
export const libraryUse = (code: string, port: number, inMemory: boolean): Use => ({
  ...moduleUse("mqtt-ws", code, inMemory),
  connect: `
var client = require("mqtt-ws").connect("ws://127.0.0.1:${port}/mqtt", { clientId: "bench-7", keepalive: 300 });
client.on("connect", function () {
  client.subscribe("${TOPIC}", { qos: 1 }, function () { print("~subscribed"); });
});
client.on("message", function (topic, payload) {});`,
  online: "client.connected",
  publish: `client.publish("${TOPIC}",payload,{qos:1})`,
});

/** A module that is loaded and left alone: from Storage, or handed to the interpreter as a text. */
export const moduleUse = (name: string, code: string, inMemory: boolean): Use => ({
  ...EMPTY,
  files: inMemory ? {} : { [name]: code },
  load: `${inMemory ? `Modules.addCached("${name}",${JSON.stringify(code)});` : ""}require("${name}");`,
  connect: "",
});

/** The stock MQTT module over bare TCP, as its manual says. It has no word for a subscription of one's own that is there. */
export const stockUse = (code: string, port: number): Use => ({
  ...moduleUse("MQTT", code, false),
  connect: `
var client = require("MQTT").create("127.0.0.1", { client_id: "bench-7", port: ${port} });
client.on("connected", function () { client.subscribe("${TOPIC}"); });
client.on("subscribed", function () { print("~subscribed"); });
client.on("publish", function (message) {});
client.connect();`,
  online: "client.connected",
});

/** Tells the variables in use fifty times a second. */
const TELL = `setInterval(function(){print("~idle "+process.memory().usage)},20);`;

export const loading = ({ load }: Use): string => `${load}\n${TELL}`;
export const idling = ({ load, connect }: Use): string => `${load}\n${connect}\n${TELL}`;

/** Tells the peak of connecting, when that is a while ago, and then that of the burst. */
export const peaking = ({ load, connect, online, publish }: Use): string => `${SAMPLER}
${load}
${connect}
var payload="",step=0;
while(payload.length<${PAYLOAD})payload+="x";
setInterval(function(){
if(!(${online})||step++!=2)return;
print("~connecting "+${PEAK});
${PEAK}=0;
while(${publish}!="queue-full");
setTimeout(function(){print("~burst "+${PEAK})},2000);
},300);`;
