import { expect } from "@open-wc/testing";
import { integratedGradients } from "../../src/methods/integrated-gradients.js";
import type { IntegratedGradientsOptions } from "../../src/methods/integrated-gradients.js";
import { pathOf } from "../../src/methods/path.js";
import { methods, resolveMethod } from "../../src/methods/table.js";
import { expectClose, gradientOfToy, predictOf, XY2 } from "./toys.js";

describe("the table of methods", () => {
  for (const [name, entry] of Object.entries(methods)) {
    it(`${name}: its name, defaults and presets fit its own options`, () => {
      expect(entry.name).to.equal(name);
      expect(Object.keys(resolveMethod(name).options)).to.deep.equal(Object.keys(entry.options));
      for (const [preset, { options }] of Object.entries(entry.presets)) expect(resolveMethod(name, preset).options).to.include(options);
    });
  }

  it("given options win over the preset, the preset over the defaults; text is read", () => {
    const { options, preset } = resolveMethod("integrated-gradients", "captum", { steps: "20" });
    expect(preset).to.equal("captum");
    expect(options).to.deep.equal({ rule: "gauss-legendre", steps: 20, tolerance: 0.01, baseline: "zero", normalise: "none" });
  });

  const bad: [string, () => unknown, string][] = [
    ["method", () => resolveMethod("magic"), 'no method "magic"; there are gradient-norm'],
    ["method named like a property of every object", () => resolveMethod("constructor"), 'no method "constructor"'],
    ["preset", () => resolveMethod("occlusion", "lit"), 'no preset "lit"; it has captum'],
    ["option", () => resolveMethod("occlusion", "", { steps: 3 }), 'no option "steps"; it has window'],
    ["range", () => resolveMethod("occlusion", "", { window: 0 }), 'option "window" of "occlusion" must be an integer from 1 to 512, not 0'],
    ["fraction", () => resolveMethod("occlusion", "", { window: "1.5" }), "an integer from 1"],
    ["empty text", () => resolveMethod("occlusion", "", { window: "" }), 'not ""'],
    ["NaN", () => resolveMethod("integrated-gradients", "", { tolerance: NaN }), "a number from"],
    ["choice", () => resolveMethod("integrated-gradients", "", { rule: "simpson" }), "must be one of adaptive, gauss-legendre"],
  ];
  for (const [what, call, message] of bad) it(`refuses a bad ${what}`, () => expect(call).to.throw(message));

  it("the lit preset reproduces LIT's numbers end to end: rule, steps and normalisation", async () => {
    const options = resolveMethod("integrated-gradients", "lit").options as IntegratedGradientsOptions;
    const found = await integratedGradients(pathOf(gradientOfToy(XY2), predictOf(XY2), [1, 1], [0, 0], { count: 2, width: 1 }), options);
    // both integrands grow as α², so any rule leaves them 1 : 2
    expectClose(found.scores, [1 / 3, 2 / 3], 1e-6);
    expect(found.evaluations.gradient).to.equal(30);
    expect(found.completenessGap).to.be.above(0.01);
  });
});
