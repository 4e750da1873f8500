/** Something that the board cannot run, with a neighbour that it can. */
export interface Snippet {
  rule: string;
  bad: string;
  /** Where the fault is, counted from 1; 1 by default. */
  line?: number;
  good: string;
  /** Why the interpreter on a computer cannot be shown to fail on it. */
  unseen?: string;
}
