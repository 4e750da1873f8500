import type { Bytes, Store } from "../seams";
import { uint16, uint16At } from "../bytes";

/**
 * Keeps a list of packets through power cuts, in two records that are written in turn: while one is being written the
 * other is whole, so a cut at any moment leaves the older list. Each record is a 16-bit sequence number, then each packet
 * behind its length.
 */
export class Journal {
  /** Records written since boot. */
  writes = 0;

  private _sequence = 0;

  /** `name`: of the records, at most 27 bytes; a digit is added. */
  constructor(
    private _store: Store,
    private _name: string,
  ) {}

  /** The packets of the newest whole record. What does not read well to its end is left out. */
  load(): Bytes[] {
    const packets: Bytes[] = [];
    let record = this._read(0);
    const other = this._read(1);
    // Sequence numbers wrap: the newer one is less than half the circle ahead.
    if (other && (!record || ((uint16At(other, 0) - uint16At(record, 0)) & 0xffff) < 0x8000)) record = other;
    if (record) {
      this._sequence = uint16At(record, 0);
      let at = 2;
      while (at + 2 <= record.length) {
        const end = at + 2 + uint16At(record, at);
        // Put together afresh: a part of a record would point into flash that the next write may erase.
        if (end <= record.length) packets.push(record.charAt(at + 2) + record.substring(at + 3, end));
        at = end;
      }
    }
    return packets;
  }

  /** Writes the list, but for packets of over 65,535 bytes. Throws what the store throws; the older record stands then. */
  save(packets: Bytes[]): void {
    const sequence = (this._sequence + 1) & 0xffff;
    let record = uint16(sequence);
    for (let i = 0; i < packets.length; i++) {
      const packet = packets[i];
      if (packet.length < 65536) record += uint16(packet.length) + packet;
    }
    this._store.write(this._name + (sequence & 1), record);
    this._sequence = sequence;
    this.writes++;
  }

  private _read(slot: number): Bytes | undefined {
    const record = this._store.read(this._name + slot);
    return record && record.length > 1 ? record : undefined;
  }
}
