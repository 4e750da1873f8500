/** MQTT 3.1 tells in one section what 3.1.1 tells in several; what stands before its packets is counted in another way. */
const OLD: [since: string, old: string][] = [
  ["1.5", "2.5"],
  ["2.2", "2.1"],
  ["2.3", "2.4"],
];

/** The name of a section: `id` as MQTT 3.1.1 counts, `level` 3 for the standard of MQTT 3.1. */
export function sectionOf(id: string, level: number): string {
  if (level !== 3) return `MQTT 3.1.1, ${id}`;
  const [, old] = OLD.find(([since]) => id.startsWith(since)) ?? [];
  return `MQTT 3.1, ${old ?? id.split(".").slice(0, 2).join(".")}`;
}
