/** Files in the board's Storage that are the device's own. */

/** Tells the board who it is. */
export const CONFIG = "device.json";
/** Boots in a row that did not last a minute; goes when one has. A new flash erases it. */
export const BOOTS = "boot.count";
/** Faults that nobody has been told yet, a line each. */
export const FAULTS = "boot.faults";
/** What registration got: whose secret, a space, the secret. A new flash leaves it where it is. */
export const SECRET = "device.secret";
