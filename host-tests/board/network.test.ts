import { createServer } from "node:net";
import type { AddressInfo, Server, Socket } from "node:net";
import { createServer as createTlsServer } from "node:tls";
import { SimulatedBoard } from "../../tools/board/simulated";
import { makeCertificate } from "../fixtures/certificate";

const servers: Server[] = [];
let board: SimulatedBoard | undefined;

afterEach(async () => {
  await board?.powerOff();
  for (const server of servers.splice(0)) await new Promise((resolve) => server.close(resolve));
});

async function listen(server: Server): Promise<number> {
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return (server.address() as AddressInfo).port;
}

/** Boots a program; resolves to the lines up to the one that starts so. */
function linesUntil(last: string, program: string): Promise<string[]> {
  return new Promise((resolve) => {
    const lines: string[] = [];
    board = new SimulatedBoard({
      image: "LINUX",
      onLine(line) {
        lines.push(line);
        if (line.startsWith(last)) resolve(lines);
      },
    });
    void board.writeFile(".bootcde", program).then(() => board!.powerOn());
  });
}

const client = (module: string, port: number) => `
var got = "", s = require("${module}").connect({ host: "127.0.0.1", port: ${port} }, function () { print("connect"); s.write("\\xff\\x00ping"); });
s.on("data", function (d) { got += d; if (got.length === 6) { print(JSON.stringify(got)); s.end(); } });
s.on("close", function (failed) { print("close " + failed); });`;

const echo = (socket: Socket) => void socket.pipe(socket);

test("bytes go over a real socket and back", async () => {
  const port = await listen(createServer(echo));
  expect(await linesUntil("close false", client("net", port))).toEqual([
    "connect",
    '"\\u00FF\\u0000ping"',
    "close false",
  ]);
});

test("TLS verifies nothing: a self-signed certificate for another host passes", async () => {
  const port = await listen(createTlsServer(await makeCertificate("rsa", "wrong.example"), echo));
  expect(await linesUntil("close false", client("tls", port))).toEqual([
    "connect",
    '"\\u00FF\\u0000ping"',
    "close false",
  ]);
});

test("a failed handshake is an uncaught exception after the connect", async () => {
  const port = await listen(createServer((socket) => socket.resume().end("this is not TLS, nor will it be\r\n")));
  const lines = await linesUntil("Uncaught", client("tls", port));
  // What was written before the handshake was over has not left.
  expect(lines.slice(0, 2)).toEqual(["connect", "close true"]);
  expect(lines[2]).toMatch(/^Uncaught InternalError: mbedtls_ssl_handshake returned/);
});

test("TLS wants an RSA key, as the interpreter's does", async () => {
  const server = createTlsServer(await makeCertificate("ec"), echo).on("tlsClientError", () => undefined);
  const lines = await linesUntil("Uncaught", client("tls", await listen(server)));
  expect(lines[2]).toMatch(/^Uncaught InternalError: mbedtls_ssl_handshake returned/);
});

test("a reset shows as close(false)", async () => {
  const port = await listen(createServer((socket) => socket.once("data", () => socket.resetAndDestroy())));
  expect(await linesUntil("close false", client("net", port))).toEqual(["connect", "close false"]);
});

test("a refused connection closes, without connect", async () => {
  const server = createServer();
  const port = await listen(server);
  await new Promise((resolve) => servers.pop()!.close(resolve));
  expect(await linesUntil("close false", client("net", port))).toEqual(["close false"]);
});
