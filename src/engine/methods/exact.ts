/** The methods of one exact gradient, or of some along a straight path that stays on the device. */
import { gradientNorm } from "../../methods/gradient-norm.js";
import { gradientXInput } from "../../methods/gradient-x-input.js";
import { integratedGradients, type IntegratedGradientsOptions } from "../../methods/integrated-gradients.js";
import { score } from "../../methods/target.js";
import type { Path } from "../../methods/types.js";
import type { Answer, Method, Subject } from "../subject.js";
import { baselineEmbeddings, gradientOf, normaliseOf, repeat, seedsOf, units, type BaselineName } from "./features.js";

/** The straight path from baseline to input, its points and products on the device; one number a token and point is read back. */
function devicePath<B>(subject: Subject<B>, input: Float32Array, baseline: Float32Array): Path & { release(): void } {
  const { runner, row, position, target } = subject;
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
      at(alphas, async (delta) => {
        const asked = ask(delta, alphas, signal);
        return runner.gradient({ ...asked, seed: await seedsOf(subject, runner, asked) }, async (scores, gradient) => {
          const products = kernels.rowReduce(gradient.array, change, alphas.length * tokens, width, tokens); // [alpha, token]
          const all = await kernels.read(products, alphas.length * tokens);
          kernels.release(products);
          return { values: scores.map((each) => score(each, target)), integrand: alphas.map((_, index) => Array.from(all.subarray(index * tokens, (index + 1) * tokens))) };
        });
      }),
    release: () => [start, end, change].forEach((array) => kernels.release(array)),
  };
}

/** Along the straight path to whatever the runner takes for the embeddings. */
export async function integrated<B>(subject: Subject<B>): Promise<Answer> {
  const { options, run } = subject;
  const embeddings = await subject.runner.embeddings(subject.row, run.signal);
  const path = devicePath(subject, embeddings, await baselineEmbeddings(subject, options["baseline"] as BaselineName));
  const { rule, steps, tolerance } = options as unknown as Required<Pick<IntegratedGradientsOptions, "rule" | "steps" | "tolerance">>;
  try {
    return await integratedGradients(path, { ...run, rule, steps, tolerance, normalise: normaliseOf(subject) });
  } finally {
    path.release();
  }
}

type ExactName = "gradient-norm" | "gradient-x-input" | "integrated-gradients";

export const exact: Readonly<Record<ExactName, Method>> = {
  "gradient-norm": async (subject) => {
    const embeddings = await subject.runner.embeddings(subject.row, subject.run.signal);
    const aggregate = subject.options["aggregate"] as "l1" | "l2";
    return gradientNorm(gradientOf(subject, embeddings), embeddings, units(subject), { ...subject.run, aggregate, normalise: normaliseOf(subject) });
  },
  "gradient-x-input": async (subject) => {
    const embeddings = await subject.runner.embeddings(subject.row, subject.run.signal);
    return gradientXInput(gradientOf(subject, embeddings), embeddings, units(subject), { ...subject.run, normalise: normaliseOf(subject) });
  },
  "integrated-gradients": integrated,
};
