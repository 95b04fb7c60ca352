/**
 * HotFlip: which token to put in the place of which, by one gradient. For each place the token whose embedding lowers the score most by the
 * first-order estimate g · (e′ − e), over the whole vocabulary; then the places in order of what that promises. An estimate only: whether
 * the prediction flips is for the model to say.
 * Sources: Ebrahimi et al. 2018, arXiv:1712.06751; LIT's HotFlip (argmax of E · (−g), the ten places with the longest gradient).
 */
import { norm } from "../../base/statistics.js";

export interface HotFlipInput {
  /** of the score that shall fall, [token, width] */
  readonly gradient: ArrayLike<number>;
  /** embeddings of the vocabulary, [id, width] */
  readonly table: ArrayLike<number>;
  readonly width: number;
  /** [token] */
  readonly ids: readonly number[];
  /** tokens that may be replaced */
  readonly places: readonly number[];
}

export interface HotFlipOptions {
  /** places at most; 10 when not given */
  readonly candidates?: number;
  /** "promise": places by the estimate (when not given); "gradient-norm": by the length of the gradient, as LIT does */
  readonly rank?: "promise" | "gradient-norm";
  /** whether this id can stand there; asked for the best ids, until one can */
  readonly accept?: (place: number, id: number) => boolean;
  /** ids that are asked about, a place; 32 when not given */
  readonly asked?: number;
}

export interface Replacement {
  readonly place: number;
  readonly id: number;
  /** first-order change of the score; below zero */
  readonly estimate: number;
}

/** Places whose gradient is short promise little: so many times the candidates are looked at. */
const LOOKED_AT = 3;

/** The best replacement of each place, strongest place first. Places where no replacement lowers the score are left out. */
export function hotFlipReplacements({ gradient, table, width, ids, places }: HotFlipInput, { candidates = 10, rank = "promise", accept = () => true, asked = 32 }: HotFlipOptions = {}): Replacement[] {
  const slopes = places.map((place) => ({ place, slope: Float64Array.from({ length: width }, (_, feature) => gradient[place * width + feature]!) }));
  const steepest = slopes.map((each) => ({ ...each, length: norm(each.slope) })).sort((a, b) => b.length - a.length || a.place - b.place);
  const looked = steepest.slice(0, rank === "promise" ? LOOKED_AT * candidates : candidates);
  const found = looked.flatMap(({ place, slope }) => best(place, slope, table, width, ids[place]!, accept, asked) ?? []);
  if (rank === "promise") found.sort((a, b) => a.estimate - b.estimate || a.place - b.place);
  return found.slice(0, candidates);
}

function best(place: number, slope: Float64Array, table: ArrayLike<number>, width: number, own: number, accept: (place: number, id: number) => boolean, asked: number): Replacement | null {
  const products = new Float64Array(table.length / width);
  for (let id = 0; id < products.length; id++) {
    let product = 0;
    for (let feature = 0; feature < width; feature++) product += slope[feature]! * table[id * width + feature]!;
    products[id] = product;
  }
  const before = products[own]!;
  products[own] = Infinity;
  for (let question = 0; question < asked; question++) {
    let lowest = 0;
    for (let id = 1; id < products.length; id++) if (products[id]! < products[lowest]!) lowest = id;
    const estimate = products[lowest]! - before;
    if (!(estimate < 0)) return null;
    if (accept(place, lowest)) return { place, id: lowest, estimate };
    products[lowest] = Infinity;
  }
  return null;
}
