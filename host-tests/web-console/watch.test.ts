import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { watchFeed, watchLog } from "../../tools/web-console/watch";

/** A feed that sends these chunks, one connection after the other, and then ends it. */
async function feed(...connections: string[][]) {
  const server = createServer((_request, response) => {
    response.writeHead(200, { "Content-Type": "text/event-stream" });
    for (const chunk of connections.shift() ?? []) response.write(chunk);
    response.end();
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/events` };
}

/** Resolves to the first `count` lines. */
async function take(watch: ReturnType<typeof watchFeed>, count: number): Promise<string[]> {
  const over = new AbortController();
  const lines: string[] = [];
  await watch.run((line) => {
    lines.push(line);
    if (lines.length === count) over.abort();
  }, over.signal);
  return lines;
}

/** Resolves to the lines up to one. */
async function takeUntil(watch: ReturnType<typeof watchFeed>, last: string): Promise<string[]> {
  const over = new AbortController();
  const lines: string[] = [];
  await watch.run((line) => {
    lines.push(line);
    if (line === last) over.abort();
  }, over.signal);
  return lines;
}

test("server-sent events, cut anywhere: their data only", async () => {
  const { server, url } = await feed([
    'event: boards\ndata: [{"board":"a"}]\n\n:\n\nid: 7\nevent: entry\nda',
    'ta: {"board":"a","event":"ping"}\n\n',
  ]);
  expect(await take(watchFeed(url), 2)).toEqual(['[{"board":"a"}]', '{"board":"a","event":"ping"}']);
  server.close();
});

test("JSON lines, and a feed that breaks off is asked for again", async () => {
  const { server, url } = await feed(['{"event":"boot"}\n'], ['{"event":"online"}\r\n']);
  expect(await take(watchFeed(url), 2)).toEqual(['{"event":"boot"}', '{"event":"online"}']);
  server.close();
});

test("a feed whose connection is destroyed while it is read is asked for again, the first time as well", async () => {
  let asked = 0;
  const server = createServer((_request, response) => {
    response.writeHead(200, { "Content-Type": "text/event-stream" });
    response.write(`data: ${++asked}\n\n`, () => asked === 1 && response.destroy());
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  expect(await take(watchFeed(`http://127.0.0.1:${port}/events`), 2)).toEqual(["1", "2"]);
  server.closeAllConnections();
  server.close();
});

test("a feed that is not there at first is a failure", async () => {
  const { server, url } = await feed();
  server.close();
  await once(server, "close");
  await expect(take(watchFeed(url), 1)).rejects.toThrow(/cannot read http:.*ECONNREFUSED/);
});

test("a log: what it holds, what is added at once, and what stands in it when it has begun anew", async () => {
  const directory = mkdtempSync(join(tmpdir(), "watch-"));
  const log = join(directory, "board.jsonl");
  writeFileSync(log, "first\n");
  const over = new AbortController();
  const lines: string[] = [];
  await watchLog(log).run((line) => {
    lines.push(line);
    if (line === "first") appendFileSync(log, "second, which is longer\n");
    else if (line.startsWith("second")) writeFileSync(log, "third\n");
    else over.abort();
  }, over.signal);
  expect(lines).toEqual(["first", "second, which is longer", "third"]);
  rmSync(directory, { recursive: true });
});

test("a log that is not there is wrong usage", async () => {
  await expect(take(watchLog("/nowhere/board.jsonl"), 1)).rejects.toThrow(/no such file/);
});

test("a feed and a log without a line's end fill no memory: what has none is dropped, and the next line is heard", async () => {
  const endless = "x".repeat(100_000);
  const { server, url } = await feed([endless, endless, '\n{"event":"ping"}\n']);
  const lines = await takeUntil(watchFeed(url), '{"event":"ping"}');
  expect(lines.join("").length).toBeLessThan(150_000);
  server.close();

  const directory = mkdtempSync(join(tmpdir(), "watch-"));
  const log = join(directory, "board.jsonl");
  writeFileSync(log, endless.repeat(5) + '\n{"event":"温度"}\r\n');
  const read = await takeUntil(watchLog(log), '{"event":"温度"}');
  expect(read.join("").length).toBeLessThan(150_000);
  rmSync(directory, { recursive: true });
});

test("a folder is no log", async () => {
  await expect(take(watchLog(tmpdir()), 1)).rejects.toThrow(/is a folder/);
});

test("https where there is no TLS is told so", async () => {
  const { server, url } = await feed();
  await expect(take(watchFeed(url.replace("http:", "https:")), 1)).rejects.toThrow(/no TLS there; is it http:/);
  server.close();
});
