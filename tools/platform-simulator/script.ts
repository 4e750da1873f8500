/** A script: what would be typed at the prompt, a line at a time, each when the one before is done. */
import type { Platform } from "./simulator";

/** Runs it to its end. Rejects with the number of the line that failed and why; the lines after it are not run. */
export async function runScript(text: string, platform: Pick<Platform, "command">): Promise<void> {
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    try {
      await platform.command(line);
    } catch (error) {
      throw new Error(`line ${index + 1}: ${(error as Error).message}`, { cause: error });
    }
  }
}
