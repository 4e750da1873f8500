import type { Bytes, CodedError } from "../seams";
import { uint16At } from "../bytes";
import { fail } from "../errors";
import { CONNACK, PINGRESP, PUBACK, PUBLISH, SUBACK, UNSUBACK } from "./packets";

export function malformed(message: string): CodedError {
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
  type = PUBLISH;
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

  /** First byte of the latest PUBLISH, which the flags above are of. */
  private _first = PUBLISH;
  private _rest: Bytes = "";
  private _skip = 0;

  /** `max`: bytes of the longest packet that is kept whole, at least 128. */
  constructor(
    private _max: number,
    private _sink: PacketSink,
  ) {}

  /**
   * Takes the next bytes. Returns a `malformed-packet` error, after which the connection must be closed. Nearly every packet is a
   * PUBLISH, all here, with the flags of the one before, or a PUBACK: any other is read elsewhere, so that there is little to read
   * past.
   */
  push(chunk: Bytes): CodedError | undefined {
    const bytes = this._rest ? this._rest + chunk : chunk;
    const end = bytes.length;
    // What might hold a packet over the cap is read elsewhere, too.
    const here = end > this._max ? 0 : end;
    let at = this._skip;
    this._rest = "";
    while (at < end) {
      let start = at + 2;
      let length = bytes.charCodeAt(at + 1);
      if (length > 127) {
        length += bytes.charCodeAt(start++) * 128 - 128;
        // There is a third byte of Remaining Length.
        if (length > 16383) length = NaN;
      }
      let next = start + length;
      // What is not here yet is NaN.
      if (bytes.charCodeAt(at) === this._first && next <= here) {
        const size = uint16At(bytes, start);
        const topic = bytes.substr(start + 2, size);
        let body = start + 2 + size;
        if (this._first & 2) {
          this.messageId = uint16At(bytes, body);
          body += 2;
          if (!this.messageId) body = Infinity;
        }
        if (!size || body > next || topic.indexOf("\x00") >= 0) return this._other(bytes, at) as CodedError;
        this.topic = topic;
        this.payload = bytes.substr(body, next - body);
        if (!this._sink.receive(this)) return;
      } else if (length === 2 && bytes.charCodeAt(at) === PUBACK && next <= here) {
        // What publishing with QoS 1 is answered with.
        this.type = PUBACK;
        this.messageId = uint16At(bytes, start);
        if (!this._sink.receive(this)) return;
        this.type = PUBLISH;
      } else {
        const found = this._other(bytes, at);
        if (typeof found !== "number") return found;
        if (!found) break;
        next = found;
      }
      at = next;
    }
    // Nobody needs these any more, and the next packet may be minutes away.
    this.topic = this.payload = "";
    this._skip = at > end ? at - end : 0;
    if (at < end) this._rest = at ? bytes.substr(at) : bytes;
    return;
  }

  /**
   * Reads the packet at `at`, whatever it is. Returns where the next one begins, 0 while it is not all here, an error where it
   * is malformed, and undefined when the sink wants no more.
   */
  private _other(bytes: Bytes, at: number): number | CodedError | undefined {
    const end = bytes.length;
    const first = bytes.charCodeAt(at);
    let start = at + 1;
    let length = 0;
    let digit = 128;
    for (let shift = 0; digit > 127 && start < end; shift += 7) {
      if (shift > 21) return malformed("Remaining Length is over four bytes");
      digit = bytes.charCodeAt(start++);
      length |= (digit & 127) << shift;
    }
    if (digit > 127) return 0;
    const next = start + length;
    const oversize = next - at > this._max;
    if (next > end || oversize) {
      // An oversize PUBLISH is told as soon as its variable header is here; anything else waits to be whole.
      if (!oversize) return 0;
      if ((first & 0xf0) !== PUBLISH) return malformed("a packet is over the cap");
      if (end < start + 2) return 0;
      const header = uint16At(bytes, start) + (first & 6 ? 4 : 2);
      if (start + header - at > this._max) return malformed("a topic is over the cap");
      if (end < start + header && next > end) return 0;
    }
    const fault = this._read(bytes, first, start, length, oversize);
    if (fault) return malformed(fault);
    const more = this._sink.receive(this);
    // As `push` leaves it to the packets that follow.
    this.type = PUBLISH;
    this.oversize = 0;
    return more ? next : undefined;
  }

  /** Takes one packet's fields apart; returns what is wrong with it. */
  private _read(bytes: Bytes, first: number, start: number, length: number, oversize: boolean): string | undefined {
    const type = (this.type = first & 0xf0);
    if (type === PUBLISH) {
      const qos = (this.qos = (first >> 1) & 3);
      this._first = first;
      this.dup = (first & 8) > 0;
      this.retain = (first & 1) > 0;
      const size = uint16At(bytes, start);
      let at = start + 2 + size;
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
