/**
 * One cell of the zoo's table: a file on a backend, rewritten by the engine as for a reader's page, run, and compared with PyTorch's numbers
 * and with the untouched file. A cell is a set of numbers or a refusal in the engine's own words; what is allowed is not said here.
 */
import { headMaps } from "../src/engine/attention-maps.js";
import { Backend, type Feed, type Output } from "../src/engine/backend.js";
import { instrument, type Instrumented, lexi, type PatternTap, reasonAgainstGpu } from "../src/engine/instrument.js";
import { externalLocations, type ModelFile } from "../src/engine/model-files.js";
import type { Filling } from "../src/engine/inputs.js";
import { Runner } from "../src/engine/runner.js";
import type { BackendName } from "../src/engine/types.js";
import { decodeModel } from "../src/onnx/decode.js";
import { type Coded, decoded } from "./zoo.js";

export interface ZooCase {
  /** integers by row, or float values */
  readonly inputs: Readonly<Record<string, number[][] | Coded>>;
  readonly target: { readonly index: number; readonly positions: readonly number[] | null };
  readonly logits: Coded; readonly lookup: Coded; readonly gradient: Coded;
  readonly attention: readonly Coded[]; readonly residual: readonly Coded[];
}

export interface ZooNumbers {
  readonly cases: readonly ZooCase[];
  readonly architecture: string; readonly flavour: string;
  readonly causal: boolean; readonly layers: number; readonly heads: number; readonly headSize: number; readonly width: number; readonly vocabulary: number;
  /** false: what the file computes at padded tokens is its own affair */
  readonly padding?: boolean;
  /** what the weights are, where they are not float32 */
  readonly precision?: "half" | "int8" | "int4";
}

/** Errors: attention absolute, all others relative to the largest number. NaN where nothing was compared. */
export interface Errors {
  attention: number; hidden: number; lookup: number; logits: number;
  /** the rewritten graph against the file as it was */
  rewritten: number;
  gradient: number;
  /** a text of a padded batch against the text alone */
  alone: number;
}

/** `refused`: why a part of what can be asked is closed, or ""; `missing`: what the anatomy could not tell, which closes nothing by itself. */
export interface Cell {
  readonly refused: string;
  readonly missing: readonly string[];
  readonly model: Instrumented;
  /** null where the file is refused */
  readonly errors: Errors | null;
}

interface Values { readonly data: Float32Array; readonly shape: readonly number[] }

/** Largest difference, absolute and relative. `mask` [row][token]: the tokens that count; the token axis is the last but one. */
function compare(found: Values, wanted: Values, mask: readonly number[][] | null): { absolute: number; relative: number } {
  if (found.shape.join() !== wanted.shape.join()) throw new Error(`shape ${found.shape.join()} and not ${wanted.shape.join()}`);
  const [tokens, columns] = [wanted.shape.at(-2)!, wanted.shape.at(-1)!];
  const each = wanted.data.length / wanted.shape[0]!;
  let difference = 0, largest = 0;
  for (let i = 0; i < wanted.data.length; i++) {
    if (mask && wanted.shape.length > 2 && !mask[Math.floor(i / each)]![Math.floor(i / columns) % tokens]) continue;
    const apart = Math.abs(found.data[i]! - wanted.data[i]!);
    difference = apart <= difference ? difference : apart; // NaN is the largest
    largest = Math.max(largest, Math.abs(wanted.data[i]!));
  }
  return { absolute: difference, relative: largest === 0 ? Infinity : difference / largest };
}

const isCoded = (value: number[][] | Coded): value is Coded => !Array.isArray(value);

/** The row alone; `tokens`: without what is behind them. */
function oneRow(given: ZooCase, row: number, tokens = Infinity): ZooCase {
  const cut = (coded: Coded, from: number): Values => {
    const { data, shape } = decoded(coded);
    const each = data.length / shape[0]!;
    const kept = [...shape.slice(1)];
    const rows = { data: data.slice(row * each, (row + 1) * each), shape: [1, ...kept] };
    if (from === 0 || kept[0]! <= tokens) return rows;
    return { data: rows.data.slice(0, tokens * (each / kept[0]!)), shape: [1, tokens, ...kept.slice(1)] };
  };
  const pack = ({ data, shape }: Values): Coded => ({ shape: [...shape], base64: btoa(Array.from(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), (byte) => String.fromCharCode(byte)).join("")) });
  return {
    ...given,
    inputs: Object.fromEntries(Object.entries(given.inputs).map(([name, value]) => [name, isCoded(value) ? pack(cut(value, 0)) : [value[row]!.slice(0, tokens)]])),
    target: { index: given.target.index, positions: given.target.positions && [given.target.positions[row]!] },
    lookup: pack(cut(given.lookup, 1)), gradient: pack(cut(given.gradient, 1)), logits: pack(cut(given.logits, given.target.positions ? 1 : 0)),
    attention: given.attention.map((coded) => pack(cut(coded, 0))), residual: given.residual.map((coded) => pack(cut(coded, 1))),
  };
}

function ownFeeds(model: Instrumented, given: ZooCase): Record<string, Feed<never>> {
  return Object.fromEntries(model.inputs.map(({ name, dtype, shape: declared }): [string, Feed<never>] => {
    const value = given.inputs[name];
    if (value === undefined) { // a merged decoder has the numbers of the plain one: no past, and the branch without
      if (name === "use_cache_branch") return [name, { dtype: "bool", data: Uint8Array.of(0), shape: [1] }];
      const [, heads, , size] = declared ?? [];
      if (typeof heads !== "number" || typeof size !== "number") throw new Error(`the numbers have no input "${name}"`);
      return [name, { dtype: "float32", data: new Float32Array(0), shape: [given.lookup.shape[0]!, heads, 0, size] }];
    }
    if (isCoded(value)) return [name, { ...decoded(value), dtype: "float32" }];
    const shape = value[0]!.length === 0 ? [value.length] : [value.length, value[0]!.length];
    if (dtype === "int32") return [name, { dtype, data: Int32Array.from(value.flat()), shape }];
    return [name, { dtype: "int64", data: BigInt64Array.from(value.flat(), BigInt), shape }];
  }));
}

function addedFeeds({ target, lookup, logits }: ZooCase): Record<string, Feed<never>> {
  const [rows, tokens] = lookup.shape as [number, number];
  const labels = logits.shape.at(-1)!;
  const select = new Float32Array(rows * tokens), seed = new Float32Array(rows * labels);
  for (let row = 0; row < rows; row++) {
    seed[row * labels + target.index] = 1;
    if (target.positions) select[row * tokens + target.positions[row]!] = 1;
  }
  return {
    [lexi.delta]: { dtype: "float32", data: new Float32Array(lookup.shape.reduce((a, b) => a * b)), shape: lookup.shape },
    [lexi.want]: { dtype: "bool", data: Uint8Array.of(1), shape: [] },
    [lexi.seed]: { dtype: "float32", data: seed, shape: target.positions ? [rows, 1, labels] : [rows, labels] },
    ...(target.positions ? { [lexi.select]: { dtype: "float32", data: select, shape: [rows, 1, tokens] } as const } : {}),
  };
}

const namesOf = (tap: PatternTap): string[] => (tap.from === "probabilities" ? [tap.value] : [tap.query, tap.key, ...(tap.bias === null ? [] : [tap.bias])]);

async function measure<B>(backend: Backend<B>, original: Backend<Float32Array>, model: Instrumented, { cases, padding }: ZooNumbers): Promise<Errors> {
  const runner = new Runner(backend, model, { padId: 0 } as Filling);
  const logitsName = model.anatomy.logits!.value;
  const errors: Errors = { attention: 0, hidden: 0, lookup: 0, logits: 0, rewritten: 0, gradient: 0, alone: NaN };
  const worst = (what: keyof Errors, error: number): void => void (errors[what] = error <= errors[what] ? errors[what] : error);
  const read = async ({ array, shape }: Output<B>): Promise<Values> => ({ data: (await backend.kernels.read(array, shape.reduce((a, b) => a * b, 1))).slice(), shape });

  /** Scores of every token, [batch, token, label]: the graph gives those of one, so they are asked for one after another. */
  const tokenScores = async (given: ZooCase): Promise<Values> => {
    const [rows, tokens, labels] = given.logits.shape as [number, number, number];
    const data = new Float32Array(rows * tokens * labels);
    for (let token = 0; token < tokens; token++) {
      const at = { ...given, target: { ...given.target, positions: new Array<number>(rows).fill(token) } };
      const feeds = { ...ownFeeds(model, at), ...addedFeeds(at), [lexi.want]: { dtype: "bool", data: Uint8Array.of(0), shape: [] } as const };
      await backend.run(feeds, [model.scores!], (outputs) => {
        const scores = outputs.values(model.scores!).data;
        for (let row = 0; row < rows; row++) data.set(scores.subarray(row * labels, (row + 1) * labels), (row * tokens + token) * labels);
      });
    }
    return { data, shape: [rows, tokens, labels] };
  };

  const judge = async (given: ZooCase, mask: readonly number[][] | null): Promise<{ gradient: Values; logits: Values }> => {
    const feeds = { ...ownFeeds(model, given), ...addedFeeds(given) };
    const ofTokens = model.selects === "token" ? await tokenScores(given) : null;
    const names = [...new Set([ofTokens ? model.scores! : logitsName, model.scores!, lexi.gradient, model.embeddings!, ...model.hidden.map(({ value }) => value), ...model.patterns.flatMap(namesOf)])];
    return backend.run(feeds, names, async (outputs) => {
      const logits = ofTokens ?? outputs.values(logitsName);
      worst("logits", compare(logits, decoded(given.logits), mask).relative);
      worst("lookup", compare(await read(outputs.array(model.embeddings!)), decoded(given.lookup), mask).relative);
      for (const { layer, value } of model.hidden) worst("hidden", compare(await read(outputs.array(value)), decoded(given.residual[layer]!), mask).relative);
      const gradient = await read(outputs.array(lexi.gradient));
      worst("gradient", compare(gradient, decoded(given.gradient), mask).relative);
      for (const [layer, tap] of model.patterns.entries()) {
        const wanted = decoded(given.attention[layer]!);
        if (tap.from === "probabilities") worst("attention", compare(await read(outputs.array(tap.value)), wanted, mask).absolute);
        else if (wanted.shape[0] === 1) { // the kernel serves one text
          const held = new Map(namesOf(tap).map((name) => [name, outputs.array(name)]));
          const { queries, keys, data } = await headMaps(runner, tap, held, Array.from({ length: wanted.shape[1]! }, (_, head) => head));
          worst("attention", compare({ data, shape: [1, wanted.shape[1]!, queries, keys] }, wanted, mask).absolute);
        }
      }
      return { gradient, logits: { data: logits.data.slice(), shape: logits.shape } };
    });
  };

  for (const given of cases) {
    const whole = given.inputs["attention_mask"] as number[][];
    const tokens = given.lookup.shape[1]!;
    const own = whole.map((row) => row.slice(-tokens)); // of the tokens that are new
    const mask = padding === false ? own : null;
    const found = await judge(given, mask);
    const before = await original.run(ownFeeds(model, given), [logitsName], (outputs) => ({ data: outputs.values(logitsName).data.slice(), shape: outputs.values(logitsName).shape }));
    worst("rewritten", compare(found.logits, before, mask).relative);
    for (let row = 0; given.lookup.shape[0]! > 1 && row < given.lookup.shape[0]!; row++) {
      const kept = own[row]!.reduce((a, b) => a + b);
      if (backend.name === "webgpu") await judge(oneRow(given, row), mask && [mask[row]!]); // padded, alone: what the kernel makes of masked rows
      if (kept === tokens) continue;
      const text = oneRow(given, row, kept);
      const single = await backend.run({ ...ownFeeds(model, text), ...addedFeeds(text) }, [model.scores!, lexi.gradient], (outputs) => read(outputs.array(lexi.gradient)));
      const width = given.lookup.shape[2]!;
      const from = row * tokens * width;
      if (Number.isNaN(errors.alone)) errors.alone = 0;
      worst("alone", compare({ data: found.gradient.data.slice(from, from + kept * width), shape: single.shape }, single, null).relative);
      const beyond = found.gradient.data.slice(from + kept * width, from + tokens * width);
      worst("alone", Math.max(...beyond.map(Math.abs)));
    }
  }
  return errors;
}

/** What keeps a file from being served whole, or "". */
function refusalOf({ anatomy, patterns, hidden, gradient, embeddings, scores }: Instrumented, layers: number): string {
  const reason = (part: string): string => anatomy.missing.find(({ what }) => what === part)?.reason ?? "not found";
  const parts = [
    patterns.length === layers ? "" : `attention: ${reason("attention")}`,
    hidden.length === layers ? "" : `hidden states: ${reason("residual")}`,
    embeddings === null ? `embeddings: ${reason("embeddings")}` : "",
    scores === null ? `scores: ${reason("logits")}` : "",
    gradient === "exact" ? "" : gradient,
  ];
  return parts.filter((part) => part !== "").join("; ");
}

/** A file of the model's folder. */
type Read = (name: string) => Promise<Uint8Array>;

async function fileOf(read: Read): Promise<ModelFile> {
  const bytes = await read("model.onnx");
  const model = decodeModel(bytes);
  const external = await Promise.all(externalLocations(model.graph).map(async (path) => ({ path, data: await read(path) })));
  return { url: "", bytes, model, decode: () => decodeModel(bytes), external, hash: "" };
}

/** Why the engine would not choose WebGPU for this file on a device without half precision, or "". */
export async function notForGpu(read: Read): Promise<string> {
  return reasonAgainstGpu(await fileOf(read), false);
}

export async function walkCell(read: Read, numbers: ZooNumbers, backend: BackendName): Promise<Cell> {
  const files = await fileOf(read);
  const model = instrument(files, backend);
  const refused = refusalOf(model, numbers.layers);
  const missing = [...new Set(model.anatomy.missing.map(({ what, reason }) => `${what}: ${reason}`))];
  if (refused !== "") return { refused, missing, model, errors: null };
  const original = await Backend.wasm(files, { ...model, graph: files.bytes });
  try {
    const open = backend === "wasm" ? await Backend.wasm(files, model) : await Backend.webgpu(files, model);
    try {
      return { refused, missing, model, errors: await measure(open as Backend<Float32Array>, original, model, numbers) };
    } finally {
      await open.dispose();
    }
  } finally {
    await original.dispose();
  }
}
