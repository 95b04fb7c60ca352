/** The gradient methods that sample noise around a text's embeddings, or points on the way to them. */
import { norm } from "../../base/statistics.js";
import { gradientShap } from "../../methods/gradient-shap.js";
import { smoothGrad, varGrad, type NoiseOptions } from "../../methods/smoothgrad.js";
import type { Method, Subject } from "../subject.js";
import { baselineEmbeddings, gradientOf, units, type BaselineName } from "./features.js";

/** Samples, seed and noise of the gradient methods that sample; `sigma` in the embeddings' own unit. What was sampled before is of this method, seed and options. */
function noiseOf<B>({ options, run, seed: seedNumber, onPartial, recall }: Subject<B>, name: NoiseName, embeddings: Float32Array): NoiseOptions {
  const unit = options["scale"] === "absolute" ? 1 : norm(embeddings) / Math.sqrt(embeddings.length);
  const { samples, ...others } = options;
  return { ...run, onPartial, memory: recall([name, seedNumber, others]), seed: seedNumber, samples: samples as number, sigma: (options["sigma"] as number) * unit };
}

type NoiseName = "smoothgrad" | "vargrad" | "gradient-shap";

export const noise: Readonly<Record<NoiseName, Method>> = {
  smoothgrad: async (subject) => {
    const embeddings = await subject.runner.embeddings(subject.row, subject.run.signal);
    const aggregate = subject.options["aggregate"] as "input" | "sum";
    return smoothGrad(gradientOf(subject, embeddings), embeddings, units(subject), { ...noiseOf(subject, "smoothgrad", embeddings), aggregate });
  },
  vargrad: async (subject) => {
    const embeddings = await subject.runner.embeddings(subject.row, subject.run.signal);
    return varGrad(gradientOf(subject, embeddings), embeddings, units(subject), noiseOf(subject, "vargrad", embeddings));
  },
  "gradient-shap": async (subject) => {
    const embeddings = await subject.runner.embeddings(subject.row, subject.run.signal);
    const baseline = await baselineEmbeddings(subject, subject.options["baseline"] as BaselineName);
    return gradientShap(gradientOf(subject, embeddings), embeddings, [baseline], units(subject), noiseOf(subject, "gradient-shap", embeddings));
  },
};
