/**
 * The floor under "receive", and what each thing that the firmware does besides costs: receivers that grow from the least
 * that reads MQTT out of a WebSocket to what the firmware itself is made like. None of them is a client: they connect,
 * subscribe and hand on, nothing else.
 */
import { minify } from "terser";

export interface Rung {
  /** What this receiver does that the one before did not. */
  what: string;
  /** Takes the socket's data as a function `receive`; hands topic and payload to `received`. */
  code: string;
}

/** How the floor is called in the tables. */
export const FLOOR = "least code";

/** What was left of the data before comes first. */
const JOIN = `if(rest)data=rest+data;var at=0,end=data.length;`;

/** Frames that follow each other, each checked: FIN, reserved bits, opcode, mask, length. `take` has the payload's place. */
const FRAMES = (first: string, take: string) => `
while(at<end){
  var start=at+2,length=data.charCodeAt(at+1);
  if(length>125){start=length==126?at+4:Infinity;length=data.charCodeAt(at+2)<<8|data.charCodeAt(at+3)}
  if(start>end||data.charCodeAt(at)!=${first})break;
  ${take}
  at=start+length;
}`;

/** Packets in `bytes` from `at` to `end`. `head` is what happens once the fixed header is read, `take` has a packet's parts. */
const PACKETS = (head: string, take: string) => `
while(at<end){
  var start=at+2,length=bytes.charCodeAt(at+1);
  ${head}
  var size=bytes.charCodeAt(start)<<8|bytes.charCodeAt(start+1),topic=bytes.substr(start+2,size),body=start+2+size;
  ${take}
  at=next;
}`;

/** Up to two bytes of length, and a packet that is all here and has the flags in `first`. */
const CHECKED = (first: string) => `
if(length>127){length+=bytes.charCodeAt(start++)*128-128;if(length>16383)length=NaN}
var next=start+length;
if(bytes.charCodeAt(at)!=${first}||!(next<=cap)){if(next<=end)return;break}`;

const SOUND = `if(!size||body>next||topic.indexOf("\\0")>=0)return;`;

const STREAM = (head: string, checks: string) => `
var rest="",skip=0,left="";
function parse(chunk){
  var bytes=left?left+chunk:chunk,at=0,end=bytes.length,cap=end>4096?0:end;
  ${PACKETS(head, `${checks}received(topic,bytes.substr(body,next-body));`)}
  left=bytes.substr(at);
}
function receive(data){
  ${JOIN}
  at=skip;
  var payload=data.substr(0,at);
  ${FRAMES("130", "payload+=data.substr(start,length);")}
  skip=at>end?at-end:0;
  rest=data.substr(at);
  parse(payload);
}`;

/** The same with what it knows in objects, as clients have them that are made anew, and the packet's fields with it. */
const OBJECTS = (take: string, more = "") => `
var channel={rest:"",skip:0,state:1,mixed:false},parser={rest:"",skip:0,first:48,max:4096,topic:"",payload:"",id:0,type:48};
channel.sink=parser.sink={state:4,parser:parser,busy:false};
${more}
function handOn(client,packet){
  if(client.state==4&&packet.type==48){${take}}
  return packet===client.parser;
}
function parse(parser,chunk){
  var bytes=parser.rest?parser.rest+chunk:chunk,end=bytes.length,at=parser.skip,cap=end>parser.max?0:end;
  parser.rest="";
  ${PACKETS(
    CHECKED("parser.first"),
    `${SOUND}parser.topic=topic;parser.payload=bytes.substr(body,next-body);if(!handOn(parser.sink,parser))return;`,
  )}
  parser.topic=parser.payload="";
  parser.skip=0;
  if(at<end)parser.rest=bytes.substr(at);
}
function receive(data){
  var rest=channel.rest;
  channel.rest="";
  ${JOIN}
  at=channel.skip;
  var payload=data.substr(0,at);
  ${FRAMES("130||channel.mixed", "payload+=data.substr(start,length);")}
  channel.skip=at>end?at-end:0;
  if(at<end)channel.rest=data.substr(at);
  if(payload&&channel.state==1)parse(channel.sink.parser,payload);
}`;

const TEXT = `function text(bytes){var made=E.asUTF8(bytes);return made.length<bytes.length?made:bytes}var unicode=E.isUTF8("\\u4e2d");`;
const TOLD = (topic: string, payload: string) => `var topic=${topic},payload=${payload};`;
const DECODED = TOLD("unicode?text(packet.topic):packet.topic", "unicode?text(packet.payload):packet.payload");

const EVENTS = `${TEXT}var events={handlers:{message:[received]}};
function emit(events,name,a,b,c){
  var handlers=events.handlers[name];
  if(events.tap){events.tap.told(name,a,b,c)}
  if(handlers){for(var i=0;i<handlers.length;i++){var handler=handlers[i];try{handler(a,b,c)}catch(e){print("~failed "+e)}}}
}`;

/** From the floor up. */
export const RUNGS: readonly Rung[] = [
  {
    what: FLOOR,
    code: `
var rest="";
function receive(data){
  ${JOIN}
  var next,body;
  while((next=at+2+data.charCodeAt(at+1))<=end){
    body=at+6+(data.charCodeAt(at+4)<<8|data.charCodeAt(at+5));
    received(data.substring(at+6,body),data.substring(body,next));
    at=next;
  }
  rest=data.substr(at);
}`,
  },
  {
    what: "frames of any length, checked",
    code: `
var rest="";
function receive(data){
  ${JOIN}
  ${FRAMES(
    "130",
    `if(start+length>end)break;
  var body=start+4+(data.charCodeAt(start+2)<<8|data.charCodeAt(start+3));
  received(data.substring(start+4,body),data.substring(body,start+length));`,
  )}
  rest=data.substr(at);
}`,
  },
  {
    what: "packets that begin and end anywhere in the frames",
    code: STREAM("var next=start+length;if(!(next<=end))break;", ""),
  },
  { what: "packets of any length below a cap, checked", code: STREAM(CHECKED("48"), SOUND) },
  {
    what: "what is known in objects, the packet's fields for the handler",
    code: OBJECTS("received(packet.topic,packet.payload,packet);"),
  },
  {
    what: "text from UTF-8, where the interpreter has it",
    code: OBJECTS(`${DECODED}received(topic,payload,packet);`, TEXT),
  },
  {
    what: "any number of handlers, which may throw",
    code: OBJECTS(`${DECODED}emit(events,"message",topic,payload,packet);`, EVENTS),
  },
];

/** A receiver, minified as a bundle is: an expression whose value is the function that takes the socket's data. */
export async function receiver({ code }: Rung): Promise<string> {
  const options = { ecma: 5, compress: false, format: { ascii_only: true, braces: true } } as const;
  const { code: small } = await minify(`var receive=function(){${code};return receive}();`, options);
  return small!;
}
