/** Why a station was let go, as the driver numbers it. */
export const REASON = { ASSOC_LEAVE: 8, BEACON_TIMEOUT: 200, NO_AP_FOUND: 201, AUTH_FAIL: 202 } as const;

/** As wifiReasonToString has it (jswrap_esp32_network.c:189); a board that nothing has let go yet has the reason 0. */
export function reasonText(reason: number): string {
  return Object.entries(REASON).find(([, number]) => number === reason)?.[0] ?? "Unknown reason";
}
