/**
 * A function that exists costs variables on the board, its text in flash none. Functions that run rarely are put on a
 * shelf: a function that is never called, whose code the interpreter gives as a text (`\xffcod`). One that is wanted is
 * read from there by its place, exists while it runs, and is gone.
 */
import { parse } from "acorn";
import type { AnyNode, FunctionDeclaration, FunctionExpression, Literal, Program } from "acorn";
import { full } from "acorn-walk";
import MagicString, { Bundle } from "magic-string";
import type { Plugin } from "rollup";
import { LATER, RARE, SHELF, TAKE } from "./names";

/** Bytes of a text that a string points to in flash, where variables have 14 bytes. */
const LONGEST = 65535;

/** What stands before each function on the shelf, and behind the last one; it stands nowhere else there. */
const MARK = "~";

/** Where the functions are in the shelf's text, and its length. */
interface Shelf {
  places: number[];
  length: number;
}

/** Puts the functions of the outermost scope there that are called `$0`, `$1` and so on (see rare.ts). */
export function shelfPlugin(): Plugin {
  return {
    name: "shelf",
    renderChunk(code, { fileName }) {
      const program = read(code);
      const functions = program.body.filter(
        (node): node is FunctionDeclaration => node.type === "FunctionDeclaration" && RARE.test(node.id.name),
      );
      if (functions.length === 0) return null;
      const wrong = functions.find(({ start, end }) => code.slice(start, end).includes(MARK));
      if (wrong) this.error(`${MARK} stands in a function, and is what stands between two of them on the shelf`);
      sort(program, functions);
      const numbered = { places: functions.map((_, number) => number), length: 0 };
      const shelf = settled(numbered, stock(code, program, functions, numbered, fileName).toString());
      const made = stock(code, program, functions, shelf, fileName);
      const text = made.toString();
      if (text.length > LONGEST) {
        this.error(
          `${text.length} bytes: a board with small variables reads no more than ${LONGEST} of a file in its flash`,
        );
      }
      return { code: text, map: made.generateMap({ hires: true }) as never };
    },
  };
}

/**
 * `text` with its numbers corrected, where that is `before` with something put in: the same functions are on the shelf, in
 * the same order. A text without a shelf stays as it is.
 */
export function restocked(before: string, text: string): string {
  const old = shelfOf(before);
  return old ? renumbered(text, old, settled(old, text)) : text;
}

const read = (code: string): Program => parse(code, { ecmaVersion: 5 });

/** `text` with the numbers of one shelf instead of those of another. */
function renumbered(text: string, from: Shelf, to: Shelf): string {
  const places = new Map(from.places.map((place, i) => [place, to.places[i]]));
  let made = "";
  let at = 0;
  for (const { node, isLength } of numbersOf(text)) {
    made += text.slice(at, node.start) + (isLength ? to.length : places.get(node.value as number));
    at = node.end;
  }
  return made + text.slice(at);
}

/** Where the functions of `text` are once the numbers that say so, still those of `from`, no longer change their length. */
function settled(from: Shelf, text: string): Shelf {
  for (let shelf = from, tries = 0; tries < 20; tries++) {
    const made = renumbered(text, from, shelf);
    const next = shelfOf(made)!;
    if (next.length === shelf.length && next.places.every((place, i) => place === shelf.places[i])) return shelf;
    shelf = next;
  }
  throw new Error("the shelf comes to no rest");
}

/** Short numbers for what is called often, and those that take no variable of their own for what timers keep. */
function sort(program: Program, functions: FunctionDeclaration[]): void {
  const weights = new Map(functions.map(({ id }) => [id.name, 0]));
  const add = (named: AnyNode | undefined, weight: number) => {
    if (named?.type !== "Identifier") return;
    const before = weights.get(named.name);
    if (before !== undefined) weights.set(named.name, before + weight);
  };
  full(program, (node) => {
    const call = node as AnyNode;
    if (call.type !== "CallExpression") return;
    add(call.callee, 1);
    add(call.arguments[0], functions.length * 100);
  });
  functions.sort((a, b) => weights.get(b.id.name)! - weights.get(a.id.name)!);
}

/** The bundle with its functions on a shelf, which is made before anything runs. */
function stock(
  code: string,
  program: Program,
  functions: FunctionDeclaration[],
  shelf: Shelf,
  filename: string,
): Bundle {
  const source = new MagicString(code, { filename });
  const places = new Map(functions.map(({ id }, i) => [id.name, shelf.places[i]]));
  full(program, (node) => {
    const call = node as AnyNode;
    if (call.type !== "CallExpression") return;
    const [callee, given] = [call.callee, call.arguments[0]];
    if (callee.type === "Identifier" && places.has(callee.name)) {
      source.overwrite(callee.start, callee.end, `${TAKE}(${places.get(callee.name)})`);
    } else if (given?.type === "Identifier" && places.has(given.name)) {
      if (call.arguments.length < 2 || call.arguments.length > 3) {
        throw new Error(`${code.slice(call.start, call.end)}: a timer hands one argument to what is on the shelf`);
      }
      source.overwrite(given.start, given.end, LATER);
      source.appendLeft(call.arguments[1].end, `,${places.get(given.name)}`);
    }
  });
  const bundle = new Bundle({ separator: "" });
  const add = (text: string) => bundle.addSource(new MagicString(text));
  add(`var ${SHELF}=function(){`);
  for (const { start, end, id } of functions) {
    source.remove(start, id.end);
    add(`${MARK}(function`);
    bundle.addSource(source.snip(id.end, end));
    source.remove(id.end, end);
    add("),");
  }
  add(
    `${MARK}0}["\\xffcod"];if(${SHELF}.length!=${shelf.length}){throw new Error("${filename} was changed after it was built")}` +
      `function ${TAKE}($0){return eval(${SHELF}.substring($0,${SHELF}.indexOf("${MARK}",$0)-1))}` +
      `function ${LATER}(e,t){${TAKE}(e)(t)}`,
  );
  bundle.addSource(source);
  return bundle;
}

/** The shelf of a built text; undefined where it has none. */
function shelfOf(code: string): Shelf | undefined {
  let shelf: Shelf | undefined;
  full(read(code), (node) => {
    const found = node as AnyNode;
    if (found.type !== "VariableDeclarator" || found.id.type !== "Identifier" || found.id.name !== SHELF) return;
    if (found.init?.type !== "MemberExpression") return;
    const { body } = found.init.object as FunctionExpression;
    const begin = body.start + 1;
    const places: number[] = [];
    for (const statement of body.body) {
      if (statement.type !== "ExpressionStatement" || statement.expression.type !== "SequenceExpression") continue;
      for (const each of statement.expression.expressions) {
        if (each.type !== "UnaryExpression" || each.argument.type !== "FunctionExpression") continue;
        places.push(each.argument.start - "(".length - begin);
      }
    }
    shelf = { places, length: body.end - 1 - begin };
  });
  return shelf;
}

/** The numbers that say where things are on the shelf, in the order of the text. */
function numbersOf(code: string): { node: Literal; isLength: boolean }[] {
  const found: { node: Literal; isLength: boolean }[] = [];
  const isNamed = (node: AnyNode | undefined, name: string) => node?.type === "Identifier" && node.name === name;
  full(read(code), (each) => {
    const node = each as AnyNode;
    if (node.type === "CallExpression") {
      if (isNamed(node.callee, TAKE)) add(node.arguments[0], false);
      else if (isNamed(node.arguments[0], LATER)) add(node.arguments[2], false);
    } else if (node.type === "BinaryExpression" && node.left.type === "MemberExpression") {
      if (isNamed(node.left.object, SHELF)) add(node.right, true);
    }
  });
  function add(node: AnyNode, isLength: boolean): void {
    if (node.type === "Literal" && typeof node.value === "number") found.push({ node, isLength });
  }
  return found.sort((a, b) => a.node.start - b.node.start);
}
