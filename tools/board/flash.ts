import { spawn } from "node:child_process";
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { assertBytes } from "./board";

/** Bytes written or read back by one statement. */
const CHUNK = 3072;
const LIMIT = 20_000;
const SCRIPT = "storage-access.js";

/** Writes a file into the interpreter's flash by a program that does it, and checks what it reads back. */
export async function writeFlashFile(binary: string, directory: string, name: string, content: string): Promise<void> {
  assertBytes(content);
  const lines = [`var s=require("Storage"),n=${nameCode(name)};s.erase(n);`];
  for (let at = 0; at < content.length; at += CHUNK) {
    const bytes = base64(content.slice(at, at + CHUNK));
    lines.push(`s.write(n,atob("${bytes}"),${at},${content.length});`);
  }
  const written = reported(await run(binary, directory, lines.join("\n") + READ_BACK));
  if (written !== content) throw new Error(`the interpreter did not store ${JSON.stringify(name)} as it was given`);
}

export async function readFlashFile(binary: string, directory: string, name: string): Promise<string | undefined> {
  return reported(await run(binary, directory, `var s=require("Storage"),n=${nameCode(name)};${READ_BACK}`));
}

export async function eraseFlashFile(binary: string, directory: string, name: string): Promise<void> {
  await run(binary, directory, `require("Storage").erase(${nameCode(name)});`);
}

const READ_BACK = `
var c=s.read(n);
if(c===undefined)print("~none~");
else for(var i=0;i<c.length;i+=${CHUNK})print("~"+btoa(c.substr(i,${CHUNK}))+"~");
`;

function reported(output: string): string | undefined {
  const chunks = [...output.matchAll(/~([A-Za-z0-9+/=]*|none)~/g)].map((match) => match[1]!);
  if (chunks[0] === "none") return undefined;
  if (chunks.length === 0) throw new Error(`the interpreter's Storage gave no answer: ${output.slice(-300)}`);
  return chunks.map((chunk) => Buffer.from(chunk, "base64").toString("latin1")).join("");
}

/** Base64 needs no escaping in a program, whatever the bytes. */
function nameCode(name: string): string {
  return `atob("${base64(name)}")`;
}

function base64(bytes: string): string {
  return Buffer.from(bytes, "latin1").toString("base64");
}

/** Runs a program to its end; resolves to all it printed. */
function run(binary: string, directory: string, program: string): Promise<string> {
  const script = join(directory, SCRIPT);
  writeFileSync(script, program);
  return new Promise((resolve, reject) => {
    const child = spawn(binary, [SCRIPT], { cwd: directory, stdio: ["pipe", "pipe", "ignore"] });
    let output = "";
    const limit = setTimeout(() => child.kill("SIGKILL"), LIMIT);
    child.stdin.on("error", () => undefined);
    child.stdout.setEncoding("latin1").on("data", (text: string) => (output += text));
    child.on("error", reject);
    child.on("close", (code, signal) => {
      clearTimeout(limit);
      rmSync(script, { force: true });
      if (code === 0) resolve(output);
      else reject(new Error(`the interpreter failed (${signal ?? `exit code ${code}`}): ${output.slice(-300)}`));
    });
  });
}
