/** Value zeroing of one attention block (M54), and value-weighted attention by hand. */
import { expect } from "@open-wc/testing";
import { Random } from "../../src/base/random.js";
import type { Map2 } from "../../src/methods/attention/rollout.js";
import { valueWeighted } from "../../src/methods/attention/value-weighted.js";
import { cosineDistance, valueZeroingOfAttention } from "../../src/methods/attention/value-zeroing.js";

const near = (found: Map2, wanted: Map2, tolerance: number) => found.forEach((row, query) => row.forEach((value, key) => expect(value, `[${query}][${key}]`).to.be.closeTo(wanted[query]![key]!, tolerance)));

describe("value zeroing", () => {
  it("M54: one block, identity as values, token 0", () => {
    const found = valueZeroingOfAttention([[0.5, 0.5], [0.2, 0.8]], [[1, 0], [0, 1]]);
    expect(found[0]![0]).to.be.closeTo(0.2928932, 1e-6);
    expect(found[1]![0]).to.be.closeTo(0.0298575, 1e-6);
  });

  it("a token that is not looked at, or whose value is zero, changes nothing; the only token changes all", () => {
    expect(valueZeroingOfAttention([[1, 0], [0.3, 0.7]], [[1, 2], [3, 4]])[0]![1]).to.equal(0);
    expect(valueZeroingOfAttention([[0.5, 0.5]], [[0, 0], [3, 4]])[0]![0]).to.equal(0);
    expect(valueZeroingOfAttention([[1]], [[3, 4]])).to.deep.equal([[1]]);
  });

  it("the distance is 1 − cosine, and keeps what cancellation would lose", () => {
    expect(cosineDistance([3, 4], [4, 3])).to.be.closeTo(1 - 24 / 25, 1e-12);
    expect(cosineDistance([1, 0], [-2, 0])).to.be.closeTo(2, 1e-12);
    expect(cosineDistance([1, 0], [1, 1e-9]) / 5e-19).to.be.closeTo(1, 1e-6);
    expect([cosineDistance([0, 0], [0, 0]), cosineDistance([0, 0], [1, 0])]).to.deep.equal([0, 1]);
  });
});

describe("value-weighted attention", () => {
  const patterns = [[[1, 0], [0.25, 0.75]], [[0.5, 0.5], [0.4, 0.6]]];
  const values = { data: [3, 4, 0, 2, /* head 1 */ 1, 0, 0, 5], valueHeads: 2, keys: 2, headSize: 2 };

  it("without a projection: α‖v‖; heads side by side in the mean", () => {
    near(valueWeighted(patterns, values, 0, null), [[5, 0], [1.25, 1.5]], 1e-6);
    near(valueWeighted(patterns, values, "mean", null), patterns[0]!.map((row, query) => row.map((_, key) => Math.hypot(patterns[0]![query]![key]! * [5, 2][key]!, patterns[1]![query]![key]! * [1, 5][key]!) / 2)), 1e-6);
    near(valueWeighted(patterns, values, "max", null), [[5, 2.5], [1.25, 3]], 1e-6);
  });

  it("with a projection: the norm of the heads' vectors together, which may cancel", () => {
    const opposite = { data: [1, 0, -1, 0], width: 1 }; // [head · headSize, width]: head 1 undoes the first feature of head 0
    near(valueWeighted([[[1]], [[1]]], { data: [2, 7, 2, 7], valueHeads: 2, keys: 1, headSize: 2 }, "mean", opposite), [[0]], 1e-9);
    near(valueWeighted([[[1]], [[0.5]]], { data: [2, 7, 2, 7], valueHeads: 2, keys: 1, headSize: 2 }, "mean", opposite), [[0.5]], 1e-9);
    near(valueWeighted([[[1]], [[0.5]]], { data: [2, 7, 2, 7], valueHeads: 2, keys: 1, headSize: 2 }, 1, opposite), [[1]], 1e-9);
  });

  it("the mean is the norm of the explicit sum, for random numbers and grouped heads", () => {
    const random = new Random(5);
    const [heads, keys, size, width] = [4, 3, 2, 5];
    const draw = (count: number) => Array.from({ length: count }, () => random.normal());
    const maps = Array.from({ length: heads }, () => Array.from({ length: keys }, () => draw(keys).map(Math.abs)));
    const [data, output] = [draw(2 * keys * size), draw(heads * size * width)];
    const wanted = maps[0]!.map((row, query) => row.map((_, key) => {
      const sum = new Array<number>(width).fill(0);
      for (let head = 0; head < heads; head++)
        for (let feature = 0; feature < size; feature++)
          for (let column = 0; column < width; column++) sum[column]! += (maps[head]![query]![key]! * data[((head >> 1) * keys + key) * size + feature]! * output[(head * size + feature) * width + column]!) / heads;
      return Math.hypot(...sum);
    }));
    near(valueWeighted(maps, { data, valueHeads: 2, keys, headSize: size }, "mean", { data: output, width }), wanted, 1e-5);
  });
});
