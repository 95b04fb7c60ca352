/**
 * Fills a model's inputs from encoded texts: ids, masks, types, positions, an empty past. A table by input name; a name that is not in
 * it is refused when the model is loaded, not when it runs.
 */
import { LexiscopeError } from "../base/errors.js";
import type { Feed } from "./backend.js";
import { FIXED, lexi, type GraphInput, type Instrumented } from "./instrument.js";

/** One encoded text. Of an encoder–decoder both: tokens of type 0 are read, those of type 1, after them, are written. */
export interface Row {
  readonly ids: readonly number[];
  readonly typeIds: readonly number[];
}

/** What config.json says about inputs. */
export interface Filling {
  readonly padId: number;
  /** position of the first token */
  readonly firstPosition: number;
  /** how many token types the model knows */
  readonly types: number;
  /** of keys and values, for an empty past whose file does not say it */
  readonly keyHeads: number | null;
  readonly headSize: number | null;
  /** how a text's vector is made of its tokens', where the model does not do so itself */
  readonly pooling: "mean" | "first";
}

export interface Batch {
  readonly rows: readonly Row[];
  /** tokens of the longest row; shorter ones are padded at the end */
  readonly length: number;
  /** the same of the texts that are written; 0 where the model has one text */
  readonly written: number;
}

/** Where the written text begins: the row's end where there is none. */
export function writtenFrom({ ids, typeIds }: Row, hasDecoder: boolean): number {
  const first = hasDecoder ? typeIds.indexOf(1) : -1;
  return first === -1 ? ids.length : first;
}

const longest = (lengths: readonly number[]): number => lengths.reduce((most, length) => Math.max(most, length), 0);

export function batchOf({ anatomy }: Instrumented, rows: readonly Row[]): Batch {
  const starts = rows.map((row) => writtenFrom(row, anatomy.decoder !== null));
  return { rows, length: longest(starts), written: longest(rows.map(({ ids }, index) => ids.length - starts[index]!)) };
}

/** A token of one text of a row; beyond its end it is padding. */
interface Place {
  readonly id: number | undefined;
  readonly type: number;
  readonly index: number;
}

type Integers = (place: Place, filling: Filling) => number;

const id: Integers = ({ id }, { padId }) => id ?? padId;
const mask: Integers = ({ id }) => (id === undefined ? 0 : 1);
const position: Integers = ({ index }, { firstPosition }) => index + firstPosition;

/** [batch, token] inputs by name: of which text, and the value at a token. */
const perToken: Readonly<Record<string, { readonly written: boolean; readonly value: Integers }>> = {
  input_ids: { written: false, value: id },
  attention_mask: { written: false, value: mask },
  token_type_ids: { written: false, value: ({ type }, { types }) => Math.min(type, types - 1) },
  position_ids: { written: false, value: position },
  decoder_input_ids: { written: true, value: id },
  decoder_attention_mask: { written: true, value: mask },
  decoder_position_ids: { written: true, value: position },
};

/** Names that exporters also give to these inputs. */
const aliases: Readonly<Record<string, string>> = {
  input: "input_ids", input_mask: "attention_mask", segment_ids: "token_type_ids", mask: "attention_mask", attention_masks: "attention_mask", encoder_attention_mask: "attention_mask",
};

/** Inputs that are one number or one row for the whole batch. */
const perBatch: Readonly<Record<string, (batch: Batch) => { readonly values: readonly number[]; readonly shape: readonly number[] }>> = {
  use_cache_branch: () => ({ values: [Number(FIXED.use_cache_branch)], shape: [1] }),
  num_logits_to_keep: () => ({ values: [0], shape: [] }), // 0: of all tokens
  logits_to_keep: () => ({ values: [0], shape: [] }),
  cache_position: ({ length }) => ({ values: Array.from({ length }, (_, token) => token), shape: [length] }),
};

const isPast = (name: string): boolean => /^past(?:_key_values)?[._]/.test(name);

interface Names {
  readonly ids: string | null;
  readonly decoderIds: string | null;
}

const namesOf = ({ anatomy }: Pick<Instrumented, "anatomy">): Names => ({ ids: anatomy.embeddings?.ids ?? null, decoderIds: anatomy.decoder?.ids ?? null });

/** What an input is filled by; null when nobody knows. */
function rowOf({ name, shape }: GraphInput, { ids, decoderIds }: Names): string | null {
  if (name === decoderIds) return "decoder_input_ids";
  if (name === ids) return "input_ids";
  if (name in perToken) return name;
  if (name in aliases) return aliases[name]!;
  if (isPast(name) && (shape?.length === 4 || shape?.length === 5)) return "past";
  return name in perBatch ? name : null;
}

/** The model is told which tokens are padding, so that texts of different lengths can share a batch. */
export const hidesPadding = (inputs: readonly GraphInput[]): boolean => inputs.some((input) => rowOf(input, { ids: null, decoderIds: null }) === "attention_mask");

/** Throws `unsupported`, naming the inputs that cannot be filled. */
export function checkInputs(model: Pick<Instrumented, "inputs" | "anatomy">): void {
  const unknown = model.inputs.filter((input) => rowOf(input, namesOf(model)) === null);
  if (unknown.length === 0) return;
  const names = unknown.map(({ name, dtype, shape }) => `"${name}" (${dtype}[${shape?.join(", ") ?? "?"}])`).join(", ");
  throw new LexiscopeError("unsupported", `cannot fill the model's input ${names}; known are ${[...Object.keys(perToken), ...Object.keys(perBatch)].join(", ")}, past_key_values`, { phase: "model" });
}

function integers(dtype: string, name: string, values: readonly number[], shape: readonly number[]): Feed<never> {
  if (dtype === "int64") return { dtype, data: BigInt64Array.from(values, (value) => BigInt(value)), shape };
  if (dtype === "int32") return { dtype, data: Int32Array.from(values), shape };
  if (dtype === "float32") return { dtype, data: Float32Array.from(values), shape };
  if (dtype === "bool") return { dtype, data: Uint8Array.from(values), shape };
  throw new LexiscopeError("unsupported", `cannot fill the model's input "${name}" of type ${dtype}`, { phase: "run" });
}

/** An empty past: [batch, head, 0, headSize], or keys and values in one, [2, batch, head, 0, headSize]. What the file leaves open, config.json may say. */
function emptyPast({ name, dtype, shape }: GraphInput, batch: number, { keyHeads, headSize }: Filling): Feed<never> {
  const [heads, , size] = (shape ?? []).slice(-3);
  const known = [typeof heads === "number" ? heads : keyHeads, typeof size === "number" ? size : headSize];
  if (known.includes(null)) throw new LexiscopeError("unsupported", `neither the file nor config.json says the shape of input "${name}" (num_key_value_heads, head_dim)`, { phase: "run" });
  const full = [...(shape?.length === 5 ? [2] : []), batch, known[0]!, 0, known[1]!];
  if (dtype === "float32") return { dtype, data: new Float32Array(0), shape: full };
  if (dtype === "float16") return { dtype, data: new Uint16Array(0), shape: full };
  throw new LexiscopeError("unsupported", `cannot fill the model's input "${name}" of type ${dtype}`, { phase: "run" });
}

/** Feeds for the model's own inputs. */
export function ownFeeds(instrumented: Instrumented, batch: Batch, filling: Filling): Record<string, Feed<never>> {
  const { rows } = batch;
  const names = namesOf(instrumented);
  const starts = rows.map((row) => writtenFrom(row, names.decoderIds !== null));
  const feeds: Record<string, Feed<never>> = {};
  for (const input of instrumented.inputs) {
    const row = rowOf(input, names) ?? "";
    const column = perToken[row];
    if (row === "past") feeds[input.name] = emptyPast(input, rows.length, filling);
    else if (column) {
      const length = column.written ? batch.written : batch.length;
      const values = rows.flatMap(({ ids, typeIds }, at) => {
        const [from, to] = column.written ? [starts[at]!, ids.length] : [0, starts[at]!];
        return Array.from({ length }, (_, index) => column.value({ id: from + index < to ? ids[from + index] : undefined, type: typeIds[from + index] ?? 0, index }, filling));
      });
      feeds[input.name] = integers(input.dtype, input.name, values, [rows.length, length]);
    } else {
      const one = perBatch[row];
      if (!one) throw new LexiscopeError("unsupported", `cannot fill the model's input "${input.name}"`, { phase: "run" });
      const { values, shape } = one(batch);
      feeds[input.name] = integers(input.dtype, input.name, values, input.shape?.length === 0 ? [] : shape);
    }
  }
  return feeds;
}

/** Feeds for what was added, saying: do not move the embeddings, take the scores at `positions`, no gradient. */
export function addedFeeds(instrumented: Instrumented, { rows, length, written }: Batch, positions: readonly number[], { pooling }: Filling): Record<string, Feed<never>> {
  const feeds: Record<string, Feed<never>> = {};
  const { embeddings, decoder } = instrumented.anatomy;
  const tokens = length + written;
  const width = embeddings?.width;
  if (instrumented.embeddings !== null && width) feeds[lexi.delta] = { dtype: "float32", data: new Float32Array(rows.length * tokens * width), shape: [rows.length, tokens, width] };
  if (instrumented.selects !== null) {
    const scored = decoder === null ? length : written;
    const select = new Float32Array(rows.length * scored);
    rows.forEach((row, at) => {
      if (instrumented.selects === "token") select[at * scored + positions[at]! - (decoder === null ? 0 : writtenFrom(row, true))] = 1;
      else if (pooling === "first") select[at * scored] = 1;
      else select.fill(1 / row.ids.length, at * scored, at * scored + row.ids.length);
    });
    feeds[lexi.select] = { dtype: "float32", data: select, shape: [rows.length, 1, scored] };
  }
  if (instrumented.gradient === "exact") {
    feeds[lexi.want] = { dtype: "bool", data: Uint8Array.of(0), shape: [] };
    const labels = instrumented.labels ?? 1;
    feeds[lexi.seed] = { dtype: "float32", data: new Float32Array(rows.length * labels), shape: instrumented.rowed ? [rows.length, 1, labels] : [rows.length, labels] };
  }
  return feeds;
}
