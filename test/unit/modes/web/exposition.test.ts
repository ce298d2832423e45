import { expect, test } from "bun:test";
import { formatExposition } from "../../../../modes/web/exposition.ts";

test("formatExposition() writes HELP, TYPE and a line for each sample", () => {
  const text = formatExposition([
    { name: "a_total", type: "counter", help: "Back\\slash\nand line.", samples: [{ value: 3 }] },
    { name: "b", type: "gauge", help: "B.", samples: [{ labels: { x: "1", y: 'q"\\\n' }, value: 0.5 }] },
    { name: "none", type: "gauge", help: "Without samples.", samples: [] },
  ]);
  expect(text).toBe(
    "# HELP a_total Back\\\\slash\\nand line.\n# TYPE a_total counter\na_total 3\n" +
      '# HELP b B.\n# TYPE b gauge\nb{x="1",y="q\\"\\\\\\n"} 0.5\n',
  );
});

test.each([
  [Number.POSITIVE_INFINITY, "+Inf"],
  [Number.NEGATIVE_INFINITY, "-Inf"],
  [Number.NaN, "NaN"],
  [1e21, "1e+21"],
  [-0.25, "-0.25"],
])("formatExposition() writes %p as %s", (value, wanted) => {
  const text = formatExposition([{ name: "a", type: "gauge", help: "", samples: [{ value }] }]);
  expect(text.split("\n").at(-2)).toBe(`a ${wanted}`);
});
