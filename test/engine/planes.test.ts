/** Planes of examples: exact neighbours against a whole sort, trustworthiness against its definition and on planes whose answer is known. */
import { expect } from "@open-wc/testing";
import { Random } from "../../src/base/random.js";
import { distances } from "../../src/methods/examples/nearest.js";
import { neighbourGraph } from "../../src/methods/examples/neighbour-graph.js";
import { principalPlane } from "../../src/methods/examples/principal-plane.js";
import { rowCount, rowOf, type Rows } from "../../src/methods/examples/rows.js";
import { trustworthiness } from "../../src/methods/examples/trustworthiness.js";
import { placeAmong, umapPlane } from "../../src/engine/umap-plane.js";

const noise = (count: number, width: number, seed: number): Rows => {
  const random = new Random(seed);
  return { data: Float32Array.from({ length: count * width }, () => random.normal()), width };
};
/** three groups of 30 in ten dimensions, far apart */
const groups = (): Rows => {
  const rows = noise(90, 10, 5);
  for (let row = 0; row < 90; row++) rows.data[row * 10 + (row % 3)]! += 20;
  return rows;
};

describe("planes of examples", () => {
  it("neighbours are those of a whole sort, the row itself first", async () => {
    const rows = noise(80, 6, 1);
    const shares: number[] = [];
    const { indices, distances: far } = await neighbourGraph(rows, 7, async (share) => void shares.push(share));
    for (const row of [0, 17, 79]) {
      const whole = distances(rowOf(rows, row), rows);
      const sorted = Array.from(whole.keys()).sort((a, b) => whole[a]! - whole[b]! || a - b).slice(0, 7);
      expect(Array.from(indices[row]!)).to.deep.equal(sorted);
      sorted.forEach((other, place) => expect(far[row]![place]).to.be.closeTo(whole[other]!, 1e-5));
    }
    expect(shares).to.deep.equal([0, (64 / 80) ** 2]);
    expect((await neighbourGraph(noise(3, 2, 1), 7)).indices[0]).to.have.length(3);
  });

  it("trustworthiness: 1 of a plane seen as itself, one half at random, and its definition", () => {
    const flat = noise(60, 2, 2);
    expect(trustworthiness(flat, flat, 5).value).to.equal(1);
    expect(trustworthiness(noise(400, 8, 3), noise(400, 2, 4), 10).value).to.be.closeTo(0.5, 0.05);
    const [rows, plane, k, n] = [noise(12, 4, 6), noise(12, 2, 7), 3, 12];
    const rank = (of: Rows, row: number) => {
      const far = distances(rowOf(of, row), of);
      return Array.from(far.keys()).filter((other) => other !== row).sort((a, b) => far[a]! - far[b]!);
    };
    let sum = 0;
    for (let row = 0; row < n; row++) for (const other of rank(plane, row).slice(0, k)) sum += Math.max(0, rank(rows, row).indexOf(other) + 1 - k);
    expect(trustworthiness(rows, plane, k).value).to.be.closeTo(1 - (2 / (n * k * (2 * n - 3 * k - 1))) * sum, 1e-12);
    expect(trustworthiness(noise(3, 2, 1), noise(3, 2, 1)).value).to.be.NaN;
  });

  it("UMAP: the same for the same seed, groups apart, neighbours kept better than by two components where there are more", async () => {
    const rows = groups();
    const plane = await umapPlane(rows, 3, {});
    expect(rowCount(plane)).to.equal(90);
    expect(Array.from((await umapPlane(rows, 3, {})).data)).to.deep.equal(Array.from(plane.data));
    expect(Array.from((await umapPlane(rows, 4, {})).data)).not.to.deep.equal(Array.from(plane.data));
    const nearest = (row: number) => {
      const far = distances(rowOf(plane, row), plane);
      return Array.from(far.keys()).sort((a, b) => far[a]! - far[b]!)[1]!;
    };
    expect(Array.from({ length: 90 }, (_, row) => nearest(row) % 3 === row % 3).every(Boolean)).to.equal(true);
    const many = noise(150, 5, 8);
    const byComponents = trustworthiness(many, { data: principalPlane(many).points, width: 2 }).value;
    expect(trustworthiness(many, await umapPlane(many, 0, {})).value).to.be.above(byComponents);
    const [x, y] = placeAmong(rowOf(rows, 40), rows, plane);
    expect(Math.hypot(x - rowOf(plane, 40)[0]!, y - rowOf(plane, 40)[1]!)).to.be.below(1e-6);
  });

  it("UMAP stops between two rounds, and stands for three rows", async () => {
    const abort = new AbortController();
    let rounds = 0;
    const failure = await umapPlane(noise(200, 20, 9), 0, { signal: abort.signal, onProgress: ({ loaded }) => {
      rounds = loaded;
      if (loaded >= 110) abort.abort();
    } }).then(() => "", (error: { code: string }) => error.code);
    expect(failure).to.equal("aborted");
    expect(rounds).to.be.within(110, 130);
    expect(rowCount(await umapPlane(noise(3, 4, 1), 0, {}))).to.equal(3);
  });
});
