/** What the driver tells the interpreter: events for the program, and callbacks of single calls. */
export type WifiEvent = "associated" | "connected" | "disconnected";

/** The interpreter that runs just now. */
export interface WifiListener {
  event(name: WifiEvent, details: Record<string, string>): void;
  /** Packets flow, or no longer. */
  flow(): void;
  /** Printed as the interpreter's jsError does. */
  error(text: string): void;
}

/** Called with the callback's argument, or with none. */
export type Completion = (error?: string | null) => void;
