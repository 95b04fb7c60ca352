import { expect } from "@open-wc/testing";
import { ablation } from "../../src/methods/ablation.js";
import { occlusion, windows } from "../../src/methods/occlusion.js";
import type { Predict } from "../../src/methods/types.js";
import { expectClose, ML, predictOf, rejection } from "./toys.js";

const units = { count: 3, width: 1 };
const input = [20, 50, 30];
const zeros = [0, 0, 0];

describe("ablation", () => {
  it("M21: ML at (20,50,30) from 0", async () => {
    const found = await ablation(predictOf(ML), input, zeros, units);
    expectClose(found.scores, [80, 200, 120], 1e-6);
    expect(found.evaluations).to.deep.equal({ predict: 4, gradient: 0 });
  });

  it("M22: groups 0,0,1 from baseline 4: each unit gets the whole value of its group", async () => {
    expectClose((await ablation(predictOf(ML), input, [4, 4, 4], units, { groups: [0, 0, 1] })).scores, [248, 248, 104], 1e-6);
    expect(await rejection(ablation(predictOf(ML), input, zeros, units, { groups: [0] }))).to.include({ code: "bad-input" });
  });
});

describe("occlusion", () => {
  it("M21: a window of one unit is leave-one-out", async () => {
    expectClose((await occlusion(predictOf(ML), input, zeros, units)).scores, [80, 200, 120], 1e-6);
  });

  it("M23: window 2, stride 1, baseline 10: the mean over the windows that cover a unit", async () => {
    const found = await occlusion(predictOf(ML), input, [10, 10, 10], units, { window: 2 });
    expectClose(found.scores, [200, 220, 240], 1e-6);
    expect(found.evaluations.predict).to.equal(3);
  });

  it("replaces all features of a unit together", async () => {
    const product: Predict = (rows) => Promise.resolve(rows.map((row) => (row[0] as number) * (row[1] as number) + (row[2] as number) * (row[3] as number)));
    expectClose((await occlusion(product, [2, 3, 4, 5], [1, 1, 0, 7], { count: 2, width: 2 })).scores, [5, 20], 1e-12);
  });

  it("cuts the last window short", () => {
    expect(windows(5, 2, 2)).to.deep.equal([[0, 1], [2, 3], [4]]);
    expect(windows(4, 3, 2)).to.deep.equal([[0, 1, 2], [2, 3]]);
    expect(windows(2, 3, 1)).to.deep.equal([[0, 1]]);
    expect(() => windows(4, 1, 2)).to.throw("stride must be an integer from 1 to the window (1), not 2");
  });

  it("asks in batches, reports progress, and stops within one batch", async () => {
    const rows: number[] = [];
    const abort = new AbortController();
    const counting: Predict = (inputs) => {
      rows.push(inputs.length);
      if (rows.length === 2) abort.abort();
      return predictOf(ML)(inputs);
    };
    const long = Array.from({ length: 20 }, (_, index) => index);
    const progress: number[] = [];
    const options = { batch: 4, signal: abort.signal, onProgress: (done: number, total: number) => void progress.push(done, total) };
    expect(await rejection(occlusion(counting, long, long.map(() => 0), { count: 20, width: 1 }, options))).to.include({ code: "aborted" });
    expect(rows).to.deep.equal([4, 4]);
    expect(progress).to.deep.equal([4, 21]);
  });

  it("refuses an infinite score", async () => {
    const broken: Predict = (rows) => Promise.resolve(rows.map((_, index) => (index === 1 ? Infinity : 1)));
    expect(await rejection(occlusion(broken, input, zeros, units))).to.include({ code: "runtime" });
  });
});
