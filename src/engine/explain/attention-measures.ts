/**
 * Attention measures beyond the pattern: one function a measure, each giving a map a layer. Rollout and flow follow the patterns from the
 * input; the two that look at values open a second session for the question, see `side-session.ts`.
 */
import type { AttentionPart } from "../../anatomy/types.js";
import { LexiscopeError, throwIfAborted } from "../../base/errors.js";
import type { AttentionExplanation, Measure, Quality } from "../../explanation/types.js";
import { flowRows } from "../../methods/attention/flow.js";
import { normalizeByReach, rollout, shares, type Map2 } from "../../methods/attention/rollout.js";
import { valueWeighted } from "../../methods/attention/value-weighted.js";
import { cosineDistance } from "../../methods/attention/value-zeroing.js";
import type { Answering, Encoded } from "../answering.js";
import { attentionChoice, type AttentionChoice } from "../attention-choice.js";
import { attentionMaps, combineMaps, rowSumError } from "../attention-maps.js";
import { TOGETHER } from "../batched-scores.js";
import { breathe } from "../breathe.js";
import { batchOf, ownFeeds } from "../inputs.js";
import { tap } from "../instrument.js";
import type { AttentionRequest } from "../requests.js";
import { needed, withSideSession } from "../side-session.js";
import { sidesOf } from "../two-texts.js";
import type { RunOptions } from "../types.js";
import { valuesOf, withValues } from "./patterns-with-values.js";

type Options = NonNullable<AttentionExplanation["options"]>;

interface Asked {
  readonly model: Answering;
  readonly encoded: Encoded;
  readonly choice: AttentionChoice;
  /** layers whose maps are wanted */
  readonly layers: readonly number[];
  readonly options: Options;
  readonly run: RunOptions;
}

interface Found {
  readonly maps: readonly Map2[]; // [layer that was wanted]
  /** what more is to be said of how it was taken */
  readonly options?: Options;
  readonly evaluations?: number;
}

interface Row {
  readonly measure: (asked: Asked) => Promise<Found>;
  /** the options it takes, with what holds when they are not given */
  readonly options: (causal: boolean) => Options;
}

const measures: Readonly<Record<Exclude<Measure, "pattern">, Row>> = {
  rollout: { measure: rolledOut, options: (causal) => ({ residual: true, reach: causal }) },
  flow: { measure: flowing, options: () => ({ residual: true, normalize: true }) },
  "value-weighted": { measure: weightedByValues, options: () => ({ normalize: false }) },
  "value-zeroing": { measure: withoutValues, options: () => ({ normalize: true }) },
};

/** Throws `bad-input` for a measure or option that is not there, `unsupported` where the model's graph does not give what it needs. */
export async function explainMeasure(model: Answering, request: AttentionRequest, run: RunOptions): Promise<AttentionExplanation> {
  const { measure } = request;
  if (!Object.hasOwn(measures, measure!)) throw new LexiscopeError("bad-input", `no measure "${String(measure)}" of attention; there are pattern, ${Object.keys(measures).join(", ")}`, { phase: "request" });
  const row = measures[measure as keyof typeof measures];
  const { instrumented } = model.facts;
  const choice = attentionChoice(instrumented, request);
  const options = optionsOf(row.options(choice.causal), request.options ?? {}, measure!);
  const encoded = model.encode(request);
  const layers = typeof choice.layer === "number" ? [choice.layer] : choice.blocks.map((_, layer) => layer);
  const found = await row.measure({ model, encoded, choice, layers, options, run });
  const weights = combineMaps(found.maps, choice.layer === "max" ? "max" : "mean");
  const sumToOne = options["normalize"] !== false && choice.layer !== "max" && choice.head !== "max";
  const quality: Quality[] = [
    ...(sumToOne ? [{ name: "row-sum-error", value: rowSumError(weights) } as const] : []),
    ...(found.evaluations === undefined ? [] : [{ name: "evaluations", value: found.evaluations } as const]),
  ];
  return {
    ...model.base(request, encoded, quality), kind: "attention", layers: choice.blocks.length, heads: choice.heads, layer: choice.layer, head: choice.head,
    ...(instrumented.anatomy.decoder && sidesOf(encoded.row, choice.part)), causal: choice.causal, measure: measure!, options: { ...options, ...found.options }, weights,
  };
}

/** "true" and "false" as the command gives them. */
function optionsOf(known: Options, given: Options, measure: string): Options {
  const found: Record<string, string | number | boolean> = { ...known };
  for (const [name, value] of Object.entries(given)) {
    if (!Object.hasOwn(known, name)) throw new LexiscopeError("bad-input", `measure "${measure}" has no option ${name}; there are ${Object.keys(known).join(", ")}`, { phase: "request" });
    if (!["true", "false"].includes(String(value))) throw new LexiscopeError("bad-input", `option ${name}="${String(value)}" is not possible; use true, false`, { phase: "request" });
    found[name] = String(value) === "true";
  }
  return found;
}

// -- from the input up to a layer --

/** Patterns of all layers up to the last that is wanted. */
async function patternsOf({ model, encoded, choice, layers, run }: Asked, measure: string): Promise<number[][][]> {
  if (choice.part === "cross") throw new LexiscopeError("bad-input", `measure="${measure}" follows one text through its layers, attention="cross" looks at another text; use attention="self" or "decoder"`, { phase: "request" });
  const upTo = choice.blocks.slice(0, Math.max(...layers) + 1);
  return model.ask((runner) => attentionMaps(runner, encoded.row, upTo, choice.head, run.signal), run.signal);
}

async function rolledOut(asked: Asked): Promise<Found> {
  const patterns = await patternsOf(asked, "rollout");
  const { residual, reach } = asked.options;
  const maps = asked.layers.map((layer) => rollout(patterns.slice(0, layer + 1), { residual: residual === true }));
  return { maps: reach === true ? maps.map(normalizeByReach) : maps };
}

async function flowing(asked: Asked): Promise<Found> {
  const patterns = await patternsOf(asked, "flow");
  const { layers, options, run } = asked;
  const total = layers.length * patterns[0]!.length;
  const maps: number[][][] = [];
  for (const layer of layers) {
    const rows: number[][] = [];
    maps.push(rows);
    for (const row of flowRows(patterns.slice(0, layer + 1), { residual: options["residual"] === true })) {
      rows.push(options["normalize"] === true ? shares(row) : row);
      run.onProgress?.({ phase: "explain", loaded: (maps.length - 1) * patterns[0]!.length + rows.length, total });
      await breathe();
      throwIfAborted(run.signal);
    }
  }
  return { maps };
}

// -- with values --

async function weightedByValues({ model, encoded, choice, layers, options, run }: Asked): Promise<Found> {
  let projected = true;
  const maps = await withValues(model, encoded, layers.map((layer) => choice.blocks[layer]!), async (read) => {
    const found: number[][][] = [];
    for (const layer of read) {
      const { heads, values, output, patterns: patternsOfHeads } = await layer();
      const all = await patternsOfHeads(Array.from({ length: heads }, (_, head) => head));
      const patterns = Array.from({ length: heads }, (_, head) =>
        Array.from({ length: all.queries }, (__, query) => Array.from(all.data.subarray((head * all.queries + query) * all.keys, (head * all.queries + query + 1) * all.keys))));
      projected &&= output !== null;
      const map = valueWeighted(patterns, values, choice.head, output);
      found.push(options["normalize"] === true ? map.map(shares) : map);
    }
    return found;
  }, run.signal);
  return { maps, options: { norm: projected ? "output" : "value" } };
}

/** Of the stream after a layer. */
const streamOf = (part: AttentionPart): "self" | "decoder" => (part === "self" ? "self" : "decoder");

/** One row a zeroed token, in batches: the layer's output of every token against that of the text as it is. */
async function withoutValues({ model, encoded, choice, layers, options, run }: Asked): Promise<Found> {
  const { facts } = model;
  const { part, head } = choice;
  const sides = facts.instrumented.anatomy.decoder ? sidesOf(encoded.row, part) : null;
  const keys = sides?.keys.length ?? encoded.row.ids.length;
  const maps: number[][][] = [];
  let evaluations = 0;
  // "mean": all heads at once, as in the paper; "max": each by itself, the largest of them
  const heads = head === "max" ? Array.from({ length: choice.heads }, (_, index) => [index]) : [head === "mean" ? null : [head]];
  const total = layers.length * heads.length * keys;
  for (const layer of layers) {
    const map = await withSideSession(facts, (graph, anatomy) => {
      const block = anatomy.attention[choice.blocks[layer]!]!;
      const stream = anatomy.residual.find((state) => state.layer === layer && state.part === streamOf(part));
      const value = valuesOf(block, anatomy);
      const keep = "lexi_keep"; // [batch, head or 1, key, 1]
      const rank = graph.rank(value);
      if (rank !== undefined && rank !== 4) throw new LexiscopeError("unsupported", `the values have ${rank} axes, not [batch, head, key, headSize]`, { phase: "model" });
      graph.addInput(keep, "float32", ["lexi_rows", "lexi_heads", "lexi_keys", 1]);
      const half = graph.dtype(value) === "float16";
      const kept = graph.emit("Mul", [value, half ? graph.emit("Cast", [keep], { attributes: { to: { int: 10 } } })[0]! : keep])[0]!;
      const product = graph.producer(kept);
      graph.replaceUses(value, kept, (node) => node === product);
      const output = tap(graph, needed(stream?.value, `residual stream after layer ${layer} was`, anatomy.missing.find(({ what }) => what === "residual")?.reason ?? "nothing like it in the graph"));
      return { outputs: [output], keep };
    }, async (runner, { outputs: [output], keep }) => {
      const states = (rows: readonly (readonly (readonly [number | null, number])[])[]) => {
        const batch = batchOf(runner.model, rows.map(() => encoded.row));
        const width = rows.some((row) => row.some(([one]) => one !== null)) ? choice.heads : 1;
        const data = new Float32Array(rows.length * width * keys).fill(1);
        rows.forEach((row, at) => row.forEach(([one, key]) => (data[(at * width + (one ?? 0)) * keys + key] = 0)));
        const feeds = { ...ownFeeds(runner.model, batch, facts.filling), [keep]: { dtype: "float32" as const, data, shape: [rows.length, width, keys, 1] } };
        evaluations += rows.length;
        return runner.backend.run(feeds, [output!], async (outputs) => {
          const { array, shape } = outputs.array(output!); // [batch, token, width]
          const [, tokens, size] = shape as [number, number, number];
          return { tokens, size, data: (await runner.kernels.read(array, rows.length * tokens * size)).slice() };
        }, run.signal);
      };
      const clean = await states([[]]);
      const best = Array.from({ length: clean.tokens }, () => new Array<number>(keys).fill(0));
      for (const chosen of heads)
        for (let first = 0; first < keys; first += TOGETHER) {
          throwIfAborted(run.signal);
          const count = Math.min(TOGETHER, keys - first);
          const changed = await states(Array.from({ length: count }, (_, at) => (chosen ?? [null]).map((one) => [one, first + at] as const)));
          for (let at = 0; at < count; at++)
            for (let query = 0; query < clean.tokens; query++) {
              const key = first + at;
              if (choice.causal && key > query) continue;
              const distance = cosineDistance(clean.data, changed.data, clean.size, query * clean.size, (at * clean.tokens + query) * clean.size);
              best[query]![key] = Math.max(best[query]![key]!, distance);
            }
          run.onProgress?.({ phase: "explain", loaded: maps.length * heads.length * keys + heads.indexOf(chosen) * keys + first + count, total });
        }
      return best;
    }, run.signal);
    maps.push(options["normalize"] === true ? map.map(shares) : map);
  }
  return { maps, options: { outputs: "layer" }, evaluations };
}
