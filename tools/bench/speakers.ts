/** Boards with an MQTT client that publish and receive on demand: ours over WebSocket, the stock module over bare TCP. */
import { generate } from "mqtt-packet";
import type { BoardRun } from "../measure/board-run";
import { runOnBoard } from "../measure/board-run";
import type { MeasuringServer, Visitor } from "../measure/server";

/** Orders come on a topic of the speaker's own, messages to be counted on this one. */
const INBOUND = "in";
const OUTBOUND = "/pk/device/user/update";

export interface Load {
  count: number;
  /** Bytes of each payload. */
  size: number;
  qos: 0 | 1;
}

/**
 * The part that both share. `publishAll(count)` and `client` are the speaker's; what it has received it hands to `received`. The
 * board's clock times what it receives, from the first message to the last.
 */
const COMMON = `
var payload="",qos=0,got=0,want=0,since=0,most=0,watching;
function look(){var u=process.memory().usage;if(u>most)most=u;return u;}
function tell(){
var now=look();
print("~usage "+JSON.stringify({now:now,most:most,flags:E.getErrorFlags()}));
most=0;
if(!watching)watching=setInterval(look,20);
}
function ordered(text){
var order=JSON.parse(text);
if(order.tell)return setTimeout(tell,order.tell);
qos=order.qos;payload="";
while(payload.length<order.size)payload+="x";
if(order.out)setTimeout(publishAll,1,order.out);
else{want=order.count;got=0;setTimeout(print,1,"~listening");}
}
function received(topic,text){
if(topic!="${INBOUND}")return ordered(text);
if(!got++)since=getTime();
if(got==want)print("~received "+(getTime()-since));
}`;

/**
 * QoS 0 until it is told `queued`, and on when the queue is empty, for a full one drops such messages. QoS 1 a handful at a
 * time, the next one at each acknowledgement.
 */
const OURS = (code: string, port: number) => `
Modules.addCached("mqtt-ws",${JSON.stringify(code)});
${COMMON}
var client=require("mqtt-ws").connect("ws://127.0.0.1:${port}/mqtt",{clientId:"ours",receiveMaximum:10,queueBytes:16384}),left=0,options;
function pump(){
if(client.queued)return setTimeout(pump,0);
while(left-->0)if(client.publish("${OUTBOUND}",payload,options)!="sent")return setTimeout(pump,0);
}
function next(error){
if(error)print("~failed "+error.code);
if(left-->0)client.publish("${OUTBOUND}",payload,options,next);
}
function publishAll(count){
left=count;options={qos:qos};
if(!qos)return pump();
for(var i=0;i<5;i++)next();
}
client.on("message",received);
client.on("connect",function(){client.subscribe("ours");});`;

/** Without callbacks: the next ones go when the socket has drained, or at each PUBACK. */
const STOCK = (code: string, port: number) => `
Modules.addCached("MQTT",${JSON.stringify(code)});
${COMMON}
var client=require("MQTT").create("127.0.0.1",{client_id:"stock",port:${port}}),left=0,options;
function next(){if(left-->0)client.publish("${OUTBOUND}",payload,options);}
function batch(){for(var i=0;i<5;i++)next();}
function publishAll(count){
left=count;options={qos:qos};
if(!client.drains)client.client.on("drain",function(){if(!qos)batch();});
client.drains=true;
batch();
}
client.on("puback",next);
client.on("message",received);
client.on("connected",function(){client.subscribe("stock");});
client.connect();`;

/** A receiver of ladder.ts, which connects with the least that the server takes: a key that is always the same, masks of zeros. */
const BARE = (code: string, port: number) => `
${COMMON}
${code}
var step=0,socket=require("net").connect({host:"127.0.0.1",port:${port}});
function send(packet){socket.write("\\x82"+String.fromCharCode(128|packet.length)+"\\0\\0\\0\\0"+packet)}
socket.on("data",function(data){
if(step>2)return receive(data);
if(!step++)return send("\\x10\\x10\\0\\x04MQTT\\x04\\x02\\0\\0\\0\\x04bare");
if(step==2)return send("\\x82\\x09\\0\\x01\\0\\x04bare\\0");
step++;
if(data.length>7)receive(data.substr(7));
});
socket.write("GET /mqtt HTTP/1.1\\r\\nHost: x\\r\\nUpgrade: websocket\\r\\nConnection: Upgrade\\r\\nSec-WebSocket-Version: 13\\r\\n"+
"Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\\r\\nSec-WebSocket-Protocol: mqtt\\r\\n\\r\\n");`;

const PROGRAMS = { ours: OURS, stock: STOCK, bare: BARE };

/** Milliseconds for a connection, and for one load. */
const CONNECT_LIMIT = 20_000;
const LIMIT = 120_000;

/** Milliseconds after which a board is at rest. */
const REST = 500;

export interface Memory {
  now: number;
  most: number;
  /** The interpreter's error flags, such as `LOW_MEMORY`. */
  flags: string[];
}

/** `bare` only receives, whole messages below 120 bytes with QoS 0. */
export type SpeakerName = keyof typeof PROGRAMS;

/** A board that is connected and waits for orders. */
export class Speaker {
  private constructor(
    private readonly name: SpeakerName,
    private readonly board: BoardRun,
    private readonly visitor: Visitor,
  ) {}

  /** Runs a board with a client's code while `work` lasts. */
  static use<T>(
    name: SpeakerName,
    code: string,
    binary: string,
    server: MeasuringServer,
    work: (speaker: Speaker) => Promise<T>,
  ): Promise<T> {
    const program = PROGRAMS[name](code, name === "stock" ? server.tcpPort : server.webSocketPort);
    return runOnBoard({ code: program, inMemory: true, binary }, async (board) => {
      const visitor = await board.during(server.subscriber(name), "subscription", CONNECT_LIMIT);
      const speaker = new Speaker(name, board, visitor);
      speaker.board.hold();
      return work(speaker);
    });
  }

  /** Messages a second that the board publishes, by the server's clock from the first to the last. */
  publish({ count, size, qos }: Load): Promise<number> {
    return this.awake(async () => {
      const seconds = new Promise<number>((resolve) => {
        let seen = 0;
        let since = 0;
        this.visitor.onPublish = () => {
          if (!seen++) since = performance.now();
          if (seen === count) resolve((performance.now() - since) / 1000);
        };
      });
      this.order({ out: count, size, qos });
      return (count - 1) / (await this.board.during(seconds, `${count} messages`, LIMIT));
    });
  }

  /** Messages a second that the board receives when they come as fast as it reads. */
  receive({ count, size, qos }: Load): Promise<number> {
    return this.awake(async () => {
      const from = this.board.lines.length;
      this.order({ count, size: 0, qos });
      await this.board.told("~listening", LIMIT, from);
      const body = "y".repeat(size);
      this.visitor.send(Array.from({ length: count }, (_, i) => packet(INBOUND, body, qos, (i % 65_535) + 1)));
      return (count - 1) / Number(await this.board.told("~received", LIMIT, from));
    });
  }

  /** Variables in use at rest, and the most that were seen since the last call; from the first one on the board looks often. */
  memory(): Promise<Memory> {
    return this.awake(async () => {
      const from = this.board.lines.length;
      this.order({ tell: REST });
      return JSON.parse(await this.board.told("~usage", LIMIT, from)) as Memory;
    });
  }

  private order(order: object): void {
    this.visitor.send([packet(this.name, JSON.stringify(order), 0)]);
  }

  /** Only one board runs at a time. */
  private async awake<T>(work: () => Promise<T>): Promise<T> {
    this.board.resume();
    try {
      return await work();
    } finally {
      this.board.hold();
    }
  }
}

function packet(topic: string, payload: string, qos: 0 | 1, messageId?: number): Buffer {
  return generate({ cmd: "publish", topic, payload, qos, messageId, dup: false, retain: false });
}
