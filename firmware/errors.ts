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

/** What was thrown, where it has a code of its own; otherwise an error with `code` that quotes it. */
export function coded(thrown: unknown, code: string): CodedError {
  const error = thrown as CodedError;
  return error && error.code ? error : fail(code, (error && error.message) || "" + thrown);
}
