/** Numbers of one head, by hand and by properties; small maps of large ones. */
import { expect } from "@open-wc/testing";
import { Random } from "../../src/base/random.js";
import { HEAD_STATISTICS } from "../../src/explanation/attention-heads.js";
import { headStatistics } from "../../src/methods/attention/head-statistics.js";
import { poolMap } from "../../src/methods/attention/pool-map.js";

const none = (count: number) => Array<boolean>(count).fill(false);
const map = (count: number, weight: (query: number, key: number) => number) => Float64Array.from({ length: count * count }, (_, at) => weight(Math.floor(at / count), at % count));

describe("headStatistics", () => {
  it("knows heads that do one thing", () => {
    const count = 7;
    const itself = headStatistics(map(count, (query, key) => +(query === key)), none(count));
    expect(itself).to.deep.equal({ entropy: 0, distance: 0, special: 0, self: 1, previous: 0, next: 0, first: 1 / 7 });
    const first = headStatistics(map(count, (_, key) => +(key === 0)), [true, ...none(count - 1)]);
    expect(first).to.include({ entropy: 0, distance: 3, special: 1, first: 1 });
    expect(first.previous).to.be.closeTo(1 / 7, 1e-12); // the second token looks at the one before it
    const previous = headStatistics(map(count, (query, key) => +(key === Math.max(0, query - 1))), none(count));
    expect(previous.previous).to.be.closeTo(6 / 7, 1e-12);
    expect(previous.distance).to.be.closeTo(6 / 7, 1e-12);
    const next = headStatistics(map(count, (query, key) => +(key === Math.min(count - 1, query + 1))), none(count));
    expect(next.next).to.be.closeTo(6 / 7, 1e-12);
  });

  it("even attention has the entropy ln n, and for a causal model the mean of ln 1 … ln n", () => {
    const count = 9;
    expect(headStatistics(map(count, () => 1 / count), none(count)).entropy).to.be.closeTo(Math.log(count), 1e-12);
    const logs = Array.from({ length: count }, (_, index) => Math.log(index + 1));
    const causal = headStatistics(map(count, (query, key) => (key <= query ? 1 / (query + 1) : 0)), none(count));
    expect(causal.entropy).to.be.closeTo(logs.reduce((sum, each) => sum + each, 0) / count, 1e-12);
    expect(causal.next).to.equal(0);
  });

  it("is what the definitions say, on rows of any sum", () => {
    const count = 6;
    const numbers = new Random(3);
    const random = () => numbers.uniform();
    const raw = map(count, () => random() ** 3);
    const special = Array.from({ length: count }, (_, index) => index === 0 || index === count - 1);
    const rows = Array.from({ length: count }, (_, query) => {
      const row = Array.from(raw.slice(query * count, (query + 1) * count));
      const sum = row.reduce((total, weight) => total + weight, 0);
      return row.map((weight) => weight / sum);
    });
    const mean = (of: (row: number[], query: number) => number) => rows.reduce((sum, row, query) => sum + of(row, query), 0) / count;
    const sum = (row: number[], of: (weight: number, key: number) => number) => row.reduce((total, weight, key) => total + of(weight, key), 0);
    const wanted = {
      entropy: mean((row) => -sum(row, (weight) => weight * Math.log(weight))), distance: mean((row, query) => sum(row, (weight, key) => weight * Math.abs(query - key))),
      special: mean((row) => row[0]! + row[count - 1]!), self: mean((row, query) => row[query]!), previous: mean((row, query) => row[query - 1] ?? 0), next: mean((row, query) => row[query + 1] ?? 0), first: mean((row) => row[0]!),
    };
    const found = headStatistics(raw, special);
    const scaled = headStatistics(raw.map((weight) => 5 * weight), special);
    for (const name of HEAD_STATISTICS) {
      expect(found[name], name).to.be.closeTo(wanted[name], 1e-12);
      expect(scaled[name], `${name}, scaled`).to.be.closeTo(wanted[name], 1e-12);
    }
  });

  it("leaves rows without weight out, and has zeros where there is nothing", () => {
    expect(headStatistics([0, 0, 0, 1], none(2))).to.deep.equal({ entropy: 0, distance: 0, special: 0, self: 1, previous: 0, next: 0, first: 0 });
    for (const nothing of [headStatistics([], []), headStatistics([0, 0, 0, 0], none(2))]) expect(Object.values(nothing)).to.deep.equal(HEAD_STATISTICS.map(() => 0));
    expect(headStatistics([1], [false])).to.deep.equal({ entropy: 0, distance: 0, special: 0, self: 1, previous: 0, next: 0, first: 1 });
  });
});

describe("poolMap", () => {
  it("keeps the largest weight of each block, whatever the sides", () => {
    const numbers = new Random(5);
    const random = () => numbers.uniform();
    for (const [from, to] of [[5, 5], [6, 3], [7, 3], [10, 4], [3, 1]] as const) {
      const whole = Float32Array.from({ length: from * from }, () => random());
      const small = new Float32Array(to * to);
      poolMap(whole, from, small, to);
      const blocks = Array.from({ length: to * to }, () => 0);
      for (let query = 0; query < from; query++) for (let key = 0; key < from; key++) {
        const at = Math.floor((query * to) / from) * to + Math.floor((key * to) / from);
        blocks[at] = Math.max(blocks[at]!, whole[query * from + key]!);
      }
      expect(Array.from(small), `${from} to ${to}`).to.deep.equal(blocks);
      expect(Math.max(...small)).to.equal(Math.max(...whole));
      if (from === to) expect(small).to.deep.equal(whole);
    }
  });
});
