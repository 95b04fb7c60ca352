/**
 * Attention of many heads: every layer read in one run, each head's numbers taken from its whole map, and the maps kept small enough to
 * look at together. Not the heat map's one map, see `attention-maps.ts`; of an encoder–decoder, what the text that is read gives to itself.
 */
import { LexiscopeError, throwIfAborted } from "../../base/errors.js";
import { HEAD_MEASURES, type AttentionHeadsExplanation, type HeadMap, type HeadMeasure, type Token } from "../../explanation/types.js";
import { headStatistics } from "../../methods/attention/head-statistics.js";
import { poolMap } from "../../methods/attention/pool-map.js";
import { valueNorms } from "../../methods/attention/value-weighted.js";
import type { Answering, Encoded } from "../answering.js";
import { reasonFor } from "../attention-choice.js";
import { headMaps, headsOf, namesOf, type LayerMap } from "../attention-maps.js";
import type { AttentionHeadsRequest } from "../requests.js";
import { sidesOf } from "../two-texts.js";
import type { RunOptions } from "../types.js";
import { withValues } from "./patterns-with-values.js";

/** Weights that one answer holds, where maps may be made smaller: 16 MiB. */
const MOST_WEIGHTS = 2 ** 22;

/** A layer that can be read: how many heads it has, and the maps of some. */
interface ReadableLayer {
  readonly heads: number;
  readonly maps: (selected: readonly number[]) => Promise<LayerMap>;
}

type Use<T> = (layers: readonly ReadableLayer[]) => Promise<T>;
/** Reads blocks of the anatomy by one run; what is read ends with `use`. */
type Read = <T>(model: Answering, encoded: Encoded, blocks: readonly number[], use: Use<T>, signal?: AbortSignal) => Promise<T>;

const patterns: Read = (model, encoded, blocks, use, signal) =>
  model.ask((runner) => {
    const taps = blocks.map((block) => model.facts.instrumented.patterns[block]!);
    return runner.taps(encoded.row, taps.flatMap(namesOf), (outputs) => use(taps.map((tap) => ({ heads: headsOf(tap, outputs), maps: (selected) => headMaps(runner, tap, outputs, selected) }))), signal);
  }, signal);

/** Each head's pattern times the sizes of what is looked at. */
const weightedByValues: Read = (model, encoded, blocks, use, signal) =>
  withValues(model, encoded, blocks, async (read) => {
    const layers: ReadableLayer[] = [];
    for (const layer of read) {
      const { heads, values, output, patterns: patternsOf } = await layer();
      const norms = valueNorms(values, heads, output); // [head, key]
      layers.push({
        heads,
        maps: async (selected) => {
          const { queries, keys, data } = await patternsOf(selected);
          const weighted = data.map((weight, at) => weight * norms[selected[Math.floor(at / (queries * keys))]! * keys + (at % keys)]!);
          return { queries, keys, data: weighted };
        },
      });
    }
    return use(layers);
  }, signal);

const measures: Readonly<Record<HeadMeasure, Read>> = { pattern: patterns, "value-weighted": weightedByValues };

/** Throws `unsupported` where the model has no attention to be read, `bad-input` for a layer, head, side or measure that is not there. */
export async function explainAttentionHeads(model: Answering, request: AttentionHeadsRequest, run: RunOptions): Promise<AttentionHeadsExplanation> {
  const { anatomy, patterns: taps } = model.facts.instrumented;
  const { measure = "pattern", side } = request;
  if (taps.length === 0) throw new LexiscopeError("unsupported", `no attention found in this model: ${reasonFor(anatomy, "attention")}`, { phase: "model" });
  if (!Object.hasOwn(measures, measure)) throw bad(`no measure "${measure}" of single heads; there are ${HEAD_MEASURES.join(", ")}`);
  if (side !== undefined && !(Number.isInteger(side) && side >= 1)) throw bad(`side ${String(side)} is not possible; use a whole number from 1`);
  const blocks = anatomy.attention.flatMap((block, index) => (block.part === "self" ? [index] : [])); // [layer]
  const layers = chosen(request.layers, blocks.length, "layer");
  const encoded = model.encode(request);
  const tokens = anatomy.decoder ? sidesOf(encoded.row, "self").keys.map((token) => encoded.tokens[token]!) : encoded.tokens;
  const found = await measures[measure](model, encoded, layers.map((layer) => blocks[layer]!), (read) => collect(read, layers, tokens, request, run), run.signal);
  const { worst, most, ...maps } = found;
  return {
    ...model.base(request, { ...encoded, tokens }, measure === "pattern" ? [{ name: "row-sum-error", value: worst }] : []), kind: "attention-heads", layers: blocks.length,
    heads: Math.max(most, ...blocks.map((block) => anatomy.attention[block]!.heads ?? 0)), causal: blocks.every((block) => anatomy.attention[block]!.causal),
    ...(measure !== "pattern" && { measure }), ...maps,
  };
}

/** The maps of the wanted heads and their numbers, layer by layer. `worst`: how far a row's sum is from 1; `most`: heads of the largest layer. */
async function collect(read: readonly ReadableLayer[], layers: readonly number[], tokens: readonly Token[], request: AttentionHeadsRequest, { signal, onProgress }: RunOptions) {
  const special = tokens.map((token) => token.special);
  const most = Math.max(...read.map(({ heads }) => heads));
  const wanted = chosen(request.heads, most, "head");
  const selected = read.map(({ heads }) => wanted.filter((head) => head < heads)); // [layer]
  const count = selected.reduce((sum, heads) => sum + heads.length, 0);
  const side = sideOf(request.side, tokens.length, count);
  const weights = new Float32Array(count * side ** 2); // [map, query, key]
  const maps: HeadMap[] = [];
  let worst = 0;
  for (const [at, layer] of read.entries()) {
    throwIfAborted(signal);
    const { queries, keys, data } = await layer.maps(selected[at]!);
    if (queries !== tokens.length || keys !== tokens.length) throw new LexiscopeError("unsupported", `layer ${layers[at]!} looks from ${queries} places at ${keys}, not from ${tokens.length} tokens at themselves`, { phase: "model" });
    for (const [position, head] of selected[at]!.entries()) {
      const map = data.subarray(position * queries * keys, (position + 1) * queries * keys);
      const into = weights.subarray(maps.length * side ** 2, (maps.length + 1) * side ** 2);
      if (side === queries) into.set(map);
      else poolMap(map, queries, into, side);
      worst = Math.max(worst, rowSumError(map, queries));
      maps.push({ layer: layers[at]!, head, ...headStatistics(map, special) });
    }
    onProgress?.({ phase: "explain", loaded: at + 1, total: read.length });
  }
  return { maps, side, weights, worst, most };
}

const bad = (message: string) => new LexiscopeError("bad-input", message, { phase: "request" });

/** The ones asked for, all when nothing is said. Throws for one that does not exist. */
function chosen(asked: readonly number[] | undefined, count: number, what: string): number[] {
  const all = Array.from({ length: count }, (_, index) => index);
  if (asked === undefined) return all;
  if (asked.length === 0) throw bad(`no ${what} asked for; there are 0 to ${count - 1}`);
  const wrong = asked.find((one) => !all.includes(one));
  if (wrong !== undefined) throw bad(`no ${what} ${String(wrong)}: there are 0 to ${count - 1}`);
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
