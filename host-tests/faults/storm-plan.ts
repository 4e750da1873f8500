/** What goes wrong with one connection of a storm, drawn at random from all that the fault proxy can do. */
import type { Direction, Fault, Plan } from "../../tools/fault-proxy";
import type { Seeded } from "../fixtures/seeded";

/** One connection's trouble. */
export interface Trouble {
  plan: Plan;
  /** Ends the connection; what the plan has besides makes it worse before that. */
  decisive: Fault;
}

/** Bytes that hold the handshake, CONNECT and SUBSCRIBE, or their answers. */
const OPENING = 300;
/** Bytes within which a fault strikes, most of them messages: a few, or enough that what waited is acknowledged. */
const FLOW = [2500, 12_000];
/** Bytes after which a connection is cut that has survived what should have ended it. */
const LATE = 5000;
/** Frames among which a fault picks its own: CONNECT or its answer comes first. */
const FRAMES = 12;

const STRAINS = ["drip", "coalesce", "delay", "duplicate"] as const;
const ENDS = ["cut", "blackhole", "garbage", "insert", "corrupt", "truncate", "close", "status", "accept"] as const;

/** Every kind that is drawn. */
export const KINDS: readonly Fault["kind"][] = [...STRAINS, ...ENDS];

const between = (random: Seeded) => random.below(random.chance(2) ? OPENING : random.pick(FLOW));

const cutAt = (random: Seeded, after: number): Fault => ({ kind: "cut", after, how: random.pick(["fin", "rst"]) });

/** A trouble that at least begins within the first few thousand bytes. */
export function draw(random: Seeded): Trouble {
  const kind = random.pick([...KINDS, "cut"] as const);
  const direction = random.pick(["up", "down"] as const);
  if (kind === "cut") {
    const decisive = cutAt(random, between(random));
    return { plan: { [direction]: [decisive] }, decisive };
  }
  const strain = strainOf(kind, direction, random);
  if (strain) {
    const decisive = cutAt(random, between(random));
    const both = strain.kind !== "duplicate" && random.chance(2);
    const other = direction === "up" ? "down" : "up";
    return { plan: { [direction]: [strain, decisive], ...(both && { [other]: [{ ...strain }] }) }, decisive };
  }
  const way = kind === "close" || kind === "status" || kind === "accept" ? "down" : direction;
  const decisive = endOf(kind, way, random);
  // Not every broker minds everything: a connection that survives is cut later.
  return { plan: { [way]: [decisive, cutAt(random, LATE)] }, decisive };
}

/** What a connection may well survive. */
function strainOf(kind: Fault["kind"], way: Direction, random: Seeded): Fault | undefined {
  switch (kind) {
    case "drip":
      return { kind };
    case "coalesce":
    case "delay":
      return { kind, ms: 1 + random.below(4) };
    case "duplicate":
      // Not CONNECT: Mosquitto answers a second one by forgetting the session, and what waited in it is then nobody's.
      return { kind, frame: way === "up" ? 1 + random.below(FRAMES - 1) : random.below(FRAMES) };
    default:
      return undefined;
  }
}

/**
 * What ends a connection. Nothing that only a checksum could tell from a message: TCP has one, and what a storm must not
 * lose would be lost on the way.
 */
function endOf(kind: Fault["kind"], way: Direction, random: Seeded): Fault {
  const frame = random.below(FRAMES);
  switch (kind) {
    case "garbage": {
      // Inside the handshake, or it could become part of a message: an end of headers, or no end at all.
      const bytes = random.chance(4) ? Buffer.from("\0\r\n\0\r\n\r\n") : Buffer.alloc(3000, "x");
      return { kind, after: random.below(80), bytes };
    }
    case "insert":
      // Reserved bits or a reserved opcode, and no payload: Mosquitto bears the bits, and would take what follows for it.
      return { kind, frame, bytes: Buffer.from([random.pick([0xf2, 0xa2, 0x83, 0x8b]), 0]) };
    case "corrupt": {
      // A reserved bit, data that is text; a frame that looks masked, a packet of no type (upward the key hides it).
      const header = { at: 0, mask: random.pick([0x10, 0x20, 0x40, 0x03]) };
      return {
        kind,
        frame,
        ...(way === "up" ? header : random.pick([header, { at: 1, mask: 128 }, { at: 2, mask: 0x90 }])),
      };
    }
    case "truncate":
      // CONNECT or its answer: a message would swallow what follows.
      return { kind, frame: 0, bytes: 1 + random.below(8) };
    case "close":
      return { kind, frame, code: random.pick([1000, 1001, 1005, 1006, 1008, 1011, 1012, 1014, 3000, 4999, 5000]) };
    case "status":
      return { kind, status: random.pick([200, 301, 302, 400, 401, 404, 429, 500, 503]) };
    case "accept":
      return { kind };
    default:
      return { kind: "blackhole", after: between(random) };
  }
}
