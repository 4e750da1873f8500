/** Tables between two comments. */
import { markdownTable, withSection } from "../../tools/measure/markdown";

const BEGIN = "<!-- written by npm run bench -- --write -->";
const END = "<!-- end of npm run bench -->";

test("a section replaces what was between its comments, and nothing else", () => {
  const text = `# A\n\n${BEGIN}\n\nold\n\n${END}\n\n## B\n`;
  const once = withSection(text, "bench", "\nnew\n");
  expect(once).toBe(`# A\n\n${BEGIN}\n\nnew\n\n${END}\n\n## B\n`);
  expect(withSection(once, "bench", "new")).toBe(once);
});

test.each([
  ["both", "# A\n"],
  ["the second", `${BEGIN}\n`],
  ["the order", `${END}\n${BEGIN}\n`],
])("a README that lacks %s of the comments is refused", (_, text) => {
  expect(() => withSection(text, "bench", "new")).toThrow(`${BEGIN} and ${END}`);
});

test("columns of numbers stand right, with thousands apart", () => {
  expect(markdownTable(["what", "bytes", "target"], [["raw", 30051, "≤ 8,800"]])).toBe(
    "| what | bytes | target |\n| --- | ---: | --- |\n| raw | 30,051 | ≤ 8,800 |",
  );
});
