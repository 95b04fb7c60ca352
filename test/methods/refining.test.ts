/** Methods that sample: partial results, stops, and going on from what was evaluated, each against the same budget spent at once. */
import { expect } from "@open-wc/testing";
import { approximateGradient } from "../../src/methods/approximate-gradient.js";
import { directionsOf } from "../../src/methods/directions.js";
import { gradientShap } from "../../src/methods/gradient-shap.js";
import { lime } from "../../src/methods/lime/lime.js";
import { reagent, type Read } from "../../src/methods/reagent.js";
import { STAGES, Stages, type Memory } from "../../src/methods/refining.js";
import { exactShapley } from "../../src/methods/shapley/exact.js";
import { kernelShap } from "../../src/methods/shapley/kernel.js";
import { partitionShapley } from "../../src/methods/shapley/partition.js";
import { permutationShapley, permutationsFor } from "../../src/methods/shapley/permutation.js";
import { tokenTree } from "../../src/methods/shapley/token-tree.js";
import { smoothGrad, varGrad } from "../../src/methods/smoothgrad.js";
import { methods, resolveMethod } from "../../src/methods/table.js";
import type { Gradient, Predict } from "../../src/methods/types.js";
import { expectClose, gradientOfToy, predictOf, rejection, steps } from "./toys.js";

const PLAYERS = 10;
/** Words that do not simply add up. */
const worth = (bits: ArrayLike<number>): number => {
  const parts = Array.from({ length: PLAYERS }, (_, player) => bits[player]! * Math.sin(player + 1));
  return Math.tanh(parts.reduce((sum, part) => sum + part, 0)) + 2 * bits[1]! * bits[4]! - bits[2]! * bits[7]! * bits[8]!;
};
const tree = tokenTree("the plot drags , but the acting saves it .".split(" "));
const toy = steps([{ a: 1, k: 2, c: 0.3 }, { a: -2, k: 1, c: 0.1 }, { a: 0.5, k: 3, c: 0.8 }, { a: 1.5, k: 0.5, c: 0 }]);
const input = [0.4, 0.7, -0.2, 1.1];
const units = { count: 2, width: 2 };

/** Counts rows, and what is asked after a stop. */
class Counter {
  rows = 0;
  #stop: { readonly after: number; readonly abort: AbortController } | null = null;
  count(rows: number): void {
    this.rows += rows;
    if (this.#stop && this.rows >= this.#stop.after) this.#stop.abort.abort();
  }
  stopAfter(after: number): AbortSignal {
    this.#stop = { after, abort: new AbortController() };
    return this.#stop.abort.signal;
  }
  readonly predict = (predict: Predict): Predict => (rows, signal) => (this.count(rows.length), predict(rows, signal));
  readonly gradient = (gradient: Gradient): Gradient => (rows, signal) => (this.count(rows.length), gradient(rows, signal));
}

interface Found {
  readonly scores: readonly number[];
  readonly errors?: readonly number[];
}
interface More {
  readonly memory?: Memory;
  readonly seed?: number;
  readonly signal?: AbortSignal;
  readonly onPartial?: (partial: Found, share: number) => void;
}
interface Sampler {
  readonly run: (counter: Counter, budget: number, more?: More) => Promise<Found>;
  /** the budget that gave a partial result at this share of `budget` */
  readonly part: (share: number, budget: number) => number;
  readonly errors: boolean;
  /** a budget that is not used up before its stages */
  readonly watched?: number;
}

const BATCH = { batch: 8 };
const game = (counter: Counter): Predict => counter.predict((rows) => Promise.resolve(rows.map(worth)));
/** The target is likely where the third token stands, likelier with the fifth. */
const readToy = (counter: Counter): Read => (rows) => {
  counter.count(rows.length);
  return Promise.resolve(rows.map((row) => {
    const probability = 0.1 + 0.6 * Number(row[2] === 2) + 0.2 * Number(row[4] === 4);
    return { probability, rank: probability > 0.5 ? 0 : 1 };
  }));
};
const whole = (share: number, budget: number): number => Math.round(share * budget);

const samplers: Readonly<Record<string, Sampler>> = {
  lime: { run: (counter, samples, more) => lime(game(counter), PLAYERS, { ...BATCH, ...more, samples }), part: whole, errors: true },
  "lime, lasso": { run: (counter, samples, more) => lime(game(counter), PLAYERS, { ...BATCH, ...more, samples, model: "lasso", alpha: 0.01, masks: "coin" }), part: whole, errors: true },
  "kernel-shap": { run: (counter, samples, more) => kernelShap(game(counter), PLAYERS, { ...BATCH, ...more, samples }), part: (share, budget) => Math.floor(share * budget), errors: true },
  "permutation-shap": {
    run: (counter, evaluations, more) => permutationShapley(game(counter), PLAYERS, { ...BATCH, ...more, evaluations }),
    part: (share, budget) => Math.round(share * permutationsFor(budget, PLAYERS)) * (2 * PLAYERS + 1), errors: true,
  },
  "partition-shap": { run: (counter, evaluations, more) => partitionShapley(game(counter), tree, { ...BATCH, ...more, evaluations }), part: whole, errors: false, watched: 200 },
  smoothgrad: { run: (counter, samples, more) => smoothGrad(counter.gradient(gradientOfToy(toy)), input, units, { ...BATCH, ...more, samples }), part: whole, errors: true },
  vargrad: { run: (counter, samples, more) => varGrad(counter.gradient(gradientOfToy(toy)), input, units, { ...BATCH, ...more, samples }), part: whole, errors: true },
  "gradient-shap": { run: (counter, samples, more) => gradientShap(counter.gradient(gradientOfToy(toy)), input, [[0, 0, 0, 0], [1, 0, 1, 0]], units, { ...BATCH, ...more, samples, sigma: 0.1 }), part: whole, errors: true },
  reagent: { run: (counter, samples, more) => reagent(readToy(counter), [0, 1, 2, 3, 4, 5], [1, 2, 3, 4, 5], (place, random) => 10 + place + random.integer(3), { ...BATCH, ...more, samples, steps: 4, keep: 2, top: 1 }), part: whole, errors: true },
  "approximate-gradient": {
    run: (counter, directions, { seed, ...more } = {}) => approximateGradient(directionsOf(counter.predict(predictOf(toy)), input, units, seed === undefined ? {} : { seed }), { ...BATCH, ...more, directions }),
    part: whole, errors: true,
  },
};

describe("methods that sample", () => {
  it("are all of the table that have a budget", () => {
    const budgeted = Object.values(methods).filter(({ budget }) => budget !== null).map(({ name }) => name);
    expect(Object.keys(samplers).filter((name) => name !== "lime, lasso").sort()).to.deep.equal(budgeted.sort());
    for (const { name, budget, samples, options } of Object.values(methods)) {
      if (budget !== null) expect(options[budget], name).to.have.property("type", "integer");
      if (samples) expect(budget, name).to.not.equal(null);
    }
  });

  it("take `samples` by the name of their own budget; the others refuse it", () => {
    expect(resolveMethod("permutation-shap", "", {}, 77).options).to.include({ evaluations: 77 });
    expect(resolveMethod("lime", "captum", {}, 77).options).to.include({ samples: 77, width: 1 });
    expect(resolveMethod("approximate-gradient", "", {}, 77).options).to.include({ directions: 77, along: "random" });
    expect(() => resolveMethod("approximate-gradient", "", { along: "units" }, 77)).to.throw("along=random alone");
    expect(() => resolveMethod("exact-shapley", "", {}, 77)).to.throw('method "exact-shapley" has no number of samples');
    expect(() => resolveMethod("lime", "", {}, 0)).to.throw('option "samples" of "lime" must be an integer from 2');
  });

  for (const [name, { run, part, errors, watched = 1600 }] of Object.entries(samplers)) {
    const [small, large] = [200, 400];

    it(`${name}: from ${small} to ${large} samples gives what ${large} at once give, for the evaluations that are new`, async () => {
      for (const seed of [0, 7]) {
        const [once, first, counter] = [new Counter(), new Counter(), new Counter()];
        const expected = await run(once, large, { seed, memory: new Map() });
        await run(first, small, { seed, memory: new Map() });
        const memory: Memory = new Map();
        const before = await run(counter, small, { seed, memory });
        expect(counter.rows).to.equal(first.rows);
        expect(await run(counter, large, { seed, memory })).to.deep.equal(expected);
        expect(counter.rows, "evaluations of both").to.equal(once.rows);
        expect(await run(counter, small, { seed, memory }), "back to the smaller budget").to.deep.equal(before);
        expect(counter.rows, "which costs nothing").to.equal(once.rows);
        expectClose((await run(new Counter(), large, { seed })).scores, expected.scores, 1e-12);
      }
    });

    it(`${name}: partial results, each that of its part of the budget`, async () => {
      const partials: { found: Found; share: number }[] = [];
      const counter = new Counter();
      const told = await run(counter, watched, { onPartial: (found, share) => partials.push({ found, share }), memory: new Map() });
      const untold = new Counter();
      expect(await run(untold, watched, { memory: new Map() }), "watching changes nothing").to.deep.equal(told);
      expect(counter.rows).to.equal(untold.rows);
      expect(partials.length).to.be.within(2, STAGES.length);
      for (const [index, { found, share }] of partials.entries()) {
        expect(share).to.be.within(STAGES[index + STAGES.length - partials.length]!, 0.999);
        const alone = await run(new Counter(), part(share, watched), { memory: new Map() });
        expectClose(found.scores, alone.scores, 1e-9);
        if (errors) expectClose(found.errors!, alone.errors!, 1e-9);
        if (errors) expect(Math.max(...found.errors!)).to.be.above(0);
      }
      const size = ({ errors: list = [] }: Found): number => Math.hypot(...list);
      if (errors) expect(size(told)).to.be.below(size(partials[0]!.found));
    });

    it(`${name}: stops within one batch, and goes on from there`, async () => {
      const memory: Memory = new Map();
      const counter = new Counter();
      const once = new Counter();
      const expected = await run(once, large, { memory: new Map() });
      expect(await rejection(run(counter, large, { memory, signal: counter.stopAfter(once.rows / 2) }))).to.include({ code: "aborted" });
      const stopped = counter.rows;
      expect(stopped).to.be.below(once.rows / 2 + 8);
      await new Promise((resolve) => setTimeout(resolve, 5));
      expect(counter.rows, "nothing is asked after the stop").to.equal(stopped);
      expect(await run(counter, large, { memory })).to.deep.equal(expected);
      expect(counter.rows).to.equal(once.rows);
    });
  }

  it("exact-shapley knows nothing before the end, but goes on after a stop", async () => {
    const counter = new Counter();
    const memory: Memory = new Map();
    expect(await rejection(exactShapley(game(counter), PLAYERS, { ...BATCH, memory, signal: counter.stopAfter(500) }))).to.include({ code: "aborted" });
    expect(counter.rows).to.be.within(500, 508);
    expect(await exactShapley(game(counter), PLAYERS, { ...BATCH, memory })).to.deep.equal(await exactShapley(game(new Counter()), PLAYERS));
    expect(counter.rows).to.equal(2 ** PLAYERS);
  });

  it("tell nothing while no error is known, nor of what was told before", async () => {
    const shares: number[] = [];
    const tell = (_: Found, share: number) => shares.push(share);
    await lime(game(new Counter()), PLAYERS, { batch: 8, samples: 30, onPartial: tell });
    expect(shares, "30 samples of 10 words are too few for the errors of a part").to.deep.equal([]);
    const memory: Memory = new Map();
    await lime(game(new Counter()), PLAYERS, { batch: 8, samples: 800, memory });
    await lime(game(new Counter()), PLAYERS, { batch: 8, samples: 1600, memory, onPartial: tell });
    expect(shares.every((share) => share >= 0.5), "a picture never falls back").to.equal(true);
  });

  it("reach each stage once, and none at the end", () => {
    const stages = new Stages(160, 15);
    expect([9, 11, 19, 20, 39, 40, 41, 100, 159, 160].map((done) => stages.reached(done))).to.deep.equal([false, false, true, true, false, true, false, true, false, false]);
  });
});
