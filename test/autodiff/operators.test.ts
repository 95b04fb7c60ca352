/**
 * Every rule against differences of the operator's own forward pass (check.ts), over shapes, broadcasts and opsets, once with the shapes
 * in the file and once with nothing but names there, so that un-broadcasting has to be decided in the run.
 */
import { expect } from "@open-wc/testing";
import { operators, rules } from "../../src/autodiff/operators.js";
import { checkable } from "./check.js";
import { rows } from "./rows.js";
import { withSession } from "./run.js";

const tolerance = 1e-3;

describe("gradient rules", () => {
  for (const row of rows) {
    it(row.name, async () => {
      for (const opset of row.opsets) {
        for (const symbolic of row.symbolic === false ? [false] : [false, true]) {
          const { forward, withGradient, error } = checkable(row, opset, symbolic);
          const worst = await withSession(forward, (first) => withSession(withGradient, (second) => error(first, second)));
          expect(worst, `opset ${opset}, ${symbolic ? "symbolic" : "static"} shapes`).to.be.below(tolerance);
        }
      }
    });
  }

  it("every rule has a row", () => {
    const text = rows.map((row) => row.name).join("\n");
    const seen = (op: string): boolean => text.includes(op);
    expect(Object.keys(rules).filter((op) => !seen(op))).to.deep.equal(["com.microsoft.DynamicQuantizeMatMul", "lexiscope.DynamicLinear"]); // round: no differences; see exact.test.ts
  });

  it("every operator has a rule, stops, or says why not", () => {
    for (const [name, row] of Object.entries(operators)) {
      if (typeof row !== "function") expect("stops" in row ? row.stops : row.unsupported, name).to.match(/^[a-z].{8,}/);
    }
  });
});
