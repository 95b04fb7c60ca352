/** The methods that need another backward graph than the usual one: each asks for a second session of the model. */
import type { SoftmaxRescaling } from "../../autodiff/index.js";
import { LexiscopeError } from "../../base/errors.js";
import { attentionRelevance, type HeadMaps } from "../../methods/attention/relevance.js";
import { deepLift, type Multipliers } from "../../methods/deep-lift.js";
import { completenessGap } from "../../methods/integrated-gradients.js";
import { gradientXInput } from "../../methods/gradient-x-input.js";
import { score, seed, seedBetween } from "../../methods/target.js";
import type { Tap } from "../runner.js";
import type { Method, Subject } from "../subject.js";
import { integrated } from "./exact.js";
import { baselineEmbeddings, differences, gradientOf, normaliseOf, repeat, seedsOf, units, type BaselineName } from "./features.js";

/** The subject on a session of the variant. Throws `no-gradient` with the reason where there is none. */
async function on<B>(subject: Subject<B>, variant: Parameters<Subject<B>["variant"]>[0]): Promise<Subject<unknown>> {
  const runner = await subject.variant(variant);
  if (runner.model.gradient !== "exact") throw new LexiscopeError("no-gradient", `${runner.model.gradient}; use another method`, { phase: "model" });
  return { ...subject, runner };
}

function headMaps({ data, shape }: Tap): HeadMaps {
  const [, heads = 0, tokens = 0, keys = 0] = shape;
  if (shape.length !== 4 || tokens !== keys) throw new LexiscopeError("unsupported", `attention of shape [${shape.join(", ")}] is no square of one text's tokens: no attention relevance`, { phase: "model" });
  return { heads, tokens, data };
}

/** The text and its baseline in one batch, walked back by the rescale rule. The multipliers are those of the text's own row. */
function multipliersOf<B>({ runner, row, position, target, labels }: Subject<B>, embeddings: Float32Array): Multipliers {
  return async (input, baseline, signal) => {
    const ask = { rows: repeat(row, 2), positions: repeat(position, 2), delta: { values: differences([input, baseline], embeddings) }, signal };
    const ends = target.scale === undefined ? null : await runner.scores(ask);
    return runner.gradient({ ...ask, seed: ends ? seedBetween(target, ends[1]!, ends[0]!) : seed(target, labels) }, async (scores, gradient) => {
      const all = await runner.kernels.read(gradient.array, 2 * embeddings.length);
      return { value: score(scores[0]!, target), baselineValue: score(scores[1]!, target), multipliers: all.slice(0, embeddings.length) };
    });
  };
}

type VariantName = "layer-integrated-gradients" | "attention-relevance" | "lrp" | "deep-lift";

export const variants: Readonly<Record<VariantName, Method>> = {
  "layer-integrated-gradients": async (subject) => integrated(await on(subject, { at: subject.options["layer"] as number })),
  "attention-relevance": async (subject) => {
    const own = await on(subject, "attention");
    const { runner, row, position, target, run } = own;
    if (runner.model.patterns.length === 0) throw new LexiscopeError("unsupported", "no attention found in this model", { phase: "model" });
    const ask = { rows: [row], positions: [position], signal: run.signal };
    const { scores, patterns, gradients } = await runner.attentionGradients({ ...ask, seed: await seedsOf(own, runner, ask) });
    return { scores: attentionRelevance(patterns.map(headMaps), gradients.map(headMaps)), value: score(scores[0]!, target), evaluations: { predict: 0, gradient: 1 } };
  },
  "deep-lift": async (subject) => {
    const own = await on(subject, { rescale: subject.options["softmax"] as SoftmaxRescaling });
    const embeddings = await own.runner.embeddings(own.row, own.run.signal);
    const baseline = await baselineEmbeddings(own, own.options["baseline"] as BaselineName);
    return deepLift(multipliersOf(own, embeddings), embeddings, baseline, units(own), { ...own.run, normalise: normaliseOf(own) });
  },
  lrp: async (subject) => {
    const own = await on(subject, "relevance");
    const embeddings = await own.runner.embeddings(own.row, own.run.signal);
    const found = await gradientXInput(gradientOf(own, embeddings), embeddings, units(own), own.run);
    // what the biases say is no token's: the gap to the score itself is told, not shared out
    return { ...found, baselineValue: 0, completenessGap: completenessGap(found.scores, found.value, 0) };
  },
};
