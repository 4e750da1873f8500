/** Names and modules behind a minified bundle, by its source map. */
import type { EncodedSourceMap } from "@jridgewell/trace-mapping";
import { TraceMap, eachMapping } from "@jridgewell/trace-mapping";
import { parse } from "acorn";
import type { AnyNode } from "acorn";
import { full } from "acorn-walk";

/** A stretch of the bundle that comes from one module, up to the next. */
interface Stretch {
  at: number;
  module: string;
  name?: string;
}

export interface Origin {
  /** The name before minifying, as far as the map knows it. */
  name: string;
  /** The module's path below the project's root; "" for what the bundler wrote. */
  module: string;
}

export class SourceNames {
  private readonly stretches: Stretch[] = [];
  private readonly properties = new Map<string, string>();
  private readonly declared = new Map<string, Origin>();
  private readonly functions: { body: string; origin: Origin }[] = [];

  /** `root`: what to take from the front of the map's sources. */
  constructor(
    private readonly code: string,
    map: EncodedSourceMap,
    root = "../",
  ) {
    const lines = lineStarts(code);
    eachMapping(new TraceMap(map), ({ generatedLine, generatedColumn, source, name }) => {
      this.stretches.push({
        at: lines[generatedLine - 1] + generatedColumn,
        module: source?.startsWith(root) ? source.slice(root.length) : (source ?? ""),
        name: name ?? undefined,
      });
    });
    this.read();
  }

  /** The minified text by module; what belongs to none is under "". Together they are the whole. */
  get texts(): Map<string, string> {
    const texts = new Map<string, string>();
    const add = (module: string, text: string) => {
      if (text) texts.set(module, (texts.get(module) ?? "") + text);
    };
    add("", this.code.slice(0, this.stretches[0]?.at ?? this.code.length));
    this.stretches.forEach(({ at, module }, i) => add(module, this.code.slice(at, this.stretches[i + 1]?.at)));
    return texts;
  }

  /** A property's name before minifying. */
  property(minified: string): string {
    return this.properties.get(minified) ?? minified;
  }

  /** What is declared under this name in the bundle's outermost scope. */
  declaration(minified: string): Origin | undefined {
    return this.declared.get(minified);
  }

  /** The functions whose code begins like this (see `Snapshot.code`). */
  beginningWith(code: string): Origin[] {
    return code ? this.functions.filter(({ body }) => body.startsWith(code)).map(({ origin }) => origin) : [];
  }

  private read(): void {
    const votes = new Map<string, Map<string, number>>();
    let outermost: AnyNode[] = [];
    let most = 0;
    full(parse(this.code, { ecmaVersion: 5 }), (node) => {
      const found = node as AnyNode;
      if (found.type === "MemberExpression" && !found.computed) this.vote(votes, found.property);
      if (found.type === "Property") this.vote(votes, found.key);
      if (found.type === "Program" || found.type === "BlockStatement") {
        const count = found.body.filter((statement) => statement.type === "FunctionDeclaration").length;
        if (count > most) [most, outermost] = [count, found.body];
      }
      if (found.type === "FunctionExpression" || found.type === "FunctionDeclaration") {
        const body = this.code.slice(found.body.start + 1, found.body.end - 1).replace(/^return ?/, "");
        this.functions.push({ body, origin: this.origin(found.id?.start ?? found.start) });
      }
    });
    for (const [minified, names] of votes) {
      this.properties.set(minified, [...names].sort(([, a], [, b]) => b - a)[0][0]);
    }
    for (const statement of outermost) {
      const declarations = statement.type === "VariableDeclaration" ? statement.declarations : [statement];
      for (const declaration of declarations) {
        const id = "id" in declaration ? declaration.id : undefined;
        if (id?.type === "Identifier") this.declared.set(id.name, this.origin(id.start));
      }
    }
  }

  private vote(votes: Map<string, Map<string, number>>, node: AnyNode): void {
    const { name } = this.origin(node.start);
    if (node.type !== "Identifier" || !name) return;
    const names = votes.get(node.name) ?? new Map<string, number>();
    votes.set(node.name, names.set(name, (names.get(name) ?? 0) + 1));
  }

  private origin(at: number): Origin {
    let low = 0;
    let high = this.stretches.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.stretches[middle].at <= at) low = middle + 1;
      else high = middle;
    }
    const stretch = this.stretches[low - 1];
    return { name: (stretch?.at === at && stretch.name) || "", module: stretch?.module ?? "" };
  }
}

function lineStarts(code: string): number[] {
  const starts = [0];
  for (let at = code.indexOf("\n"); at >= 0; at = code.indexOf("\n", at + 1)) starts.push(at + 1);
  return starts;
}
