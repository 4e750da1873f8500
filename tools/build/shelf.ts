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

/** What a function for the shelf is called until it is there; terser's `keep_fnames`. */
export const SHELVED = /^\$\d+$/;

const SHELF = "$_";
const TAKE = "$";
const LATER = "$$";

/** Names that nothing else may have; terser's `mangle.reserved`. */
export const SHELF_NAMES = [SHELF, TAKE, LATER];

/** What follows a function on the shelf; its mark stands nowhere else. */
const MARK = "`";
const END = `,"${MARK}",`;

/** Where the functions are in the shelf's text, and its length. */
interface Shelf {
  places: number[];
  length: number;
}

/** Puts the functions of the outermost scope there that are called `$0`, `$1` and so on. */
export function shelfPlugin(): Plugin {
  return {
    name: "shelf",
    renderChunk(code, { fileName }) {
      const program = read(code);
      const functions = program.body.filter(
        (node): node is FunctionDeclaration => node.type === "FunctionDeclaration" && SHELVED.test(node.id.name),
      );
      if (functions.length === 0) return null;
      const first = { places: functions.map(() => 0), length: 0 };
      const shelf = settled(first, (guess) => stock(code, program, functions, guess, fileName).toString());
      const made = stock(code, program, functions, shelf, fileName);
      return { code: made.toString(), map: made.generateMap({ hires: true }) as never };
    },
  };
}

/**
 * `text` with its numbers corrected, where that is `before` with something put in: the same functions are on the shelf, in
 * the same order. A text without a shelf stays as it is.
 */
export function restocked(before: string, text: string): string {
  const old = shelfOf(before);
  if (!old) return text;
  const numbers = numbersOf(text);
  const write = (shelf: Shelf) => {
    let made = "";
    let at = 0;
    for (const { node, isLength } of numbers) {
      const number = isLength ? shelf.length : shelf.places[old.places.indexOf(node.value as number)];
      made += text.slice(at, node.start) + number;
      at = node.end;
    }
    return made + text.slice(at);
  };
  return write(settled(old, write));
}

const read = (code: string): Program => parse(code, { ecmaVersion: 5 });

/** What is where, once the numbers that say so no longer change their own length. */
function settled(first: Shelf, write: (shelf: Shelf) => string): Shelf {
  for (let shelf = first, tries = 0; tries < 20; tries++) {
    const next = shelfOf(write(shelf));
    if (!next || next.places.length !== first.places.length) break;
    if (next.length === shelf.length && next.places.every((place, i) => place === shelf.places[i])) return shelf;
    shelf = next;
  }
  throw new Error(`the shelf comes to no rest, or ${MARK} stands in the code`);
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
      source.overwrite(given.start, given.end, LATER);
      source.appendLeft(call.arguments[1].end, `,${places.get(given.name)}`);
    }
  });
  const bundle = new Bundle({ separator: "" });
  const add = (text: string) => bundle.addSource(new MagicString(text));
  add(`var ${SHELF}=function(){`);
  for (const { start, end, id } of functions) {
    source.remove(start, id.end);
    add("(function");
    bundle.addSource(source.snip(id.end, end));
    source.remove(id.end, end);
    add(`)${END}`);
  }
  add(
    `0}["\\xffcod"];if(${SHELF}.length!=${shelf.length}){throw new Error("${filename} was changed after it was built")}` +
      `function ${TAKE}($0){return eval(${SHELF}.substring($0,${SHELF}.indexOf("${MARK}",$0)-2))}` +
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
      for (const { type, start } of statement.expression.expressions) {
        if (type === "FunctionExpression") places.push(start - "(".length - begin);
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
