/** What `E.dumpVariables()` prints, as a graph: every variable the interpreter has in use, and what it links to. */

import { SHELF } from "../build/names";

export interface Variable {
  ref: number;
  /** How many variables it takes: long names, strings and flat strings take more than one. */
  size: number;
  /** A property or variable is a name that links to its value; small values are inside the name. */
  name?: string;
  /** The kind of a value: `Object`, `Array`, `String`, `Number`, or "" for functions and everything else. */
  kind: string;
  /** The text of a string, cut after 17 characters. */
  text?: string;
  links: number[];
}

/** Names that the interpreter gives to parts of a function. */
export const CODE = "\xffcod";
export const SCOPE = "\xffsco";

const LINE = /^(\d+),(\d+),\d+,((?:String )?"(?:[^"\\]|\\.)*"|[^,"]*),([\d,]*)$/;

export class Snapshot {
  private readonly variables = new Map<number, Variable>();

  /** Takes the lines that are of a dump and ignores all others. Throws where there are none. */
  constructor(lines: readonly string[]) {
    for (const line of lines) {
      const match = LINE.exec(line);
      if (!match) continue;
      const [, ref, size, what, links] = match;
      this.variables.set(Number(ref), {
        ref: Number(ref),
        size: Number(size),
        ...described(what),
        links: links.split(",").filter(Boolean).map(Number),
      });
    }
    if (this.variables.size === 0) throw new Error("this is no dump of variables");
  }

  /** Variables in use. */
  get total(): number {
    return this.all.reduce((sum, { size }) => sum + size, 0);
  }

  get all(): Variable[] {
    return [...this.variables.values()];
  }

  /** The global scope: always the first. */
  get root(): Variable {
    return this.all[0];
  }

  /** What a variable links to; the interpreter's own that the dump leaves out are left out here too. */
  links(variable: Variable): Variable[] {
    return variable.links.map((ref) => this.variables.get(ref)).filter((found) => found !== undefined);
  }

  /** The value of a name; undefined where the name itself holds it. */
  value(name: Variable): Variable | undefined {
    return name.name === undefined ? undefined : this.links(name)[0];
  }

  /** The name `key` among a variable's own. */
  own(variable: Variable, key: string): Variable | undefined {
    return this.links(variable).find(({ name }) => name === key);
  }

  /** True for functions written in JavaScript. */
  isFunction(variable: Variable): boolean {
    return variable.kind === "" && this.own(variable, CODE) !== undefined;
  }

  /** The beginning of a function's code, as the interpreter runs it: without braces and a leading `return`. */
  code(variable: Variable): string {
    const name = this.own(variable, CODE);
    return (name && this.value(name)?.text) ?? "";
  }

  /** The scope that the bundle's shelf is in, or, without one, that most functions were made in. */
  get bundleScope(): Variable {
    const counts = new Map<Variable, number>();
    for (const name of this.all) {
      const scope = name.name === SCOPE && this.value(name);
      if (scope && scope.kind !== "Array") counts.set(scope, (counts.get(scope) ?? 0) + 1);
    }
    const scopes = [...counts].sort(([, a], [, b]) => b - a).map(([scope]) => scope);
    return [...scopes, this.root].find((scope) => this.own(scope, SHELF)) ?? scopes[0] ?? this.root;
  }
}

function described(what: string): Pick<Variable, "name" | "kind" | "text"> {
  if (what.startsWith('"')) return { name: unquote(what), kind: "" };
  if (what.startsWith("String ")) {
    return { kind: "String", text: unquote(what.slice("String ".length)).replace(/\.\.\.$/, "") };
  }
  return { kind: what.split(" ")[0] };
}

/** The interpreter escapes bytes as JavaScript does, `\xff` and octal among them, which JSON does not know. */
function unquote(quoted: string): string {
  const simple: Record<string, string> = { n: "\n", r: "\r", t: "\t", b: "\b", f: "\f", v: "\v" };
  return quoted
    .slice(1, -1)
    .replace(/\\(?:x([0-9A-Fa-f]{2})|u([0-9A-Fa-f]{4})|([0-7]{1,3})|(.))/g, (_, x, u, octal, other: string) =>
      x || u
        ? String.fromCharCode(parseInt((x ?? u) as string, 16))
        : octal
          ? String.fromCharCode(parseInt(octal as string, 8))
          : (simple[other] ?? other),
    );
}
