/** Makes the page: one HTML file with its script and style inside, which opens from the disk as well. */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import nodeResolve from "@rollup/plugin-node-resolve";
import terser from "@rollup/plugin-terser";
import typescript from "@rollup/plugin-typescript";
import type { InputOptions } from "rollup";
import { rollup } from "rollup";

const PAGE = join(__dirname, "page");

/** rollup's configuration for a browser. Types are `npm run check`'s business. */
export function browserBundle(): InputOptions {
  return {
    input: join(PAGE, "main.tsx"),
    plugins: [
      nodeResolve({ browser: true }),
      typescript({
        tsconfig: join(PAGE, "tsconfig.json"),
        compilerOptions: { noEmit: false, noCheck: true },
        filterRoot: false,
        include: ["**/*.ts", "**/*.tsx"],
      }),
      terser({ ecma: 2020, module: true }),
    ],
    onLog(level, log, tell) {
      if (level === "warn") throw new Error(log.message);
      tell(level, log);
    },
  };
}

const hashOf = (text: string) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;

/** What the page may do: run its own script, wear its own style, talk to WebSockets and to its own server. Nothing else. */
function policy(script: string, style: string): string {
  return [
    "default-src 'none'",
    `script-src ${hashOf(script)}`,
    `style-src ${hashOf(style)}`,
    "connect-src 'self' ws: wss:",
    // The timers' worker, which the page makes of its own text.
    "worker-src blob:",
    "img-src data:",
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
}

const escaped = (text: string) => text.replace(/&/g, "&amp;").replace(/"/g, "&quot;").replace(/</g, "&lt;");

export interface Page {
  html: string;
  /** The Content-Security-Policy, which stands in the page too. */
  policy: string;
}

/** Takes the script and the style into the page. `feed`: what the page's server has to tell of a board, in words. */
function assemble(script: string, style: string, feed: string): Page {
  const rules = policy(script, style);
  const html = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${rules}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="board-feed" content="${escaped(feed)}">
<link rel="icon" href="data:,">
<title>MQTT console</title>
<style>${style}</style>
</head>
<body>
<script type="module">${script}</script>
</body>
</html>
`;
  return { html, policy: rules };
}

/** Builds the page. Rejects with what is wrong with its sources. */
export async function buildPage(feed = ""): Promise<Page> {
  const bundle = await rollup(browserBundle());
  const { output } = await bundle.generate({ format: "es" });
  await bundle.close();
  // The end of a script may not stand in it.
  const script = output[0].code.replace(/<\/script/g, "<\\/script");
  const style = readFileSync(join(PAGE, "style.css"), "utf8");
  return assemble(script, style, feed);
}
