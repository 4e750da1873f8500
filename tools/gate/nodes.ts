/** Small questions about nodes of an ES5 program. */
import type { AnyNode } from "acorn";

/** The property's name in `object.name` and `object["name"]`; none where it is computed. */
export function propertyName(node: AnyNode): string | undefined {
  if (node.type !== "MemberExpression") return undefined;
  if (!node.computed && node.property.type === "Identifier") return node.property.name;
  if (node.property.type === "Literal" && typeof node.property.value === "string") return node.property.value;
  return undefined;
}

/** True when the expression is a string, whatever happens. */
export function isText(node: AnyNode): boolean {
  switch (node.type) {
    case "Literal":
      return typeof node.value === "string";
    case "BinaryExpression":
      return node.operator === "+" && (isText(node.left) || isText(node.right));
    case "ConditionalExpression":
      return isText(node.consequent) && isText(node.alternate);
    case "CallExpression": {
      const { callee } = node;
      if (callee.type === "Identifier") return callee.name === "String";
      if (callee.type !== "MemberExpression" || callee.object.type !== "Identifier") return false;
      return /^(String\.fromCharCode|JSON\.stringify)$/.test(`${callee.object.name}.${propertyName(callee)}`);
    }
    default:
      return false;
  }
}

/** True for `void 0` and `undefined`. */
export function isUndefined(node: AnyNode): boolean {
  return (
    (node.type === "UnaryExpression" && node.operator === "void") ||
    (node.type === "Identifier" && node.name === "undefined")
  );
}

export function isFunction(node: AnyNode): boolean {
  return node.type === "FunctionDeclaration" || node.type === "FunctionExpression";
}
