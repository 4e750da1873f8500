import type { Bytes } from "../../../firmware/seams";
import { packetLength } from "./packet";

/**
 * Cuts a stream of bytes into MQTT packets, with the bytes split anywhere. What follows a Remaining Length that is wrong
 * belongs to no packet any more and comes as it is.
 */
export class PacketSplitter {
  private rest: Bytes = "";
  private lost = false;

  /** Takes the next bytes; returns each packet that is now whole. */
  push(bytes: Bytes): Bytes[] {
    if (this.lost) return [bytes];
    const packets: Bytes[] = [];
    this.rest += bytes;
    for (;;) {
      const length = packetLength(this.rest.slice(0, 5));
      if (Number.isNaN(length)) {
        this.lost = true;
        packets.push(this.rest);
        this.rest = "";
        return packets;
      }
      if (length === undefined || length > this.rest.length) return packets;
      packets.push(this.rest.slice(0, length));
      this.rest = this.rest.slice(length);
    }
  }

  /** What has come of a packet that is not whole yet. */
  get pending(): Bytes {
    return this.rest;
  }
}
