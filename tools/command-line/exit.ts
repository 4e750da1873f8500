/** How a command ends: 0 all went well, 1 something did not, 2 wrong usage. */
import process from "node:process";
import { CommanderError } from "commander";

export const EXIT_FAILED = 1;
export const EXIT_USAGE = 2;

/** Something that did not go well; the message says what to do about it. */
export class Failure extends Error {}

/** A command line that cannot be meant so; the message says what would be right. */
export class UsageError extends Error {}

/** Runs a command to its end and exits with the code it earned. A message is printed once, on stderr. */
export function runCommand(main: () => Promise<void>): void {
  main().then(
    () => process.exit(process.exitCode ?? 0),
    (error: Error) => {
      // The parser has already said what is wrong, or has shown the help that was asked for.
      if (error instanceof CommanderError) process.exit(error.exitCode === 0 ? 0 : EXIT_USAGE);
      // Ctrl+C at a question.
      if (error.name === "ExitPromptError") process.exit(EXIT_FAILED);
      if (error instanceof UsageError) {
        process.stderr.write(`error: ${error.message}\n`);
        process.exit(EXIT_USAGE);
      }
      process.stderr.write(error instanceof Failure ? `failed: ${error.message}\n` : `${error.stack}\n`);
      process.exit(EXIT_FAILED);
    },
  );
}
