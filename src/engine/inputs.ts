/**
 * Fills a model's inputs from encoded texts: ids, masks, types, positions, an empty past. A table by input name; a name that is not in
 * it is refused when the model is loaded, not when it runs.
 */
import { LexiscopeError } from "../base/errors.js";
import type { Feed } from "./backend.js";
import { lexi, type GraphInput, type Instrumented } from "./instrument.js";

/** One encoded text. */
export interface Row {
  readonly ids: readonly number[];
  readonly typeIds: readonly number[];
}

export interface Batch {
  readonly rows: readonly Row[];
  /** tokens of the longest row; shorter ones are padded at the end */
  readonly length: number;
}

export const batchOf = (rows: readonly Row[]): Batch => ({ rows, length: Math.max(...rows.map(({ ids }) => ids.length)) });

type Integers = (row: Row, token: number, padId: number) => number;

/** [batch, token] inputs by name: the value at a token; beyond a row's end it is padding. */
const perToken: Readonly<Record<string, Integers>> = {
  input_ids: ({ ids }, token, padId) => ids[token] ?? padId,
  attention_mask: ({ ids }, token) => (token < ids.length ? 1 : 0),
  token_type_ids: ({ typeIds }, token) => typeIds[token] ?? 0,
  position_ids: (_, token) => token,
};

/** Names that exporters also give to these inputs. */
const aliases: Readonly<Record<string, string>> = { input: "input_ids", input_mask: "attention_mask", segment_ids: "token_type_ids", mask: "attention_mask", attention_masks: "attention_mask" };

const isPast = (name: string): boolean => /^past(_key_values)?\./.test(name) || /^past_(key|value)_/.test(name);

/** What an input is filled by; null when nobody knows. */
function rowOf({ name, shape }: GraphInput, idsName: string | null): string | null {
  if (name === idsName) return "input_ids";
  if (name in perToken) return name;
  if (name in aliases) return aliases[name]!;
  if (isPast(name) && shape?.length === 4) return "past";
  if (name === "use_cache_branch") return "use_cache_branch";
  return null;
}

/** The model is told which tokens are padding, so that texts of different lengths can share a batch. */
export const hidesPadding = (inputs: readonly GraphInput[]): boolean => inputs.some((input) => rowOf(input, null) === "attention_mask");

/** Throws `unsupported`, naming the inputs that cannot be filled. */
export function checkInputs(inputs: readonly GraphInput[], idsName: string | null): void {
  const unknown = inputs.filter((input) => rowOf(input, idsName) === null);
  if (unknown.length === 0) return;
  const names = unknown.map(({ name, dtype, shape }) => `"${name}" (${dtype}[${shape?.join(", ") ?? "?"}])`).join(", ");
  throw new LexiscopeError("unsupported", `cannot fill the model's input ${names}; known are ${Object.keys(perToken).join(", ")}, past_key_values`, { phase: "model" });
}

function integers(dtype: string, name: string, values: readonly number[], shape: readonly number[]): Feed<never> {
  if (dtype === "int64") return { dtype, data: BigInt64Array.from(values, (value) => BigInt(value)), shape };
  if (dtype === "int32") return { dtype, data: Int32Array.from(values), shape };
  if (dtype === "float32") return { dtype, data: Float32Array.from(values), shape };
  if (dtype === "bool") return { dtype, data: Uint8Array.from(values), shape };
  throw new LexiscopeError("unsupported", `cannot fill the model's input "${name}" of type ${dtype}`, { phase: "run" });
}

/** An empty past: [batch, head, 0, headSize]. */
function emptyPast({ name, dtype, shape }: GraphInput, batch: number): Feed<never> {
  if (dtype !== "float32") throw new LexiscopeError("unsupported", `cannot fill the model's input "${name}" of type ${dtype}`, { phase: "run" });
  const [, heads, , size] = shape ?? [];
  if (typeof heads !== "number" || typeof size !== "number") throw new LexiscopeError("unsupported", `the file does not say the shape of input "${name}"`, { phase: "run" });
  return { dtype, data: new Float32Array(0), shape: [batch, heads, 0, size] };
}

/** Feeds for the model's own inputs. */
export function ownFeeds(instrumented: Instrumented, { rows, length }: Batch, padId: number): Record<string, Feed<never>> {
  const idsName = instrumented.anatomy.embeddings?.ids ?? null;
  const feeds: Record<string, Feed<never>> = {};
  for (const input of instrumented.inputs) {
    const row = rowOf(input, idsName);
    if (row === "past") feeds[input.name] = emptyPast(input, rows.length);
    else if (row === "use_cache_branch") feeds[input.name] = integers("bool", input.name, [0], [1]);
    else {
      const value = perToken[row ?? ""];
      if (!value) throw new LexiscopeError("unsupported", `cannot fill the model's input "${input.name}"`, { phase: "run" });
      const values = rows.flatMap((each) => Array.from({ length }, (_, token) => value(each, token, padId)));
      feeds[input.name] = integers(input.dtype, input.name, values, [rows.length, length]);
    }
  }
  return feeds;
}

/** Feeds for what was added, saying: do not move the embeddings, take the scores at `positions`, no gradient. */
export function addedFeeds(instrumented: Instrumented, { rows, length }: Batch, positions: readonly number[]): Record<string, Feed<never>> {
  const feeds: Record<string, Feed<never>> = {};
  const width = instrumented.anatomy.embeddings?.width;
  if (instrumented.embeddings !== null && width) feeds[lexi.delta] = { dtype: "float32", data: new Float32Array(rows.length * length * width), shape: [rows.length, length, width] };
  if (instrumented.perToken) {
    const select = new Float32Array(rows.length * length);
    positions.forEach((position, row) => (select[row * length + position] = 1));
    feeds[lexi.select] = { dtype: "float32", data: select, shape: [rows.length, 1, length] };
  }
  if (instrumented.gradient === "exact") {
    feeds[lexi.want] = { dtype: "bool", data: Uint8Array.of(0), shape: [] };
    const labels = instrumented.labels ?? 1;
    feeds[lexi.seed] = { dtype: "float32", data: new Float32Array(rows.length * labels), shape: instrumented.perToken ? [rows.length, 1, labels] : [rows.length, labels] };
  }
  return feeds;
}
