/** Serves the page on loopback, and beside it what a board says, as server-sent events. */
import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Page } from "./build";

export interface PageServer {
  url: string;
  /** Tells every page that is open, and those that will be, a line of a board. */
  tell(line: string): void;
  close(): Promise<void>;
}

/** Lines that a page which opens later still gets. */
const KEPT = 2000;
/** Characters of them at most. */
const KEPT_LENGTH = 1_000_000;
/** Bytes that a page may be behind: more than what is kept, which it gets at once. */
const MOST_BEHIND = 4_000_000;

/** Rejects with the server's own error (EADDRINUSE …) when it cannot listen. `port` 0 takes any free one. */
export async function servePage(page: Page, port: number): Promise<PageServer> {
  const listeners = new Set<ServerResponse>();
  const lines: { id: number; line: string }[] = [];
  let length = 0;
  let lastId = 0;
  const write = (response: ServerResponse, { id, line }: { id: number; line: string }) => {
    // One that does not read is sent away: it asks again by itself, for what it has not had.
    if (response.writableLength > MOST_BEHIND) response.destroy();
    else response.write(`id: ${id}\ndata: ${line}\n\n`);
  };

  function sendPage(response: ServerResponse): void {
    response.writeHead(200, {
      "Content-Type": "text/html; charset=utf-8",
      // A meta element cannot say who may frame the page.
      "Content-Security-Policy": `${page.policy}; frame-ancestors 'none'`,
      "X-Content-Type-Options": "nosniff",
      "Referrer-Policy": "no-referrer",
      "Cache-Control": "no-store",
    });
    response.end(page.html);
  }

  function sendFeed(request: IncomingMessage, response: ServerResponse): void {
    response.writeHead(200, { "Content-Type": "text/event-stream", "Cache-Control": "no-store" });
    response.write(":\n\n");
    const seen = Number(request.headers["last-event-id"] ?? 0);
    for (const entry of lines) if (entry.id > seen) write(response, entry);
    listeners.add(response);
    response.on("close", () => listeners.delete(response));
  }

  const server = createServer((request, response) => {
    const path = (request.url ?? "").split("?")[0];
    // A name that somebody lets lead to this computer must not open the feed to their page.
    const host = (request.headers.host ?? "").replace(/:\d+$/, "");
    if (host !== "127.0.0.1" && host !== "localhost") response.writeHead(403).end("ask for 127.0.0.1\n");
    else if (request.method !== "GET" && request.method !== "HEAD") response.writeHead(405).end();
    else if (path === "/" || path === "/index.html") sendPage(response);
    else if (path === "/board") sendFeed(request, response);
    else response.writeHead(404).end("not found\n");
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", resolve);
  });

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    tell(line) {
      const entry = { id: ++lastId, line };
      lines.push(entry);
      length += line.length;
      while (lines.length > KEPT || length > KEPT_LENGTH) length -= lines.shift()!.line.length;
      for (const response of listeners) write(response, entry);
    },
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
    },
  };
}
