/**
 * Runs a method of the table on a model: gives it predictions, gradients and paths that stay on the device. One row a method; what a
 * method does is not here.
 */
import { randomSign } from "../base/hash.js";
import { norm } from "../base/statistics.js";
import { approximateGradient } from "../methods/approximate-gradient.js";
import { stepFor, type DirectionalDifferences } from "../methods/directions.js";
import { gradientNorm } from "../methods/gradient-norm.js";
import { gradientShap } from "../methods/gradient-shap.js";
import { gradientXInput } from "../methods/gradient-x-input.js";
import { integratedGradients, type IntegratedGradientsOptions } from "../methods/integrated-gradients.js";
import type { Normalisation } from "../methods/normalise.js";
import { occlusion } from "../methods/occlusion.js";
import type { OptionValue } from "../methods/options.js";
import type { MethodName } from "../methods/table.js";
import { smoothGrad, varGrad, type NoiseOptions } from "../methods/smoothgrad.js";
import { score, seed } from "../methods/target.js";
import type { Gradient, Path, Predict, Units } from "../methods/types.js";
import { unitDifferences } from "../methods/unit-differences.js";
import { games } from "./games.js";
import { filledIds, type Answer, type Method, type Subject } from "./subject.js";

type BaselineName = "zero" | "pad" | "mask";

const units = <B>({ row, runner }: Subject<B>): Units => ({ count: row.ids.length, width: runner.width });
const repeat = <T>(value: T, count: number): T[] => Array.from({ length: count }, () => value);
const normaliseOf = ({ options }: { readonly options: Readonly<Record<string, OptionValue>> }) => options["normalise"] as Normalisation;

async function baselineEmbeddings<B>(subject: Subject<B>, baseline: BaselineName): Promise<Float32Array> {
  const { runner, row, run } = subject;
  if (baseline === "zero") return new Float32Array(row.ids.length * runner.width);
  return runner.embeddings({ ids: filledIds(subject, baseline), typeIds: row.typeIds }, run.signal);
}

/** Embeddings → score and gradient: the features are the embeddings of the text, [token, width]. */
function gradientOf<B>(subject: Subject<B>, embeddings: Float32Array): Gradient {
  const { runner, row, position, target, labels } = subject;
  return async (inputs, signal) => {
    const values = differences(inputs, embeddings);
    const ask = { rows: repeat(row, inputs.length), positions: repeat(position, inputs.length), delta: { values }, seed: seed(target, labels), signal };
    return runner.gradient(ask, async (scores, gradient) => {
      const size = embeddings.length;
      const all = await runner.kernels.read(gradient.array, inputs.length * size);
      return { values: scores.map((each) => score(each, target)), gradients: inputs.map((_, index) => all.slice(index * size, (index + 1) * size)) };
    });
  };
}

function predictEmbeddings<B>(subject: Subject<B>, embeddings: Float32Array): Predict {
  const { runner, row, position, target } = subject;
  return async (inputs, signal) => {
    const ask = { rows: repeat(row, inputs.length), positions: repeat(position, inputs.length), delta: { values: differences(inputs, embeddings) }, signal };
    return (await runner.scores(ask)).map((each) => score(each, target));
  };
}

/** Rows of ids → score: the features are the ids, one a token. */
function predictIds<B>({ runner, row, position, target }: Subject<B>): Predict {
  return async (inputs, signal) => {
    const rows = inputs.map((ids) => ({ ids: Array.from(ids), typeIds: row.typeIds }));
    return (await runner.scores({ rows, positions: repeat(position, rows.length), signal })).map((each) => score(each, target));
  };
}

/** rows − embeddings, one after the other: what is added to the embeddings to make the rows. */
function differences(rows: readonly ArrayLike<number>[], embeddings: Float32Array): Float32Array {
  const values = new Float32Array(rows.length * embeddings.length);
  rows.forEach((row, index) => {
    for (let feature = 0; feature < embeddings.length; feature++) values[index * embeddings.length + feature] = row[feature]! - embeddings[feature]!;
  });
  return values;
}

/** The straight path from baseline to input, its points and products on the device; one number a token and point is read back. */
function devicePath<B>(subject: Subject<B>, input: Float32Array, baseline: Float32Array): Path & { release(): void } {
  const { runner, row, position, target, labels } = subject;
  const { kernels } = runner;
  const [tokens, width] = [row.ids.length, runner.width];
  const start = kernels.upload(baseline);
  const end = kernels.upload(input);
  const change = kernels.upload(input.map((value, feature) => value - baseline[feature]!)); // [token, width]
  const at = async <T>(alphas: readonly number[], use: (delta: B) => Promise<T>): Promise<T> => {
    const delta = kernels.pathPoints(end, start, alphas, input.length); // [alpha, token, width]
    try {
      return await use(delta);
    } finally {
      kernels.release(delta);
    }
  };
  const ask = (array: B, alphas: readonly number[], signal: AbortSignal | undefined) => ({ rows: repeat(row, alphas.length), positions: repeat(position, alphas.length), delta: { array }, signal });
  return {
    units: { count: tokens, width },
    values: (alphas, signal) => at(alphas, async (delta) => (await runner.scores(ask(delta, alphas, signal))).map((each) => score(each, target))),
    integrand: (alphas, signal) =>
      at(alphas, (delta) =>
        runner.gradient({ ...ask(delta, alphas, signal), seed: seed(target, labels) }, async (scores, gradient) => {
          const products = kernels.rowReduce(gradient.array, change, alphas.length * tokens, width, tokens); // [alpha, token]
          const all = await kernels.read(products, alphas.length * tokens);
          kernels.release(products);
          return { values: scores.map((each) => score(each, target)), integrand: alphas.map((_, index) => Array.from(all.subarray(index * tokens, (index + 1) * tokens))) };
        }),
      ),
    release: () => [start, end, change].forEach((array) => kernels.release(array)),
  };
}

/** Directional differences with the directions made on the device. */
function deviceDirections<B>(subject: Subject<B>, input: Float32Array): DirectionalDifferences {
  const { runner, row, position, target } = subject;
  const { kernels } = runner;
  const [tokens, width] = [row.ids.length, runner.width];
  const step = stepFor(input, subject.options["step"] as number);
  const predicted = async (count: number, delta: { array: B } | undefined, signal: AbortSignal | undefined) =>
    (await runner.scores({ rows: repeat(row, count), positions: repeat(position, count), delta, signal })).map((each) => score(each, target));
  return {
    units: { count: tokens, width },
    step,
    async value(signal) {
      return (await predicted(1, undefined, signal))[0]!;
    },
    async sample(first, count, signal) {
      const delta = kernels.directions(subject.seed, first, count, input.length, step);
      try {
        const values = await predicted(count, { array: delta }, signal);
        return { values, products: Array.from({ length: count }, (_, index) => signedSums(input, tokens, width, subject.seed, first + index)) };
      } finally {
        kernels.release(delta);
      }
    },
  };
}

/** Σ over a token's features of direction · input, the directions by the same hash as on the device. */
function signedSums(input: Float32Array, tokens: number, width: number, seedNumber: number, direction: number): number[] {
  return Array.from({ length: tokens }, (_, token) => {
    let total = 0;
    for (let feature = token * width; feature < (token + 1) * width; feature++) total += randomSign(seedNumber, direction, feature) * input[feature]!;
    return total;
  });
}

/** Samples, seed and noise of the gradient methods that sample; `sigma` in the embeddings' own unit. */
function noiseOf<B>({ options, run, seed: seedNumber }: Subject<B>, embeddings: Float32Array): NoiseOptions {
  const unit = options["scale"] === "absolute" ? 1 : norm(embeddings) / Math.sqrt(embeddings.length);
  return { ...run, seed: seedNumber, samples: options["samples"] as number, sigma: (options["sigma"] as number) * unit };
}

const rows: Readonly<Record<MethodName, Method>> = {
  ...games,
  smoothgrad: async (subject) => {
    const embeddings = await subject.runner.embeddings(subject.row, subject.run.signal);
    const aggregate = subject.options["aggregate"] as "input" | "sum";
    return smoothGrad(gradientOf(subject, embeddings), embeddings, units(subject), { ...noiseOf(subject, embeddings), aggregate });
  },
  vargrad: async (subject) => {
    const embeddings = await subject.runner.embeddings(subject.row, subject.run.signal);
    return varGrad(gradientOf(subject, embeddings), embeddings, units(subject), noiseOf(subject, embeddings));
  },
  "gradient-shap": async (subject) => {
    const embeddings = await subject.runner.embeddings(subject.row, subject.run.signal);
    const baseline = await baselineEmbeddings(subject, subject.options["baseline"] as BaselineName);
    return gradientShap(gradientOf(subject, embeddings), embeddings, [baseline], units(subject), noiseOf(subject, embeddings));
  },
  "gradient-norm": async (subject) => {
    const embeddings = await subject.runner.embeddings(subject.row, subject.run.signal);
    const aggregate = subject.options["aggregate"] as "l1" | "l2";
    return gradientNorm(gradientOf(subject, embeddings), embeddings, units(subject), { ...subject.run, aggregate, normalise: normaliseOf(subject) });
  },
  "gradient-x-input": async (subject) => {
    const embeddings = await subject.runner.embeddings(subject.row, subject.run.signal);
    return gradientXInput(gradientOf(subject, embeddings), embeddings, units(subject), { ...subject.run, normalise: normaliseOf(subject) });
  },
  "integrated-gradients": async (subject) => {
    const { options, run } = subject;
    const embeddings = await subject.runner.embeddings(subject.row, run.signal);
    const path = devicePath(subject, embeddings, await baselineEmbeddings(subject, options["baseline"] as BaselineName));
    const { rule, steps, tolerance } = options as unknown as Required<Pick<IntegratedGradientsOptions, "rule" | "steps" | "tolerance">>;
    try {
      return await integratedGradients(path, { ...run, rule, steps, tolerance, normalise: normaliseOf(subject) });
    } finally {
      path.release();
    }
  },
  "approximate-gradient": async (subject) => {
    const embeddings = await subject.runner.embeddings(subject.row, subject.run.signal);
    const { run, options } = subject;
    if (options["along"] === "random") return approximateGradient(deviceDirections(subject, embeddings), { ...run, directions: options["directions"] as number });
    return unitDifferences(predictEmbeddings(subject, embeddings), embeddings, units(subject), { ...run, relativeStep: options["step"] as number });
  },
  occlusion: async (subject) => {
    const { options, run, row } = subject;
    const how = { ...run, window: options["window"] as number, stride: options["stride"] as number, normalise: normaliseOf(subject) };
    const baseline = options["baseline"] as BaselineName;
    if (baseline !== "zero") return occlusion(predictIds(subject), row.ids, filledIds(subject, baseline), { count: row.ids.length, width: 1 }, how);
    const embeddings = await subject.runner.embeddings(row, run.signal);
    return occlusion(predictEmbeddings(subject, embeddings), embeddings, new Float32Array(embeddings.length), units(subject), how);
  },
};

/** Throws `no-gradient` when the method needs one and the model has none. */
export function runMethod<B>(name: MethodName, subject: Subject<B>): Promise<Answer> {
  return rows[name](subject);
}
