/** Bytes that were something else a moment ago: an event's details are made in another task than the one that frees them. */
const LITTER = ["\x00\x1c\xfb?", "\xfb?\x00", "undefined", "\x04", "0.0.0.0", "#onconnected", "\x00\x00"];

/** The details of an event as another task left them; `turn` picks, so that a run is the same each time. */
export function garbled(details: Record<string, string>, turn: number): Record<string, string> {
  return Object.fromEntries(Object.keys(details).map((name, at) => [name, LITTER[(turn + at) % LITTER.length]]));
}
