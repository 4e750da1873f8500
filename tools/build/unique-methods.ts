/**
 * Gives each method of a class a name that no other has, `Class$method`, at its declaration and wherever it is called, also
 * through an interface that only this class implements. What runs after TypeScript can then tell by a name alone which
 * function a call reaches.
 */
import ts from "typescript";

/** Between the class's name and the method's. */
export const MARK = "$";

/** A method's declaration, and that of the interface's member it stands for, to its new name. */
type Names = Map<ts.Node, string>;

type Method = ts.MethodDeclaration | ts.GetAccessorDeclaration;

const isOurs = (file: ts.SourceFile) => !file.isDeclarationFile;

function collect(program: ts.Program): Names {
  const checker = program.getTypeChecker();
  const names: Names = new Map();
  /** An interface's member, and the methods of classes that stand for it; undefined where an object literal does. */
  const behind = new Map<ts.Node, Set<Method> | undefined>();
  const files = program.getSourceFiles().filter(isOurs);
  for (const file of files) {
    for (const statement of file.statements) {
      if (!ts.isClassDeclaration(statement) || !statement.name) continue;
      const members = statement.members.filter(
        (member): member is Method => ts.isMethodDeclaration(member) || ts.isGetAccessorDeclaration(member),
      );
      for (const member of members) names.set(member, statement.name.text + MARK + member.name.getText());
      for (const clause of statement.heritageClauses ?? []) {
        if (clause.token !== ts.SyntaxKind.ImplementsKeyword) throw new Error(`${statement.name.text} extends a class`);
        for (const type of clause.types) {
          for (const property of checker.getTypeAtLocation(type).getProperties()) {
            const own = members.find((member) => member.name.getText() === property.name);
            const declared = property.declarations?.[0];
            if (own && declared) behind.set(declared, (behind.get(declared) ?? new Set()).add(own));
          }
        }
      }
    }
  }
  const visit = (node: ts.Node): void => {
    if (ts.isObjectLiteralExpression(node)) {
      for (const property of checker.getContextualType(node)?.getProperties() ?? []) {
        const declared = property.declarations?.[0];
        const given = node.properties.some((each) => each.name?.getText() === property.name);
        if (given && declared && behind.has(declared)) {
          for (const method of behind.get(declared) ?? []) names.delete(method);
          behind.set(declared, undefined);
        }
      }
    }
    ts.forEachChild(node, visit);
  };
  files.forEach(visit);
  for (const [declared, methods] of behind) {
    // Where nobody can tell which method a call through the interface reaches, all of them keep their name.
    if (methods?.size === 1 && names.has([...methods][0])) names.set(declared, names.get([...methods][0])!);
    else for (const method of methods ?? []) names.delete(method);
  }
  return names;
}

/** For `transformers.before` of @rollup/plugin-typescript. */
export const uniqueMethods = {
  type: "program" as const,
  factory: (program: ts.Program): ts.TransformerFactory<ts.SourceFile> => {
    const checker = program.getTypeChecker();
    let names: Names | undefined;
    return (context) => (file) => {
      names ??= collect(program);
      const known = names;
      const rename = (node: ts.Node): string | undefined => {
        for (const declared of checker.getSymbolAtLocation(node)?.declarations ?? []) {
          const name = known.get(declared);
          if (name) return name;
        }
        return undefined;
      };
      const visit = (node: ts.Node): ts.Node => {
        if (ts.isPropertyAccessExpression(node)) {
          const name = rename(node.name);
          const target = ts.visitNode(node.expression, visit) as ts.Expression;
          const property = name ? ts.factory.createIdentifier(name) : node.name;
          return ts.factory.updatePropertyAccessExpression(node, target, property);
        }
        const visited = ts.visitEachChild(node, visit, context);
        const name = known.get(node);
        if (!name) return visited;
        if (ts.isMethodDeclaration(visited)) {
          return ts.factory.updateMethodDeclaration(
            ...([visited, visited.modifiers, visited.asteriskToken, ts.factory.createIdentifier(name)] as const),
            ...([
              visited.questionToken,
              visited.typeParameters,
              visited.parameters,
              visited.type,
              visited.body,
            ] as const),
          );
        }
        if (ts.isGetAccessorDeclaration(visited)) {
          return ts.factory.updateGetAccessorDeclaration(
            ...([visited, visited.modifiers, ts.factory.createIdentifier(name)] as const),
            ...([visited.parameters, visited.type, visited.body] as const),
          );
        }
        return visited;
      };
      return ts.visitNode(file, visit) as ts.SourceFile;
    };
  },
};
