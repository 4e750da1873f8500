/** Variables are counted by the interpreter, and by it alone. */
import { findEspruino } from "../../tools/board/espruino";
import { VariableCounter } from "../../tools/footprint/variables";
import { BURST } from "../../tools/footprint/uses";
import { built } from "../fixtures/boards";

jest.setTimeout(120_000);

const onInterpreter = findEspruino() ? describe : describe.skip;

onInterpreter("on the real interpreter", () => {
  const done: string[] = [];
  let counter: VariableCounter;

  beforeAll(async () => {
    counter = new VariableCounter(findEspruino()!, (what) => done.push(what));
    await counter.open();
  });
  afterAll(() => counter.close());

  const FUNCTION = "exports.f=function(a){return a+1}";

  test("a function in a module costs as many as it has parts", async () => {
    const one = await counter.peer("small", `${FUNCTION};`);
    const two = await counter.peer("small", `${FUNCTION};exports.g=function(a,b,c){return a+b+c};`);
    // Its name, itself, three parameters, its code's name, what points to the code, and its scope's name.
    expect(two.loaded! - one.loaded!).toBe(8);
    // In RAM the code itself comes on top.
    expect(two.loadedInMemory! - one.loadedInMemory!).toBeGreaterThanOrEqual(8);
    expect(one.loadedInMemory).toBeGreaterThanOrEqual(one.loaded!);
  });

  test("a list that is kept costs one for each small number in it", async () => {
    const list = (length: number) => `var list=[];exports.l=list;for(var i=0;i<${length};i++)list.push(i);`;
    const ten = await counter.peer("list", list(10));
    const more = await counter.peer("list", list(110));
    expect(more.loaded! - ten.loaded!).toBe(100);
  });

  test.each(["mqtt-ws.js", "firmware.js"] as const)(
    "%s: connecting takes more than being loaded, peaks more than rest",
    async (name) => {
      const found = await counter.bundle(name, built(name));
      expect(found.loaded).toBeGreaterThan(50);
      expect(found.connected).toBeGreaterThan(found.loaded);
      expect(found.peakConnecting).toBeGreaterThanOrEqual(found.connected);
      // The queue of the burst is full: one variable holds at most some 23 bytes.
      expect(found.peakBurst - found.connected).toBeGreaterThan((BURST * 64) / 23);
      expect(found.loadedInMemory).toBeGreaterThan(found.loaded);
      expect(found.connectedInMemory).toBeGreaterThan(found.connected);
      expect(done).toContain(`${name} at its peaks`);
    },
  );

  test("every variable of the connected firmware", async () => {
    const snapshot = await counter.snapshot(built("firmware.js"));
    expect(snapshot.own(snapshot.root, "device")).toBeDefined();
    expect(snapshot.all.filter((variable) => snapshot.isFunction(variable)).length).toBeGreaterThan(20);
  });
});
