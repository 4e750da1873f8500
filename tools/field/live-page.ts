/** The live page and the live feed, on loopback only; log.ts says what the feed holds. */
import { createHash } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { LiveBoard } from "./live-board";
import type { LogEntry } from "./log";
import { PAGE, SCRIPT } from "./page";

export interface LivePage {
  url: string;
  /** Tells everybody who watches. */
  entry(board: string, entry: LogEntry): void;
  close(): Promise<void>;
}

export interface LivePageOptions {
  /** 0 takes any free one. */
  port: number;
  boards(): LiveBoard[];
  /** The report as of now; `type` is that of the file. */
  report(type: "html" | "json"): Promise<string>;
}

/** Milliseconds between two pictures of all boards. */
const PACE = 5000;
/** Bytes that a watcher may be behind. */
const MOST_BEHIND = 1_000_000;

const LOOPBACK = /^(127\.\d+\.\d+\.\d+|localhost|\[::1\])$/;
const hash = createHash("sha256").update(SCRIPT).digest("base64");
const POLICY = `default-src 'none'; connect-src 'self'; script-src 'sha256-${hash}'; style-src 'unsafe-inline'; frame-ancestors 'none'`;
const REPORT_POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'";

/** Who names this server otherwise came by a name that somebody else made to point here. */
function isLoopback(host: string | undefined): boolean {
  return LOOPBACK.test((host ?? "").replace(/:\d+$/, ""));
}

/** The origin, where it is a page of this computer's as well. */
function loopbackOrigin(origin: string | undefined): string | undefined {
  const match = /^https?:\/\/([^/]+)$/.exec(origin ?? "");
  return match && isLoopback(match[1]) ? origin : undefined;
}

/** Rejects with the server's own error (EADDRINUSE …) when it cannot listen. */
export async function serveLivePage(options: LivePageOptions): Promise<LivePage> {
  const watchers = new Set<ServerResponse>();

  function send(watcher: ServerResponse, event: string, data: unknown): void {
    // One that does not read is sent away: it connects again by itself.
    if (watcher.writableLength > MOST_BEHIND) watcher.destroy();
    else watcher.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
  }

  function watch(response: ServerResponse): void {
    response.writeHead(200, { "Content-Type": "text/event-stream; charset=utf-8" });
    watchers.add(response);
    response.on("close", () => watchers.delete(response)).on("error", () => watchers.delete(response));
    send(response, "boards", options.boards());
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const head = (type: string, policy = POLICY) =>
      response.writeHead(200, { "Content-Type": `${type}; charset=utf-8`, "Content-Security-Policy": policy });
    response.setHeader("Cache-Control", "no-store").setHeader("X-Content-Type-Options", "nosniff");
    const origin = loopbackOrigin(request.headers.origin);
    if (origin) response.setHeader("Access-Control-Allow-Origin", origin).setHeader("Vary", "Origin");
    const path = (request.url ?? "").split("?")[0];
    if (!isLoopback(request.headers.host)) response.writeHead(403).end();
    else if (request.method !== "GET") response.writeHead(405, { Allow: "GET" }).end();
    else if (path === "/") head("text/html").end(PAGE);
    else if (path === "/events") watch(response);
    else if (path === "/boards.json") head("application/json").end(JSON.stringify(options.boards()));
    else if (path === "/report.json") {
      const text = await options.report("json");
      head("application/json").end(text);
    } else if (path === "/report.html") {
      const text = await options.report("html");
      head("text/html", REPORT_POLICY).end(text);
    } else response.writeHead(404).end();
  }

  const server = createServer((request, response) => {
    answer(request, response).catch((error: Error) => {
      if (response.headersSent) response.destroy();
      else response.writeHead(500, { "Content-Type": "text/plain; charset=utf-8" }).end(error.message);
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(options.port, "127.0.0.1", () => resolve());
  });
  const pace = setInterval(() => {
    const boards = options.boards();
    for (const watcher of watchers) send(watcher, "boards", boards);
  }, PACE);

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    entry(board, entry) {
      for (const watcher of watchers) send(watcher, "entry", { ...entry, board });
    },
    close: () =>
      new Promise((resolve) => {
        clearInterval(pace);
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
