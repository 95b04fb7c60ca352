/**
 * Gauss–Legendre nodes on [0, 1]: `count` nodes integrate polynomials up to degree 2·count − 1 without error. Newton's method from the usual
 * cosine guess; not adaptive. Kept, since Tree SHAP asks for the same few counts again and again.
 */

export interface GaussLegendre {
  readonly points: Float64Array; // [node], ascending, in (0, 1)
  readonly weights: Float64Array; // [node], sum 1
}

const made = new Map<number, GaussLegendre>();

export function gaussLegendre(count: number): GaussLegendre {
  const known = made.get(count);
  if (known) return known;
  const [points, weights] = [new Float64Array(count), new Float64Array(count)];
  for (let index = 0; index < count; index++) {
    let root = -Math.cos((Math.PI * (index + 0.75)) / (count + 0.5));
    let slope = 1;
    for (let step = 0, change = 1; step < 50 && Math.abs(change) > 1e-16; step++) {
      let [before, value] = [1, root];
      for (let degree = 2; degree <= count; degree++) [before, value] = [value, ((2 * degree - 1) * root * value - (degree - 1) * before) / degree];
      slope = (count * (root * value - before)) / (root * root - 1);
      change = value / slope;
      root -= change;
    }
    points[index] = (1 + root) / 2;
    weights[index] = 1 / ((1 - root * root) * slope * slope);
  }
  made.set(count, { points, weights });
  return { points, weights };
}
