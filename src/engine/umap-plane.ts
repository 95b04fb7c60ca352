/**
 * A corpus as a plane by UMAP: neighbours on it are neighbours in the space, but distances, sizes of groups and the axes mean nothing. The library
 * is loaded when the first such map is asked for; the neighbours are our own, exact, and the optimisation stops between two of its rounds.
 *
 * Source: McInnes, Healy, Melville, arXiv:1802.03426; umap-js.
 */
import type * as umapJs from "umap-js";
import { throwIfAborted } from "../base/errors.js";
import { Random } from "../base/random.js";
import { distances, largest } from "../methods/examples/nearest.js";
import { neighbourGraph } from "../methods/examples/neighbour-graph.js";
import { rowCount, rowOf, type Rows } from "../methods/examples/rows.js";
import { breathe } from "./breathe.js";
import type { RunOptions } from "./types.js";

type Library = typeof umapJs;

/** As the paper's experiments have it. */
const NEIGHBOURS = 15;
const LEAST_DISTANCE = 0.1;
/** A text stands among so many of its nearest rows. */
const AMONG = 3;
/** Of each of the two halves of progress: neighbours, then rounds. */
const STEPS = 100;
/** Milliseconds between two looks at whether anybody still waits. */
const PAUSE_EVERY = 30;

/** [row, 2], the same for the same rows and seed; middle at zero. */
export async function umapPlane(rows: Rows, seed: number, { signal, onProgress }: RunOptions): Promise<Rows> {
  const { UMAP } = await library();
  const count = rowCount(rows);
  let last = performance.now();
  const pause = async (share?: number): Promise<void> => {
    if (performance.now() - last < PAUSE_EVERY) return;
    if (share !== undefined) onProgress?.({ phase: "explain", loaded: Math.round(STEPS * share), total: 2 * STEPS }); // half of the way, to the reader
    await breathe();
    throwIfAborted(signal);
    last = performance.now();
  };
  const graph = await neighbourGraph(rows, Math.min(NEIGHBOURS, count - 1), pause);
  const random = new Random(seed, 4);
  const umap = new UMAP({ nComponents: 2, nNeighbors: graph.indices[0]!.length, minDist: LEAST_DISTANCE, random: () => random.uniform() });
  umap.setPrecomputedKNN(graph.indices.map((row) => Array.from(row)), graph.distances.map((row) => Array.from(row)));
  const rounds = umap.initializeFit(Array.from({ length: count }, (_, row) => Array.from(rowOf(rows, row))));
  for (let round = 0; round < rounds; round++) {
    umap.step();
    if (round % 10 === 0) onProgress?.({ phase: "explain", loaded: STEPS + Math.round((STEPS * round) / rounds), total: 2 * STEPS });
    await pause();
  }
  const points = umap.getEmbedding();
  const middle = [0, 1].map((axis) => points.reduce((sum, point) => sum + point[axis]! / count, 0));
  return { data: Float64Array.from(points.flatMap((point) => [point[0]! - middle[0]!, point[1]! - middle[1]!])), width: 2 };
}

/** Where a text that is no row stands: among its nearest rows, the nearer the more. UMAP gives no map of the space itself. */
export function placeAmong(query: ArrayLike<number>, rows: Rows, plane: Rows): readonly [number, number] {
  const far = distances(query, rows);
  const near = largest(far.map((distance) => -distance), AMONG);
  const weights = near.map((row) => 1 / Math.max(far[row]!, 1e-9));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const along = (axis: number) => near.reduce((sum, row, index) => sum + (weights[index]! / total) * rowOf(plane, row)[axis]!, 0);
  return [along(0), along(1)];
}

/** A bundler may give a CommonJS module's exports by name, or as its default. */
async function library(): Promise<Pick<Library, "UMAP">> {
  const found = (await import("umap-js")) as Library & { readonly default?: Library };
  return found.UMAP ? found : found.default!;
}
