/** The order in which a corpus is written changes nothing: every method on examples gives each row the same number, and picks the same rows. */
import { expect } from "@open-wc/testing";
import { Random } from "../../src/base/random.js";
import { mmdCritic } from "../../src/methods/examples/mmd-critic.js";
import { cosines, distances, largest } from "../../src/methods/examples/nearest.js";
import { principalPlane } from "../../src/methods/examples/principal-plane.js";
import { representers, representerValues } from "../../src/methods/examples/representer.js";
import { rowCount, rowOf, type Rows } from "../../src/methods/examples/rows.js";
import { tracIn } from "../../src/methods/examples/tracin.js";

const random = new Random(9);
const COUNT = 40;
const rowsOf = (width: number): Rows => ({ data: Float64Array.from({ length: COUNT * width }, () => random.normal()), width });
const order = random.permutation(COUNT); // row i of the other corpus is row order[i] of the first
const shuffledRows = (rows: Rows): Rows => ({ data: Float64Array.from({ length: rowCount(rows) * rows.width }, (_, at) => rowOf(rows, order[Math.floor(at / rows.width)]!)[at % rows.width]!), width: rows.width });
const shuffled = <T>(values: ArrayLike<T>): T[] => order.map((row) => values[row]!);

const features = rowsOf(6);
const logits = rowsOf(3);
const labels = Array.from({ length: COUNT }, (_, row) => row % 3);
const query = { features: Float64Array.from({ length: 6 }, () => random.normal()), logits: Float64Array.from({ length: 3 }, () => random.normal()), label: 1 };

function near(found: ArrayLike<number>, wanted: ArrayLike<number>, tolerance = 1e-9): void {
  expect(found.length).to.equal(wanted.length);
  const size = Math.max(...Array.from(wanted, Math.abs));
  for (let index = 0; index < wanted.length; index++) expect(Math.abs(found[index]! - wanted[index]!), `row ${index}`).to.be.at.most(tolerance * size);
}

describe("the order of a corpus", () => {
  it("changes no similarity, no distance, and not the nearest", () => {
    for (const measure of [(rows: Rows) => cosines(query.features, rows), (rows: Rows) => distances(query.features, rows), (rows: Rows) => distances(query.features, rows, "manhattan")]) {
      const [one, other] = [measure(features), measure(shuffledRows(features))];
      near(other, shuffled(one), 0);
      expect(largest(other, 7).map((row) => order[row])).to.deep.equal(largest(one, 7));
    }
  });

  it("changes no influence", () => {
    near(tracIn({ features: shuffledRows(features), logits: shuffledRows(logits), labels: shuffled(labels) }, query), shuffled(tracIn({ features, logits, labels }, query)));
    const values = (of: Rows, given: Rows) => representerValues(representers(of, given), query.features, 1);
    near(values(shuffledRows(features), shuffledRows(logits)), shuffled(values(features, logits)), 1e-6);
  });

  it("changes no prototype and no criticism", () => {
    const [one, other] = [mmdCritic(features, { prototypes: 5, criticisms: 4 }), mmdCritic(shuffledRows(features), { prototypes: 5, criticisms: 4 })];
    expect(other.prototypes.map((row) => order[row])).to.deep.equal(one.prototypes);
    expect(other.criticisms.map((row) => order[row])).to.deep.equal(one.criticisms);
  });

  it("moves no dot of the map", () => {
    const [one, other] = [principalPlane(features), principalPlane(shuffledRows(features))];
    const points = (plane: typeof one, row: number) => [plane.points[2 * row]!, plane.points[2 * row + 1]!];
    for (let axis = 0; axis < 2; axis++) {
      near(order.map((_, row) => points(other, row)[axis]!), order.map((row) => points(one, row)[axis]!), 1e-6);
    }
  });
});
