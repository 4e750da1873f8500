/** The flat ES5 that rollup has joined, as a tree. */
import type { NodePath, types as t } from "@babel/core";
import { parseSync, transformFromAstSync, traverse } from "@babel/core";
import type { Plugin } from "rollup";

/** Runs `change` over each chunk, given the path whose `body` holds all that the bundle declares. */
export function treePlugin(name: string, change: (scope: NodePath<t.Program | t.BlockStatement>) => void): Plugin {
  return {
    name,
    renderChunk(code) {
      const tree = parseSync(code, { sourceType: "script", configFile: false, babelrc: false });
      if (!tree) throw new Error("nothing to read");
      traverse(tree, {
        Program(program) {
          change(bodyOf(program));
          program.stop();
        },
      });
      const written = transformFromAstSync(tree, code, { sourceMaps: true, configFile: false, babelrc: false });
      return { code: written!.code!, map: written!.map as never };
    },
  };
}

/** An iife keeps everything inside its only function. */
function bodyOf(program: NodePath<t.Program>): NodePath<t.Program | t.BlockStatement> {
  const last = program.get("body").at(-1);
  let call = last?.isExpressionStatement() ? last.get("expression") : undefined;
  if (call?.isUnaryExpression()) call = call.get("argument");
  const callee = call?.isCallExpression() && program.node.body.length === 1 ? call.get("callee") : undefined;
  return callee?.isFunctionExpression() ? callee.get("body") : program;
}
