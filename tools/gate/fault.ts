import type { Node } from "acorn";

/** Something the board cannot run. */
export interface GateFault {
  /** The rule's name, in kebab case. */
  rule: string;
  /** What is wrong and what to write instead. */
  message: string;
  /** Counts from 1. */
  line: number;
  /** Counts from 1. */
  column: number;
}

/** A fault at the start of `node`, which must have been parsed with locations. */
export function faultAt(node: Node, rule: string, message: string): GateFault {
  const start = node.loc?.start ?? { line: 1, column: 0 };
  return { rule, message, line: start.line, column: start.column + 1 };
}
