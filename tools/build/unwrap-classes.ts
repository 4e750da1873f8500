import type { Plugin } from "rollup";

/** TypeScript wraps each class in a function of its own, whose scope would stay for ever; the class does not need it. */
export function unwrapClasses(code: string): string {
  return code.replace(
    /^var (\w+) = \/\*\* @class \*\/ \(function \(\) \{\n([^]*?)\n {4}return \1;\n\}\(\)\);$/gm,
    (_, _name: string, body: string) => body,
  );
}

export function unwrapPlugin(): Plugin {
  return {
    name: "unwrap-classes",
    transform: (code) => ({ code: unwrapClasses(code), map: null }),
  };
}
