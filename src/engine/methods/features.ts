/**
 * A subject as the methods see it: features (embeddings or ids) in, scores and gradients out. What all groups of methods share; no method.
 */
import type { OptionValue } from "../../methods/options.js";
import type { Normalisation } from "../../methods/normalise.js";
import { score, seed, seedAt } from "../../methods/target.js";
import type { Gradient, Predict, Units } from "../../methods/types.js";
import type { Ask, Runner } from "../runner.js";
import { filledIds, type Subject } from "../subject.js";

export type BaselineName = "zero" | "pad" | "mask";

export const units = <B>({ row, runner }: Subject<B>): Units => ({ count: row.ids.length, width: runner.width });
export const repeat = <T>(value: T, count: number): T[] => Array.from({ length: count }, () => value);
export const normaliseOf = ({ options }: { readonly options: Readonly<Record<string, OptionValue>> }) => options["normalise"] as Normalisation;

export async function baselineEmbeddings<B>(subject: Subject<B>, baseline: BaselineName): Promise<Float32Array> {
  const { runner, row, run } = subject;
  if (baseline === "zero") return new Float32Array(row.ids.length * runner.width);
  return runner.embeddings({ ids: filledIds(subject, baseline), typeIds: row.typeIds }, run.signal);
}

/** The cotangents of a question's rows. A probability's depends on the scores, which are then run first. */
export async function seedsOf<B>({ target, labels }: Subject<unknown>, runner: Runner<B>, ask: Ask<B>): Promise<Float32Array | Float32Array[]> {
  return target.scale === undefined ? seed(target, labels) : (await runner.scores(ask)).map((scores) => seedAt(target, scores));
}

/** Embeddings → score and gradient: the features are the embeddings of the text, [token, width]. */
export function gradientOf<B>(subject: Subject<B>, embeddings: Float32Array): Gradient {
  const { runner, row, position, target } = subject;
  return async (inputs, signal) => {
    const values = differences(inputs, embeddings);
    const ask = { rows: repeat(row, inputs.length), positions: repeat(position, inputs.length), delta: { values }, signal };
    return runner.gradient({ ...ask, seed: await seedsOf(subject, runner, ask) }, async (scores, gradient) => {
      const size = embeddings.length;
      const all = await runner.kernels.read(gradient.array, inputs.length * size);
      return { values: scores.map((each) => score(each, target)), gradients: inputs.map((_, index) => all.slice(index * size, (index + 1) * size)) };
    });
  };
}

export function predictEmbeddings<B>(subject: Subject<B>, embeddings: Float32Array): Predict {
  const { runner, row, position, target } = subject;
  return async (inputs, signal) => {
    const ask = { rows: repeat(row, inputs.length), positions: repeat(position, inputs.length), delta: { values: differences(inputs, embeddings) }, signal };
    return (await runner.scores(ask)).map((each) => score(each, target));
  };
}

/** Rows of ids → score: the features are the ids, one a token. */
export function predictIds<B>({ runner, row, position, target }: Subject<B>): Predict {
  return async (inputs, signal) => {
    const rows = inputs.map((ids) => ({ ids: Array.from(ids), typeIds: row.typeIds }));
    return (await runner.scores({ rows, positions: repeat(position, rows.length), signal })).map((each) => score(each, target));
  };
}

/** rows − embeddings, one after the other: what is added to the embeddings to make the rows. */
export function differences(rows: readonly ArrayLike<number>[], embeddings: Float32Array): Float32Array {
  const values = new Float32Array(rows.length * embeddings.length);
  rows.forEach((row, index) => {
    for (let feature = 0; feature < embeddings.length; feature++) values[index * embeddings.length + feature] = row[feature]! - embeddings[feature]!;
  });
  return values;
}
