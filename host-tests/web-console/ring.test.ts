import { Ring } from "../../tools/web-console/session/ring";

test("keeps the newest, up to its cap", () => {
  const ring = new Ring<number>(3);
  for (const entry of [1, 2, 3, 4, 5]) ring.add(entry);
  expect(ring.all).toEqual([3, 4, 5]);
});

test("keeps what weighs little enough, and the newest in any case", () => {
  const ring = new Ring<string>(100, ({ length }) => length, 5);
  for (const entry of ["aa", "bb", "c", "dd"]) ring.add(entry);
  expect(ring.all).toEqual(["bb", "c", "dd"]);
  ring.add("e".repeat(50));
  expect(ring.all).toEqual(["e".repeat(50)]);
  ring.add("f");
  expect(ring.all).toEqual(["f"]);
});

test("cleared, it begins anew", () => {
  const ring = new Ring<string>(100, ({ length }) => length, 5);
  ring.add("aaaa");
  ring.clear();
  ring.add("bbbb");
  expect(ring.all).toEqual(["bbbb"]);
});
