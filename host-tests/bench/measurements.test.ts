/** Every part of the benchmark, briefly, on the real interpreter: that it measures, not how fast anything is. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { measureComputing } from "../../tools/bench/computing";
import { measureConnecting } from "../../tools/bench/connecting";
import { FLOOR, RUNGS } from "../../tools/bench/ladder";
import { measureEndurance, measureLadder, measureMessages, messageRow, STOCK } from "../../tools/bench/messages";
import { TARGETS } from "../../tools/bench/targets";
import { findEspruino } from "../../tools/board/espruino";
import { readBundle } from "../../tools/measure/bundle";
import type { Peers } from "../../tools/measure/peers";
import { readPeers } from "../../tools/measure/peers";

jest.setTimeout(180_000);

/** Stands for the stock modules, which the repository does not hold: as small as the benchmark lets it be. */
const MQTT = `
function byte(n){return String.fromCharCode(n)}
function field(text){return byte(text.length>>8)+byte(text.length&255)+text}
function packet(first,body){
var n=body.length,head=byte(first);
while(n>127){head+=byte(n&127|128);n>>=7}
return head+byte(n)+body
}
function Mqtt(options){this.options=options;this.rest="";this.id=0}
Mqtt.prototype.connect=function(){
var me=this;
this.client=require("net").connect({host:"127.0.0.1",port:this.options.port},function(){
me.client.on("data",function(data){me.packetHandler(data)});
me.client.write(packet(16,field("MQTT")+"\\x04\\x02\\x00\\x3c"+field(me.options.client_id)))
})};
Mqtt.prototype.packetHandler=function(data){
this.rest+=data;
while(this.rest.length>1){
var at=1,length=0,shift=0,digit;
do{digit=this.rest.charCodeAt(at++);length|=(digit&127)<<shift;shift+=7}while(digit>127);
if(this.rest.length<at+length)return;
var first=this.rest.charCodeAt(0),body=this.rest.substr(at,length),name=2+(body.charCodeAt(0)<<8|body.charCodeAt(1));
this.rest=this.rest.substr(at+length);
if(first>>4==2)this.emit("connected");
if(first>>4==4)this.emit("puback");
if(first>>4==3){
if(first&2)this.client.write("\\x40\\x02"+body.substr(name,2));
this.emit("message",body.substr(2,name-2),body.substr(name+(first&2)))
}}};
Mqtt.prototype.subscribe=function(topic){this.client.write(packet(130,"\\x00\\x01"+field(topic)+"\\x00"))};
Mqtt.prototype.publish=function(topic,payload,options){
var qos=options&&options.qos;
this.client.write(packet(48|qos<<1,field(topic)+(qos?"\\x00"+byte(1+this.id++%200):"")+payload))
};
exports.create=function(host,options){return new Mqtt(options)};`;

/** The interpreter's own, so that there is something beside ours on boards that have it. */
const CRYPTO = `exports.SHA1=function(text){return E.toArrayBuffer("x")};`;

const onInterpreter = findEspruino() ? describe : describe.skip;

onInterpreter("on the real interpreter", () => {
  const binary = findEspruino()!;
  const progress = () => undefined;
  let peers: Peers;

  beforeAll(async () => {
    const folder = mkdtempSync(join(tmpdir(), "peers-"));
    writeFileSync(join(folder, "MQTT.js"), MQTT);
    writeFileSync(join(folder, "crypto.js"), CRYPTO);
    peers = await readPeers(folder);
    rmSync(folder, { recursive: true });
  });

  const positive = (values: number[]) => values.every((value) => value > 0 && Number.isFinite(value));

  test("hashes, packets and frames, each in every run, beside the peers that are there", async () => {
    const { series, hashVariables } = await measureComputing(binary, 2, peers);
    expect(series.map(({ what }) => what)).toEqual([
      "SHA-1, a block of 64 bytes",
      "HMAC-SHA1 of a short key and message",
      "encode a PUBLISH of 64 bytes",
      "parse a PUBLISH of 64 bytes",
      "mask and frame 64 bytes",
      "mask and frame 1,024 bytes",
    ]);
    for (const { ours } of series) expect([ours.length, positive(ours)]).toEqual([2, true]);
    const [blocks, , encode, , mask] = series;
    expect(Object.keys(blocks.beside)).toEqual(expect.arrayContaining(["straightforward", "crypto"]));
    expect(Object.keys(encode.beside)).toEqual(["MQTT"]);
    expect(mask.beside).toEqual({});
    expect(hashVariables).toBeGreaterThan(20);
  });

  test("messages out and in, at both levels and every size, in turns with the stock module", async () => {
    const library = readBundle("mqtt-ws.js");
    const series = await measureMessages({ binary, library, peers, runs: 1, count: 12, progress });
    const rows = (["publish", "receive"] as const).flatMap((direction) =>
      [0, 1].flatMap((qos) => [16, 64, 256, 1024].map((size) => messageRow(direction, size, qos))),
    );
    expect(series.map(({ what }) => what).sort()).toEqual(rows.sort());
    for (const { ours, beside } of series) {
      expect([ours.length, positive(ours)]).toEqual([1, true]);
      expect([beside[STOCK].length, positive(beside[STOCK])]).toEqual([1, true]);
    }
  });

  test("without peers ours alone is measured", async () => {
    const library = readBundle("mqtt-ws.js");
    const series = await measureMessages({ binary, library, peers: {}, runs: 1, count: 12, progress });
    const floored = messageRow("receive", 64, 0);
    for (const { what, ours, beside } of series) {
      expect(Object.keys(beside)).toEqual(what === floored ? [FLOOR] : []);
      expect(positive([...ours, ...(beside[FLOOR] ?? [])])).toBe(true);
    }
  });

  test("connecting, with and without signing", async () => {
    const [library, firmware] = [readBundle("mqtt-ws.js"), readBundle("firmware.js")];
    const series = await measureConnecting({ binary, library, firmware, peers, runs: 1, progress });
    expect(series.map(({ what }) => what)).toEqual(["connect", "connect and sign, firmware"]);
    expect(positive([...series[0].ours, ...series[0].beside[STOCK], ...series[1].ours])).toBe(true);
  });

  test("every rung of the ladder, and ours on top", async () => {
    const library = readBundle("mqtt-ws.js");
    const series = await measureLadder({ binary, library, peers: {}, runs: 1, count: 40, progress });
    expect(series.map(({ what }) => what).slice(0, -1)).toEqual(RUNGS.map(({ what }) => what));
    expect(series).toHaveLength(RUNGS.length + 1);
    for (const { ours } of series) expect([ours.length, positive(ours)]).toEqual([1, true]);
  });

  test("memory before and after messages each way", async () => {
    const library = readBundle("mqtt-ws.js");
    const { before, after } = await measureEndurance({ binary, library, peers: {}, runs: 1, count: 200, progress });
    expect(before.now).toBeGreaterThan(100);
    expect(after.most).toBeGreaterThanOrEqual(after.now);
    expect(after.flags).toEqual([]);
    // Flat, but for a timer more or less.
    expect(Math.abs(after.now - before.now)).toBeLessThan(20);
  });
});

test("every target has a row", () => {
  expect(Object.keys(TARGETS)).toEqual([
    "SHA-1, a block of 64 bytes",
    messageRow("publish", 64, 0),
    messageRow("receive", 64, 0),
  ]);
});
