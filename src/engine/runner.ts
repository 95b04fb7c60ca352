/**
 * What a model can compute, on whichever backend: scores, gradients and taps of encoded texts. Turns texts into feeds and outputs into
 * numbers; knows no method and no explanation. `B` is the backend's array; big arrays stay on the device and end with the callback.
 */
import { LexiscopeError } from "../base/errors.js";
import type { Kernels } from "../kernels/types.js";
import type { Backend, Feed, Output } from "./backend.js";
import { addedFeeds, batchOf, ownFeeds, type Filling, type Row } from "./inputs.js";
import { attentionGradient, lexi, type Instrumented } from "./instrument.js";


export interface Ask<B> {
  readonly rows: readonly Row[];
  /** the token of each row whose scores are wanted; ignored by models with one row of scores a text */
  readonly positions: readonly number[];
  /** an array of the kernels, or numbers in ordinary memory */
  readonly delta?: { readonly array: B } | { readonly values: Float32Array } | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface Seeded {
  /** cotangent of a row of scores: one for all rows, or one a row */
  readonly seed: Float32Array | readonly Float32Array[];
}

/** A value in ordinary memory. */
export interface Tap {
  readonly data: Float32Array;
  readonly shape: readonly number[];
}

export class Runner<B> {
  /** @param reference the second text's vector, of length 1, where the score is a cosine; zeros when null */
  constructor(readonly backend: Backend<B>, readonly model: Instrumented, readonly filling: Filling, readonly reference: Float32Array | null = null) {}

  /** The same, with the cosine to this vector as the score. */
  against(reference: Float32Array): Runner<B> {
    return new Runner(this.backend, this.model, this.filling, reference);
  }

  get kernels(): Kernels<B> {
    return this.backend.kernels;
  }

  /** width of the embeddings */
  get width(): number {
    const width = this.model.anatomy.embeddings?.width;
    if (this.model.embeddings === null || !width) throw new LexiscopeError("unsupported", "the word embeddings were not found in this model", { phase: "model" });
    return width;
  }

  /** One forward pass. → [row][label] */
  scores(ask: Ask<B>): Promise<Float32Array[]> {
    const name = this.#scoresName();
    return this.backend.run(this.#feeds(ask), [name], (outputs) => rowsOf(outputs.values(name), ask.rows.length), ask.signal);
  }

  /** Forward and backward. The gradient, [batch, token, width], ends with `use`. */
  gradient<T>(ask: Ask<B> & Seeded, use: (scores: Float32Array[], gradient: Output<B>) => Promise<T> | T): Promise<T> {
    const name = this.#scoresName();
    return this.backend.run(this.#backwardFeeds(ask), [name, lexi.gradient], (outputs) => use(rowsOf(outputs.values(name), ask.rows.length), outputs.array(lexi.gradient)), ask.signal);
  }

  /** Forward and backward, with the gradient of each attention pattern: a graph of the variant "attention" alone. → [block], each [batch, head, query, key] */
  async attentionGradients(ask: Ask<B> & Seeded): Promise<{ scores: Float32Array[]; patterns: Tap[]; gradients: Tap[] }> {
    const name = this.#scoresName();
    const { patterns } = this.model;
    const values = patterns.map((pattern) => (pattern.from === "probabilities" ? pattern.value : ""));
    const gradients = patterns.map((_, block) => attentionGradient(block));
    const taken = (tensor: { readonly data: Float32Array; readonly shape: readonly number[] }): Tap => ({ data: tensor.data.slice(), shape: tensor.shape });
    return this.backend.run(this.#backwardFeeds(ask), [name, ...values, ...gradients], async (outputs) => {
      const read: Tap[] = [];
      for (const value of values) {
        const { array, shape } = outputs.array(value);
        read.push(taken({ data: await this.kernels.read(array, shape.reduce((product, extent) => product * extent, 1)), shape }));
      }
      return { scores: rowsOf(outputs.values(name), ask.rows.length), patterns: read, gradients: gradients.map((each) => taken(outputs.values(each))) };
    }, ask.signal);
  }

  /** Intermediate values of one text; they end with `use`. */
  taps<T>(row: Row, names: readonly string[], use: (outputs: ReadonlyMap<string, Output<B>>) => Promise<T> | T, signal?: AbortSignal): Promise<T> {
    const feeds = this.#feeds({ rows: [row], positions: [row.ids.length - 1] });
    const wanted = [...new Set(names)];
    return this.backend.run(feeds, wanted, (outputs) => use(new Map(wanted.map((name) => [name, outputs.array(name)]))), signal);
  }

  /** Scores and intermediate values of several texts in one run; `read` gives a value in ordinary memory. They end with `use`. */
  batch<T>(ask: Ask<B>, names: readonly string[], use: (scores: Float32Array[], read: (name: string) => Promise<{ data: Float32Array; shape: readonly number[] }>) => Promise<T>): Promise<T> {
    const name = this.#scoresName();
    const wanted = [...new Set([name, ...names])];
    const { features } = this.model;
    return this.backend.run(this.#feeds(ask), wanted, (outputs) => {
      const read = async (value: string) => {
        if (value === features) return outputs.values(value);
        const { array, shape } = outputs.array(value);
        return { data: await this.kernels.read(array, shape.reduce((product, extent) => product * extent, 1)), shape };
      };
      return use(rowsOf(outputs.values(name), ask.rows.length), read);
    }, ask.signal);
  }

  /** A tap in ordinary memory. */
  async read(row: Row, name: string, signal?: AbortSignal): Promise<{ data: Float32Array; shape: readonly number[] }> {
    return this.taps(row, [name], async (outputs) => {
      const { array, shape } = outputs.get(name)!;
      const data = await this.kernels.read(array, shape.reduce((product, extent) => product * extent, 1));
      return { data: data.slice(), shape };
    }, signal);
  }

  /** The word embeddings of one text, [token, width]. */
  async embeddings(row: Row, signal?: AbortSignal): Promise<Float32Array> {
    void this.width;
    return (await this.read(row, this.model.embeddings!, signal)).data;
  }

  #backwardFeeds(ask: Ask<B> & Seeded): Record<string, Feed<B>> {
    if (this.model.gradient !== "exact") throw new LexiscopeError("no-gradient", `${this.model.gradient}; use method="occlusion" or method="approximate-gradient"`, { phase: "model" });
    const { rows, seed } = ask;
    const of = (row: number): Float32Array => (seed instanceof Float32Array ? seed : seed[row]!);
    const width = of(0).length;
    const seeds = new Float32Array(rows.length * width);
    rows.forEach((_, row) => seeds.set(of(row), row * width));
    const shape = this.model.rowed ? [rows.length, 1, width] : [rows.length, width];
    return { ...this.#feeds(ask), [lexi.want]: { dtype: "bool", data: Uint8Array.of(1), shape: [] }, [lexi.seed]: { dtype: "float32", data: seeds, shape } };
  }

  #scoresName(): string {
    if (this.model.scores === null) throw new LexiscopeError("unsupported", "this model gives no scores: it is an encoder without a head", { phase: "model" });
    return this.model.scores;
  }

  #references(rows: number): Feed<B> {
    const { width } = this;
    const data = new Float32Array(rows * width);
    if (this.reference) for (let row = 0; row < rows; row++) data.set(this.reference, row * width);
    return { dtype: "float32", data, shape: [rows, width, 1] };
  }

  #feeds({ rows, positions, delta }: Ask<B>): Record<string, Feed<B>> {
    const batch = batchOf(this.model, rows);
    const feeds: Record<string, Feed<B>> = { ...ownFeeds(this.model, batch, this.filling), ...addedFeeds(this.model, batch, positions, this.filling) };
    if (this.model.vector !== null) feeds[lexi.reference] = this.#references(rows.length);
    if (delta) {
      const shape = [rows.length, batch.length + batch.written, this.width];
      feeds[lexi.delta] = "array" in delta ? { array: delta.array, shape } : { dtype: "float32", data: delta.values, shape };
    }
    return feeds;
  }
}

/** [batch, …, label] → [row][label], copied out of the runtime's memory. */
function rowsOf({ data }: { readonly data: Float32Array }, rows: number): Float32Array[] {
  const width = data.length / rows;
  return Array.from({ length: rows }, (_, row) => data.slice(row * width, (row + 1) * width));
}
