/**
 * Attention of many heads: every layer tapped in one run, each head's numbers taken from its whole map, and the maps kept small enough to
 * look at together. Not the heat map's one map, see `attention-maps.ts`; of an encoder–decoder, what the text that is read gives to itself.
 */
import { LexiscopeError, throwIfAborted } from "../../base/errors.js";
import type { AttentionHeadsExplanation, HeadMap } from "../../explanation/types.js";
import { headStatistics } from "../../methods/attention/head-statistics.js";
import { poolMap } from "../../methods/attention/pool-map.js";
import type { Answering } from "../answering.js";
import { headMaps, headsOf, namesOf } from "../attention-maps.js";
import type { AttentionHeadsRequest } from "../requests.js";
import { sidesOf } from "../two-texts.js";
import type { RunOptions } from "../types.js";

/** Weights that one answer holds, where maps may be made smaller: 16 MiB. */
const MOST_WEIGHTS = 2 ** 22;

export async function explainAttentionHeads(model: Answering, request: AttentionHeadsRequest, { signal, onProgress }: RunOptions): Promise<AttentionHeadsExplanation> {
  const { patterns, anatomy } = model.facts.instrumented;
  if (patterns.length === 0) throw new LexiscopeError("unsupported", `no attention found in this model: ${anatomy.missing.find(({ what }) => what === "attention")?.reason ?? "nothing like it in the graph"}`, { phase: "model" });
  const blocks = anatomy.attention.flatMap((block, index) => (block.part === "self" ? [index] : [])); // [layer]
  const layers = chosen(request.layers, blocks.length, "layer");
  if (request.side !== undefined && !(Number.isInteger(request.side) && request.side >= 1)) throw new LexiscopeError("bad-input", `side ${String(request.side)} is not possible; use a whole number from 1`, { phase: "request" });
  const encoded = model.encode(request);
  const tokens = anatomy.decoder ? sidesOf(encoded.row, "self").keys.map((token) => encoded.tokens[token]!) : encoded.tokens;
  const special = tokens.map((token) => token.special);
  const taps = layers.map((layer) => patterns[blocks[layer]!]!);
  return model.ask((runner) => runner.taps(encoded.row, taps.flatMap(namesOf), async (outputs) => {
    const most = Math.max(...taps.map((tap) => headsOf(tap, outputs)));
    const wanted = chosen(request.heads, most, "head");
    const selected = taps.map((tap) => wanted.filter((head) => head < headsOf(tap, outputs)));
    const side = sideOf(request.side, special.length, selected.reduce((sum, heads) => sum + heads.length, 0));
    const weights = new Float32Array(selected.reduce((sum, heads) => sum + heads.length, 0) * side ** 2); // [map, query, key]
    const maps: HeadMap[] = [];
    let worst = 0;
    for (const [at, tap] of taps.entries()) {
      throwIfAborted(signal);
      const { queries, keys, data } = await headMaps(runner, tap, outputs, selected[at]!);
      if (queries !== special.length || keys !== special.length) throw new LexiscopeError("unsupported", `layer ${layers[at]!} looks from ${queries} places at ${keys}, not from ${special.length} tokens at themselves`, { phase: "model" });
      for (const [position, head] of selected[at]!.entries()) {
        const map = data.subarray(position * queries * keys, (position + 1) * queries * keys);
        const into = weights.subarray(maps.length * side ** 2, (maps.length + 1) * side ** 2);
        if (side === queries) into.set(map);
        else poolMap(map, queries, into, side);
        worst = Math.max(worst, rowSumError(map, queries));
        maps.push({ layer: layers[at]!, head, ...headStatistics(map, special) });
      }
      onProgress?.({ phase: "explain", loaded: at + 1, total: taps.length });
    }
    const heads = Math.max(most, ...blocks.map((block) => anatomy.attention[block]!.heads ?? 0));
    const causal = blocks.every((block) => anatomy.attention[block]!.causal);
    return { ...model.base(request, { ...encoded, tokens }, [{ name: "row-sum-error", value: worst }]), kind: "attention-heads", layers: blocks.length, heads, causal, maps, side, weights };
  }, signal), signal);
}

/** The ones asked for, all when nothing is said. Throws for one that does not exist. */
function chosen(asked: readonly number[] | undefined, count: number, what: string): number[] {
  const all = Array.from({ length: count }, (_, index) => index);
  if (asked === undefined) return all;
  const wrong = asked.find((one) => !all.includes(one));
  if (wrong !== undefined || asked.length === 0) throw new LexiscopeError("bad-input", wrong === undefined ? `no ${what} asked for; there are 0 to ${count - 1}` : `no ${what} ${String(wrong)}: there are 0 to ${count - 1}`, { phase: "request" });
  return [...new Set(asked)].sort((a, b) => a - b);
}

/** The side of the maps kept: whole maps unless a side was asked for; then all of them together hold no more than `MOST_WEIGHTS`. */
function sideOf(asked: number | undefined, tokens: number, maps: number): number {
  return asked === undefined ? tokens : Math.min(tokens, asked, Math.max(1, Math.floor(Math.sqrt(MOST_WEIGHTS / maps))));
}

/** How far a row's sum is from 1, at worst. */
function rowSumError(map: Float32Array, tokens: number): number {
  let worst = 0;
  for (let query = 0; query < tokens; query++) {
    let sum = 0;
    for (let key = 0; key < tokens; key++) sum += map[query * tokens + key]!;
    worst = Math.max(worst, Math.abs(sum - 1));
  }
  return worst;
}
