import type { CodedError } from "./seams";

/**
 * The one place that makes errors: `code` is for programs, `message` for people. A subclass would not survive
 * `instanceof` on the board.
 */
export function fail(code: string, message: string): CodedError {
  const error = new Error(message) as CodedError;
  error.code = code;
  return error;
}
