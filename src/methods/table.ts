/**
 * The table of methods: names, what each needs, its options with defaults and ranges, and the presets that reproduce a known tool. Elements,
 * the command, the docs and the tests read it, so that a method is described once. It does not run anything. Before each row stands its source, behind a
 * preset where the tool departs from the textbook.
 */
import { LexiscopeError } from "../base/errors.js";
import type { Target } from "../explanation/types.js";
import { readOptions } from "./options.js";
import type { OptionSpec, OptionSpecs, OptionValue, OptionValues } from "./options.js";

export type MethodName =
  | "gradient-norm" | "gradient-x-input" | "integrated-gradients" | "approximate-gradient" | "occlusion" | "smoothgrad" | "vargrad" | "gradient-shap"
  | "lime" | "kernel-shap" | "permutation-shap" | "exact-shapley" | "partition-shap" | "tree-shap"
  | "layer-integrated-gradients" | "attention-relevance" | "lrp" | "deep-lift" | "reagent";

export interface Preset {
  /** what it fixes; every other option keeps its default */
  readonly options: OptionValues;
  /** what the tool explains, where that is no logit; a target that names its own scale keeps it */
  readonly scale?: NonNullable<Target["scale"]>;
}

export interface MethodEntry {
  readonly name: MethodName;
  /** its numbers are made of exact gradients; not those of a walk back by other rules (relevance, DeepLift) */
  readonly needsGradient: boolean;
  /** has a seed, and standard errors */
  readonly samples: boolean;
  /**
   * The option that says how much it may evaluate; raised, the method goes on from what it has, and partial results come on the way. null: it takes what it
   * takes. exact-shapley, which knows nothing before all coalitions are evaluated, goes on after a stop; the others do not sample
   */
  readonly budget: "samples" | "evaluations" | "directions" | null;
  /** options without which the budget does not count */
  readonly sampling?: OptionValues;
  /** scores have a sign */
  readonly signed: boolean;
  /** scores add up to f(x) − f(baseline), and a completeness gap says how nearly */
  readonly complete: boolean;
  readonly options: OptionSpecs;
  readonly presets: Readonly<Record<string, Preset>>;
}

const normalise: OptionSpec = { type: "choice", default: "none", choices: ["none", "sum", "l1", "l2", "lit"] };
/** zero: all embeddings 0, special tokens too; pad and mask: that token in place of every token but the special ones */
const baseline = (fallback: "zero" | "pad" | "mask"): OptionSpec => ({ type: "choice", default: fallback, choices: ["zero", "pad", "mask"] });

/** sigma: the noise's standard deviation; a share of the embeddings' root mean square, or absolute */
const noise = (samples: number, sigma: number): OptionSpecs => ({
  samples: { type: "integer", default: samples, minimum: 2, maximum: 1024 },
  sigma: { type: "number", default: sigma, minimum: 0, maximum: 10 },
  scale: { type: "choice", default: "relative", choices: ["relative", "absolute"] },
});
/** who can be left out, and how: absent players' tokens are replaced by the mask or pad token, or deleted, which makes the text shorter */
const coalitions: OptionSpecs = {
  players: { type: "choice", default: "word", choices: ["word", "token"] },
  mask: { type: "choice", default: "mask", choices: ["mask", "pad", "delete"] },
};
/** the most coalitions; repeated ones are counted but not computed again */
const evaluations = (minimum: number): OptionSpec => ({ type: "integer", default: 500, minimum, maximum: 1_000_000 });

export const methods: Readonly<Record<MethodName, MethodEntry>> = {
  // Simonyan et al. 2013, arXiv:1312.6034
  "gradient-norm": {
    name: "gradient-norm",
    needsGradient: true,
    samples: false,
    budget: null,
    signed: false,
    complete: false,
    options: { aggregate: { type: "choice", default: "l2", choices: ["l1", "l2"] }, normalise },
    presets: {
      captum: { options: { aggregate: "l1" } }, // takes absolute values
      lit: { options: { aggregate: "l2", normalise: "sum" } },
      inseq: { options: { aggregate: "l2", normalise: "sum" } },
      ecco: { options: { aggregate: "l2", normalise: "sum" }, scale: "prob" }, // of the probability, which hardly moves where the model is sure
      ferret: { options: { aggregate: "l1", normalise: "l1" } }, // takes absolute values
    },
  },
  // Shrikumar et al. 2016, arXiv:1605.01713
  "gradient-x-input": {
    name: "gradient-x-input",
    needsGradient: true,
    samples: false,
    budget: null,
    signed: true,
    complete: false,
    options: { normalise },
    presets: {
      captum: { options: {} },
      lit: { options: { normalise: "lit" } }, // the L1 norm with float32's epsilon added to every score
      ferret: { options: { normalise: "l1" } },
    },
  },
  // Sundararajan et al. 2017, arXiv:1703.01365
  "integrated-gradients": {
    name: "integrated-gradients",
    needsGradient: true,
    samples: false,
    budget: null,
    signed: true,
    complete: true,
    options: {
      rule: { type: "choice", default: "adaptive", choices: ["adaptive", "gauss-legendre", "left", "right", "middle", "trapezoid", "captum-trapezoid", "lit"] },
      // nodes of a fixed rule; for "adaptive" the most gradients that it may take
      steps: { type: "integer", default: 64, minimum: 1, maximum: 1024 },
      tolerance: { type: "number", default: 0.01, minimum: 0.0001, maximum: 0.5 },
      baseline: baseline("pad"),
      normalise,
    },
    presets: {
      captum: { options: { rule: "gauss-legendre", steps: 50, baseline: "zero" } },
      lit: { options: { rule: "lit", steps: 30, baseline: "zero", normalise: "lit" } }, // the path stops at 29/30 and is rescaled, so completeness fails; the L1 norm with float32's epsilon added to every score
      ferret: { options: { rule: "gauss-legendre", steps: 50, baseline: "pad", normalise: "l1" } },
      "transformers-interpret": { options: { rule: "gauss-legendre", steps: 50, baseline: "pad", normalise: "l2" }, scale: "prob" }, // of the probability, whose gap grows where the model is sure
    },
  },
  // Sundararajan et al. 2017, arXiv:1703.01365; Captum LayerIntegratedGradients
  "layer-integrated-gradients": {
    name: "layer-integrated-gradients",
    needsGradient: true,
    samples: false,
    budget: null,
    signed: true,
    complete: true,
    options: {
      // the residual stream after this layer is what the path leads to
      layer: { type: "integer", default: 0, minimum: 0, maximum: 1000 },
      rule: { type: "choice", default: "adaptive", choices: ["adaptive", "gauss-legendre", "left", "right", "middle", "trapezoid", "captum-trapezoid", "lit"] },
      steps: { type: "integer", default: 64, minimum: 1, maximum: 1024 },
      tolerance: { type: "number", default: 0.01, minimum: 0.0001, maximum: 0.5 },
      baseline: baseline("pad"),
      normalise,
    },
    presets: { captum: { options: { rule: "gauss-legendre", steps: 50 } } },
  },
  // Chefer et al. 2021, arXiv:2103.15679
  "attention-relevance": {
    name: "attention-relevance",
    needsGradient: true,
    samples: false,
    budget: null,
    signed: false,
    complete: false,
    options: {},
    presets: {},
  },
  // Bach et al. 2015, doi:10.1371/journal.pone.0130140; Ali et al. 2022, arXiv:2202.07304
  lrp: {
    name: "lrp",
    needsGradient: false,
    samples: false,
    budget: null,
    signed: true,
    complete: false,
    options: {},
    presets: {},
  },
  // Shrikumar et al. 2017, arXiv:1704.02685
  "deep-lift": {
    name: "deep-lift",
    needsGradient: false,
    samples: false,
    signed: true,
    budget: null,
    complete: false, // but for models without products of two activations
    options: {
      baseline: baseline("pad"),
      // captum: its rule, Δout ÷ Δin less the mean over all softmaxes of a layer; gradient: as other operators that mix several values
      softmax: { type: "choice", default: "gradient", choices: ["gradient", "captum"] },
      normalise,
    },
    presets: { captum: { options: { baseline: "zero", softmax: "captum" } } }, // softmax counts as elementwise, and the mean of its multipliers over the whole batch is taken away
  },
  // Spall 1992, doi:10.1109/9.119632
  "approximate-gradient": {
    name: "approximate-gradient",
    needsGradient: false,
    samples: true,
    budget: "directions",
    sampling: { along: "random" },
    signed: true,
    complete: false,
    options: {
      // units: four forward passes along each unit, `unitDifferences`; random: one along each of so many directions, `approximateGradient`
      along: { type: "choice", default: "units", choices: ["units", "random"] },
      directions: { type: "integer", default: 256, minimum: 2, maximum: 65536 },
      // a share of the unit, or of the input's root mean square
      step: { type: "number", default: 0.02, minimum: 0.00001, maximum: 0.2 },
    },
    presets: {},
  },
  // Zhao and Shan 2024, arXiv:2402.00794
  reagent: {
    name: "reagent",
    needsGradient: false,
    samples: true,
    budget: "samples",
    signed: false,
    complete: false,
    options: {
      // probes
      samples: { type: "integer", default: 16, minimum: 2, maximum: 1024 },
      // the most of a probe, and the fewest before it may end
      steps: { type: "integer", default: 100, minimum: 1, maximum: 10_000 },
      least: { type: "integer", default: 10, minimum: 1, maximum: 10_000 },
      ratio: { type: "number", default: 0.3, minimum: 0.01, maximum: 1 },
      keep: { type: "integer", default: 5, minimum: 1, maximum: 512 },
      top: { type: "integer", default: 3, minimum: 1, maximum: 1000 },
      // text: at most a third of the text is kept, and the target must stand among a tenth of the labels, or first; none: as given, whatever the text
      limits: { type: "choice", default: "text", choices: ["text", "none"] },
      // model: what a language model expects at the place; any: random words, also the choice for models that expect nothing
      proposals: { type: "choice", default: "model", choices: ["model", "any"] },
    },
    presets: { inseq: { options: { steps: 3000, least: 1, limits: "none", proposals: "any" } } }, // a text of at most five tokens, or a model of three labels, ends each probe at its first step, with little more than its random start
  },
  // Zeiler and Fergus 2014, arXiv:1311.2901
  occlusion: {
    name: "occlusion",
    needsGradient: false,
    samples: false,
    budget: null,
    signed: true,
    complete: false,
    options: {
      window: { type: "integer", default: 1, minimum: 1, maximum: 512 },
      stride: { type: "integer", default: 1, minimum: 1, maximum: 512 },
      baseline: baseline("mask"),
      normalise,
    },
    presets: { captum: { options: { window: 1, stride: 1, baseline: "zero" } } },
  },
  // Smilkov et al. 2017, arXiv:1706.03825
  smoothgrad: {
    name: "smoothgrad",
    needsGradient: true,
    samples: true,
    budget: "samples",
    signed: true,
    complete: false,
    // input: the mean gradient times the input, summed over the embedding; sum: summed alone
    options: { ...noise(25, 0.1), aggregate: { type: "choice", default: "input", choices: ["input", "sum"] } },
    presets: {
      captum: { options: { samples: 5, sigma: 1, scale: "absolute", aggregate: "sum" } }, // the noise is absolute, however small the embeddings are
      openxai: { options: { samples: 500, sigma: Math.sqrt(0.05), scale: "absolute", aggregate: "sum" } },
    },
  },
  // Adebayo et al. 2018, arXiv:1810.03292
  vargrad: {
    name: "vargrad",
    needsGradient: true,
    samples: true,
    budget: "samples",
    signed: false,
    complete: false,
    options: noise(25, 0.1),
    presets: { captum: { options: { samples: 5, sigma: 1, scale: "absolute" } } }, // the noise is absolute, however small the embeddings are
  },
  // Erion et al. 2021, doi:10.1038/s42256-021-00343-w
  "gradient-shap": {
    name: "gradient-shap",
    needsGradient: true,
    samples: true,
    budget: "samples",
    signed: true,
    complete: true,
    options: { ...noise(50, 0), baseline: baseline("pad") },
    presets: { captum: { options: { samples: 5, scale: "absolute", baseline: "zero" } } },
  },
  // Ribeiro et al. 2016, arXiv:1602.04938
  lime: {
    name: "lime",
    needsGradient: false,
    samples: true,
    budget: "samples",
    signed: true,
    complete: false,
    options: {
      // the text itself included
      samples: { type: "integer", default: 1000, minimum: 2, maximum: 100_000 },
      // lime: of 100 for a text without any word; cosine: of 1
      width: { type: "number", default: 25, minimum: 0.01, maximum: 10_000 },
      kernel: { type: "choice", default: "lime", choices: ["lime", "cosine"] },
      // count: how many words are left out is uniform; coin: each by a fair coin
      masks: { type: "choice", default: "count", choices: ["count", "coin"] },
      surrogate: { type: "choice", default: "ridge", choices: ["ridge", "lasso"] },
      alpha: { type: "number", default: 1, minimum: 0, maximum: 1000 },
      // the most players that the surrogate may use; 0 for all
      features: { type: "integer", default: 0, minimum: 0, maximum: 10_000 },
      // square: no more samples than the square of the number of players
      limit: { type: "choice", default: "none", choices: ["none", "square"] },
      ...coalitions,
      // bag: all places of a word together, and no punctuation
      players: { type: "choice", default: "word", choices: ["word", "token", "bag"] },
    },
    presets: {
      lime: { options: { samples: 5000, features: 10, mask: "delete", players: "bag" } }, // all places of a word are one player, which shares its weight among them; words are taken out of the tokens, where LIME takes them out of the text
      ferret: { options: { samples: 5000, limit: "square", players: "token" } }, // short texts get few samples: the square of their tokens
      lit: { options: { samples: 257, width: 256 } }, // LIT cuts words at white space alone
      captum: { options: { samples: 25, width: 1, kernel: "cosine", masks: "coin", surrogate: "lasso", alpha: 0.01 } }, // the cosine is that of the words kept; Captum's is that of the model's input
    },
  },
  // Lundberg and Lee 2017, arXiv:1705.07874
  "kernel-shap": {
    name: "kernel-shap",
    needsGradient: false,
    samples: true,
    budget: "samples",
    signed: true,
    complete: true,
    // samples: coalitions on top of two a player
    options: { samples: { type: "integer", default: 512, minimum: 2, maximum: 1_000_000 }, ...coalitions },
    presets: { shap: { options: { samples: 2048, players: "token" } } }, // all players keep their scores, where SHAP lets a lasso choose ten; tokens are masked, not the text, which SHAP tokenizes again
  },
  // Castro et al. 2009, doi:10.1016/j.cor.2008.04.004
  "permutation-shap": {
    name: "permutation-shap",
    needsGradient: false,
    samples: true,
    budget: "evaluations",
    signed: true,
    complete: true,
    // at least one permutation is walked forwards and backwards, whatever it costs
    options: { evaluations: evaluations(3), ...coalitions },
    presets: { shap: { options: { players: "token" } } }, // tokens are masked, not the text, which SHAP tokenizes again
  },
  // Shapley 1953, doi:10.1515/9781400881970-018
  "exact-shapley": {
    name: "exact-shapley",
    needsGradient: false,
    samples: false,
    budget: null,
    signed: true,
    complete: true,
    options: coalitions,
    presets: { shap: { options: { players: "token" } } }, // tokens are masked, not the text, which SHAP tokenizes again
  },
  // Owen 1977, doi:10.1007/978-3-642-45494-3_7
  "partition-shap": {
    name: "partition-shap",
    needsGradient: false,
    samples: false,
    budget: "evaluations",
    signed: true,
    complete: true,
    options: { evaluations: evaluations(2), ...coalitions },
    presets: { shap: { options: { players: "token" } } }, // ties go by place in the text, where SHAP draws lots; tokens are masked, not the text, which SHAP tokenizes again
  },
  // Lundberg et al. 2020, doi:10.1038/s42256-019-0138-9
  "tree-shap": {
    name: "tree-shap",
    needsGradient: false,
    samples: false,
    budget: null,
    signed: true,
    complete: true,
    options: {},
    presets: {},
  },
};

export interface ResolvedMethod {
  readonly entry: MethodEntry;
  readonly preset: string; // "" for our own default
  /** every option of the method, with its value */
  readonly options: Record<string, OptionValue>;
}

/** The budget under the name that the method has for it. */
function budgetOptions({ name, budget, sampling = {} }: MethodEntry, samples: number, given: OptionValues): OptionValues {
  if (budget === null) throw new LexiscopeError("bad-input", `method "${name}" has no number of samples: leave samples out`, { phase: "request" });
  for (const [option, value] of Object.entries(sampling)) {
    if (given[option] !== undefined && given[option] !== value) throw new LexiscopeError("bad-input", `method "${name}" samples with ${option}=${String(value)} alone: leave samples out, or ${option}`, { phase: "request" });
  }
  return { ...sampling, [budget]: samples };
}

/**
 * A method by name, with a preset ("" for none) and options on top of it. Options may come as text. `samples`: its budget, whatever the method calls it.
 * Throws `bad-input` that names what there is.
 */
export function resolveMethod(name: string, preset = "", given: OptionValues = {}, samples?: number): ResolvedMethod {
  if (!Object.hasOwn(methods, name)) throw new LexiscopeError("bad-input", `no method "${name}"; there are ${Object.keys(methods).join(", ")}`);
  const entry = methods[name as MethodName];
  if (preset !== "" && !Object.hasOwn(entry.presets, preset)) {
    const known = Object.keys(entry.presets);
    throw new LexiscopeError("bad-input", `method "${name}" has no preset "${preset}"; ${known.length > 0 ? `it has ${known.join(", ")}` : "it has none"}`);
  }
  const budget = samples === undefined ? {} : budgetOptions(entry, samples, given);
  const options = readOptions(name, entry.options, entry.presets[preset]?.options ?? {}, { ...given, ...budget });
  return { entry, preset, options };
}
