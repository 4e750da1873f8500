/** Records in the board's Storage that speak of the firmware before: new firmware starts without them. */
export const RECORDS_OF_THE_LAST_FIRMWARE: readonly string[] = ["boot.count", "boot.safe"];
