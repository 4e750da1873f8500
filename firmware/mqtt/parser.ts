import type { Bytes, CodedError } from "../seams";
import { uint16At } from "../bytes";
import { fail } from "../errors";
import { CONNACK, PINGRESP, PUBACK, PUBLISH, SUBACK, UNSUBACK } from "./packets";

function malformed(message: string): CodedError {
  return fail("malformed-packet", message);
}

/** Who receives what a parser has read. */
export interface PacketSink {
  /** A whole packet; its fields are the parser's own and last until this returns. False stops the parser. */
  receive(packet: Parser): boolean;
}

/**
 * Incremental parser for every packet a server may send a QoS 1 client, with the bytes split anywhere and any number
 * of packets in a chunk. Holds at most `max` bytes, and nothing of a packet that was handled: a longer PUBLISH is reported
 * with its topic and size and read past.
 */
export class Parser {
  /** The upper four bits of the first byte. */
  type = 0;
  dup = false;
  qos = 0;
  retain = false;
  /** PUBLISH: topic name. */
  topic: Bytes = "";
  /** PUBLISH: application message. SUBACK: return codes. */
  payload: Bytes = "";
  /** PUBLISH with QoS 1, PUBACK, SUBACK, UNSUBACK: packet identifier. */
  messageId = 0;
  /** CONNACK: return code. */
  returnCode = 0;
  /** CONNACK: Session Present; always false from a 3.1 server. */
  sessionPresent = false;
  /** PUBLISH: the payload's size where it was over the cap (`payload` is empty then), else 0. */
  oversize = 0;

  private _rest: Bytes = "";
  private _skip = 0;

  /** `max`: bytes of the longest packet that is kept whole, at least 128. */
  constructor(
    private _max: number,
    private _sink: PacketSink,
  ) {}

  /** Takes the next bytes. Returns a `malformed-packet` error, after which the connection must be closed. */
  push(chunk: Bytes): CodedError | undefined {
    const bytes = this._rest ? this._rest + chunk : chunk;
    const end = bytes.length;
    let at = this._skip;
    if (at >= end) {
      this._skip = at - end;
      return;
    }
    this._skip = 0;
    this._rest = "";
    while (at < end) {
      let start = at + 2;
      let length = bytes.charCodeAt(at + 1);
      if (length > 127) {
        let shift = 7;
        length &= 127;
        let digit = 128;
        while (digit > 127 && start < end) {
          if (shift > 21) return malformed("Remaining Length is over four bytes");
          digit = bytes.charCodeAt(start++);
          length |= (digit & 127) << shift;
          shift += 7;
        }
        if (digit > 127) break;
      }
      if (start > end) break;
      const next = start + length;
      const first = bytes.charCodeAt(at);
      const oversize = next - at > this._max;
      if (next > end || oversize) {
        // An oversize PUBLISH is told as soon as its variable header is here; anything else waits to be whole.
        if (!oversize) break;
        if (first >> 4 !== PUBLISH >> 4) return malformed("a packet is over the cap");
        if (end < start + 2) break;
        const header = uint16At(bytes, start) + (first & 6 ? 4 : 2);
        if (start + header - at > this._max) return malformed("a topic is over the cap");
        if (end < start + header && next > end) break;
      }
      const fault = this._read(bytes, first, start, length, oversize);
      if (fault) return malformed(fault);
      if (!this._sink.receive(this)) return;
      // Nobody needs these any more, and the next packet may be minutes away.
      this.topic = this.payload = "";
      at = next;
    }
    if (at > end) this._skip = at - end;
    else if (at < end) this._rest = at ? bytes.substr(at) : bytes;
    return;
  }

  /** Takes one packet's fields apart; returns what is wrong with it. */
  private _read(bytes: Bytes, first: number, start: number, length: number, oversize: boolean): string | undefined {
    const type = (this.type = first & 0xf0);
    if (type === PUBLISH) {
      const qos = (this.qos = (first >> 1) & 3);
      const size = uint16At(bytes, start);
      let at = start + 2 + size;
      this.dup = (first & 8) > 0;
      this.retain = (first & 1) > 0;
      if (qos > 1) return "QoS 2 was never subscribed to";
      if (length < size + (qos ? 4 : 2)) return "PUBLISH is too short";
      this.topic = bytes.substr(start + 2, size);
      if (!size || this.topic.indexOf("\x00") >= 0) return "a topic is empty or holds U+0000";
      if (qos) {
        this.messageId = uint16At(bytes, at);
        at += 2;
        if (!this.messageId) return "packet identifier 0";
      }
      const payload = start + length - at;
      this.oversize = oversize ? payload : 0;
      this.payload = oversize ? "" : bytes.substr(at, payload);
      return;
    }
    if (first & 15) return "reserved flags are set";
    if (type === PINGRESP) return length ? "PINGRESP has a body" : undefined;
    if (length < 2) return "a packet is too short";
    this.messageId = uint16At(bytes, start);
    if (type === CONNACK) {
      this.sessionPresent = (this.messageId & 0x100) > 0;
      this.returnCode = this.messageId & 255;
    } else if (type === SUBACK) {
      this.payload = bytes.substr(start + 2, length - 2);
      return length < 3 ? "SUBACK has no return code" : undefined;
    } else if (type !== PUBACK && type !== UNSUBACK) return "a packet only a client or a QoS 2 flow may send";
    return length > 2 ? "a packet is too long" : undefined;
  }
}
