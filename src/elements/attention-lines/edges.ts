/**
 * The lines of one head: for each query the heaviest links that carry the wanted share, in flat arrays, found by query and by key. Made once for
 * a head and a choice of tokens, so that a frame only picks what is in view.
 */
import { massCut } from "../../methods/attention/mass-threshold.js";

export interface Edges {
  readonly count: number;
  /** positions among the rows and columns that are shown, by query and then by key */
  readonly queries: Uint32Array;
  readonly keys: Uint32Array;
  readonly weights: Float32Array;
  /** edges of query q are `fromQuery[q]` to `fromQuery[q + 1]` */
  readonly fromQuery: Uint32Array;
  /** edges to key k are `byKey[fromKey[k]]` to `byKey[fromKey[k + 1]]` */
  readonly fromKey: Uint32Array;
  readonly byKey: Uint32Array;
  /** the heaviest weight; 0 when there are no edges */
  readonly largest: number;
}

/**
 * @param map one head's weights, [query, key] row-major, `side` × `side`
 * @param rows tokens that look and are shown; `columns`: tokens that are looked at and are shown
 * @param share of each row's weight on the shown columns that its edges carry
 */
export function edgesOf(map: Float32Array, side: number, rows: readonly number[], columns: readonly number[], share: number): Edges {
  const row = new Float32Array(columns.length);
  const cuts = rows.map((query) => {
    columns.forEach((key, at) => (row[at] = map[query * side + key]!));
    return massCut(row, share);
  });
  const fromQuery = new Uint32Array(rows.length + 1);
  const fromKey = new Uint32Array(columns.length + 1);
  const each = (use: (query: number, key: number, weight: number) => void) => {
    rows.forEach((token, query) => {
      const { weight: cut, ties } = cuts[query]!;
      let left = ties;
      for (let key = 0; key < columns.length; key++) {
        const weight = map[token * side + columns[key]!]!;
        if (weight > cut || (weight === cut && left-- > 0)) use(query, key, weight);
      }
    });
  };
  each((query, key) => {
    fromQuery[query + 1]!++;
    fromKey[key + 1]!++;
  });
  for (let query = 0; query < rows.length; query++) fromQuery[query + 1]! += fromQuery[query]!;
  for (let key = 0; key < columns.length; key++) fromKey[key + 1]! += fromKey[key]!;
  const count = fromQuery[rows.length]!;
  const [queries, keys, byKey] = [new Uint32Array(count), new Uint32Array(count), new Uint32Array(count)];
  const weights = new Float32Array(count);
  const next = fromKey.slice();
  let [at, largest] = [0, 0];
  each((query, key, weight) => {
    queries[at] = query;
    keys[at] = key;
    weights[at] = weight;
    byKey[next[key]!++] = at++;
    largest = Math.max(largest, weight);
  });
  return { count, queries, keys, weights, fromQuery, fromKey, byKey, largest };
}

type Range = readonly [from: number, to: number];

/** What is looked at: every line with an end among these places of one list or the other, or the lines of some tokens. */
export type Focus =
  | { readonly kind: "window"; readonly queries: Range; readonly keys: Range }
  | { readonly kind: "tokens"; readonly side: "query" | "key"; readonly places: readonly number[] };

/** Calls `use` with the number of each edge in focus, once. */
export function edgesIn({ queries, fromQuery, fromKey, byKey }: Edges, focus: Focus, use: (edge: number) => void): void {
  if (focus.kind === "tokens") {
    for (const place of focus.places) {
      const from = focus.side === "query" ? fromQuery : fromKey;
      for (let at = from[place] ?? 0; at < (from[place + 1] ?? 0); at++) use(focus.side === "query" ? at : byKey[at]!);
    }
    return;
  }
  const [from, to] = focus.queries;
  for (let edge = fromQuery[from]!; edge < fromQuery[to]!; edge++) use(edge);
  for (let at = fromKey[focus.keys[0]]!; at < fromKey[focus.keys[1]]!; at++) {
    const edge = byKey[at]!;
    if (queries[edge]! < from || queries[edge]! >= to) use(edge);
  }
}
