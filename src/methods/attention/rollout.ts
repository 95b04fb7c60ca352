/**
 * Attention rollout: how much of each input token reaches each top position when attention is followed through the layers, the residual
 * connection counted as half. Not a causal claim: values and feed-forward parts are ignored.
 * Source: Abnar & Zuidema 2020, "Quantifying Attention Flow in Transformers", eq. 1.
 */
import { LexiscopeError } from "../../base/errors.js";
import { sum } from "../../base/statistics.js";

/** Square matrix, [query][key]. */
export type Map2 = readonly (readonly number[])[];

/** A = (W + I) with rows divided by their sums: what one layer hands on when the residual stream counts as much as attention. */
export function withResidual(pattern: Map2): number[][] {
  return pattern.map((row, query) => {
    const added = row.map((weight, key) => weight + (key === query ? 1 : 0));
    const total = sum(added);
    return added.map((weight) => weight / total);
  });
}

/** The mean over heads, [head][query][key] → [query][key]. */
export function meanOverHeads(heads: readonly Map2[]): number[][] {
  const first = heads[0];
  if (!first) throw new LexiscopeError("bad-input", "no attention heads to average");
  return first.map((row, query) => row.map((_, key) => heads.reduce((sum, head) => sum + at(head, query, key), 0) / heads.length));
}

/**
 * @param layers patterns averaged over heads, from the first layer to the last, [layer][query][key]
 * @param residual counts the residual connection (default); without it, plain matrix products
 * @returns [query][key]; rows sum to 1 where the patterns' rows do
 */
export function rollout(layers: readonly Map2[], { residual = true }: { readonly residual?: boolean } = {}): number[][] {
  const [first, ...rest] = layers.map((layer) => (residual ? withResidual(layer) : layer.map((row) => [...row])));
  if (!first) throw new LexiscopeError("bad-input", "no layers to roll out");
  return rest.reduce((reached, layer) => product(layer, reached), first);
}

/**
 * Divides column j by the number of queries that can see it, then each row by its sum: takes out of a causal model's rollout that early
 * tokens are seen by more positions than late ones.
 */
export function normalizeByReach(map: Map2): number[][] {
  return map.map((row) => shares(row.map((weight, key) => weight / (row.length - key))));
}

/** A row divided by its sum; as it is when nothing is in it. */
export function shares(row: readonly number[]): number[] {
  const total = sum(row);
  return row.map((weight) => (total > 0 ? weight / total : weight));
}

/** By rows of the right side, so that a long text's map takes milliseconds. */
function product(left: Map2, right: Map2): number[][] {
  const columns = right[0]?.length ?? 0;
  const rows = right.map((row) => Float64Array.from(row));
  return left.map((weights) => {
    const row = new Float64Array(columns);
    weights.forEach((weight, inner) => {
      const from = rows[inner]!;
      if (weight !== 0) for (let column = 0; column < columns; column++) row[column] = (row[column] as number) + weight * (from[column] as number);
    });
    return Array.from(row);
  });
}

function at(map: Map2, row: number, column: number): number {
  return map[row]?.[column] ?? 0;
}
