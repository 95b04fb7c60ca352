/** ReAGent on models whose important tokens are known. */
import { expect } from "@open-wc/testing";
import { Random } from "../../src/base/random.js";
import { reagent, type Propose, type Read, type ReagentOptions } from "../../src/methods/reagent.js";
import { softmax } from "../../src/methods/probabilities.js";
import { expectClose, rejection } from "./toys.js";

const input = [0, 1, 2, 3, 4, 5, 6, 7];
const places = [1, 2, 3, 4, 5, 6];
const another: Propose = (place, random) => 10 * place + random.integer(5);
/** The target has .9 while token 3 stands, .1 without it; the label before it has the rest. */
const onlyThree: Read = (rows) => Promise.resolve(rows.map((row) => (row[3] === 3 ? { probability: 0.9, rank: 0 } : { probability: 0.1, rank: 1 })));
const run = (read: Read, options: ReagentOptions) => reagent(read, input, places, another, options);

describe("ReAGent", () => {
  it("finds the one token that matters: its importance grows with every step, the others' stays alike", async () => {
    const found = await run(onlyThree, { keep: 1, top: 1, least: 60, steps: 200, seed: 1 });
    expect(found.scores[2]).to.be.above(0.99);
    expect(found.ended).to.equal(1);
    expect(found.value).to.equal(0.9);
    const early = await run(onlyThree, { keep: 1, top: 1, seed: 1 });
    expect(Math.max(...early.scores)).to.equal(early.scores[2]);
    expect(early.scores.reduce((sum, score) => sum + score, 0)).to.be.closeTo(1, 1e-12);
    expect(early.errors!.every((error) => error > 0)).to.equal(true);
  });

  it("one step by hand: up by ln((1 + Δ) ÷ (1 − Δ)) where replaced, down elsewhere, from a random start", async () => {
    const random = new Random(5, 1);
    const start = places.map(() => random.uniform());
    const replaced = places.map(() => random.uniform() < 0.3);
    const change = replaced[2] ? Math.log(1.8 / 0.2) : 0;
    expect(replaced).to.include(true);
    const { scores, evaluations, errors } = await run(onlyThree, { samples: 1, steps: 1, keep: 6, top: 1, seed: 5 });
    expectClose(scores, softmax(start.map((value, place) => value + (replaced[place] ? change : -change))), 1e-12);
    expect(evaluations).to.equal(3); // the text, one step, one try
    expect(errors).to.equal(undefined);
  });

  it("stays a number where Inseq's is none: probabilities that go from 1 to 0, and probes that never end", async () => {
    const certain: Read = (rows) => Promise.resolve(rows.map((row) => ({ probability: Number(row[3] === 3), rank: 7 })));
    const found = await run(certain, { steps: 40, seed: 2 });
    expect(found.scores.every(Number.isFinite)).to.equal(true);
    expect(found.ended).to.equal(0);
    expect(found.scores[2]).to.be.above(0.9);
    const broken: Read = (rows) => Promise.resolve(rows.map(() => ({ probability: NaN, rank: 0 })));
    expect(await rejection(run(broken, {}))).to.include({ code: "runtime" });
  });

  it("nothing matters: all stay near their random starts, whose mean is even; a token that stands alone has all", async () => {
    const indifferent: Read = (rows) => Promise.resolve(rows.map(() => ({ probability: 0.5, rank: 0 })));
    const found = await run(indifferent, { samples: 400 });
    found.scores.forEach((score, place) => expect(Math.abs(score - 1 / 6)).to.be.below(4 * found.errors![place]!));
    expect((await reagent(onlyThree, [0, 9, 1], [1], another, { samples: 3 })).scores).to.deep.equal([1]);
  });

  it("replaces no other token, the seed decides, the batch does not", async () => {
    const seen: number[][] = [];
    const watched: Read = (rows) => {
      seen.push(...rows.map((row) => Array.from(row)));
      return onlyThree(rows);
    };
    const one = await run(watched, { seed: 3, batch: 16, top: 1, keep: 2 });
    expect(seen.every((row) => row[0] === 0 && row[7] === 7)).to.equal(true);
    expect((await run(onlyThree, { seed: 3, batch: 1, top: 1, keep: 2 })).scores).to.deep.equal(one.scores);
    expect((await run(onlyThree, { seed: 4, top: 1, keep: 2 })).scores).to.not.deep.equal(one.scores);
  });

  it("refuses nonsense", async () => {
    expect(await rejection(reagent(onlyThree, input, [], another))).to.include({ code: "bad-input" });
    for (const options of [{ samples: 0 }, { steps: 1.5 }, { ratio: 0 }, { ratio: 2 }, { keep: 0 }]) expect(await rejection(run(onlyThree, options))).to.include({ code: "bad-input" });
  });
});
