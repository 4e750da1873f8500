/** The page's server: what a page that is slow, or came late, costs it. */
import { once } from "node:events";
import type { IncomingMessage } from "node:http";
import { get } from "node:http";
import { servePage } from "../../tools/web-console/serve";

const PAGE = { html: "", policy: "default-src 'none'" };
const LINE = "x".repeat(100_000);

async function watch(url: string): Promise<IncomingMessage> {
  const request = get(`${url}board`, { agent: false });
  const [response] = (await once(request, "response")) as [IncomingMessage];
  return response;
}

test("a page that does not read is sent away", async () => {
  const server = await servePage(PAGE, 0);
  const slow = await watch(server.url);
  const all = 400 * LINE.length;
  for (let i = 0; i < 400; i++) server.tell(LINE);
  let got = 0;
  const end = new Promise<string>((resolve) => {
    slow.on("error", () => resolve("sent away"));
    slow.on("data", (bytes: Buffer) => (got += bytes.length) >= all && resolve("got everything"));
  });
  expect(await end).toBe("sent away");
  await server.close();
});

test("a page that comes late gets the last lines, and no more of them than a megabyte", async () => {
  const server = await servePage(PAGE, 0);
  for (let i = 0; i < 50; i++) server.tell(LINE);
  server.tell("the last");
  const late = await watch(server.url);
  let text = "";
  await new Promise<void>((resolve) => {
    late.on("data", (bytes: Buffer) => {
      text += bytes.toString();
      if (text.endsWith("data: the last\n\n")) resolve();
    });
  });
  expect(text.match(/^id: /gm)!.length).toBeGreaterThan(5);
  expect(text.length).toBeLessThan(1_100_000);
  late.destroy();
  await server.close();
});
