/**
 * The table of methods: names, what each needs, its options with defaults and ranges, and the presets that reproduce a known tool. Elements,
 * the command, the docs and the tests read it, so that a method is described once. It does not run anything.
 */
import { LexiscopeError } from "../base/errors.js";
import { readOptions } from "./options.js";
import type { OptionSpec, OptionSpecs, OptionValue, OptionValues } from "./options.js";

export type MethodName = "gradient-norm" | "gradient-x-input" | "integrated-gradients" | "approximate-gradient" | "occlusion";

export interface Preset {
  /** what it fixes; every other option keeps its default */
  readonly options: OptionValues;
  /** for the docs: where the tool departs from the textbook, "" where it does not */
  readonly quirk: string;
}

export interface MethodEntry {
  readonly name: MethodName;
  /** keys of the texts shown to readers */
  readonly labelKey: string;
  readonly summaryKey: string;
  readonly needsGradient: boolean;
  /** has a seed, and standard errors */
  readonly samples: boolean;
  /** scores have a sign */
  readonly signed: boolean;
  /** scores add up to f(x) − f(baseline), and a completeness gap says how nearly */
  readonly complete: boolean;
  readonly options: OptionSpecs;
  readonly presets: Readonly<Record<string, Preset>>;
  readonly source: string;
}

const normalise: OptionSpec = { type: "choice", default: "none", choices: ["none", "sum", "l1", "l2", "lit"] };
/** zero: all embeddings 0, special tokens too; pad and mask: that token in place of every token but the special ones */
const baseline = (fallback: "zero" | "pad" | "mask"): OptionSpec => ({ type: "choice", default: fallback, choices: ["zero", "pad", "mask"] });

const litNormalisation = "the L1 norm with float32's epsilon added to every score";

export const methods: Readonly<Record<MethodName, MethodEntry>> = {
  "gradient-norm": {
    name: "gradient-norm",
    labelKey: "method-gradient-norm",
    summaryKey: "method-gradient-norm-summary",
    needsGradient: true,
    samples: false,
    signed: false,
    complete: false,
    options: { aggregate: { type: "choice", default: "l2", choices: ["l1", "l2"] }, normalise },
    presets: {
      captum: { options: { aggregate: "l1" }, quirk: "takes absolute values" },
      lit: { options: { aggregate: "l2", normalise: "sum" }, quirk: "" },
      inseq: { options: { aggregate: "l2", normalise: "sum" }, quirk: "" },
      ferret: { options: { aggregate: "l1", normalise: "l1" }, quirk: "takes absolute values" },
    },
    source: "Simonyan et al. 2013, arXiv:1312.6034",
  },
  "gradient-x-input": {
    name: "gradient-x-input",
    labelKey: "method-gradient-x-input",
    summaryKey: "method-gradient-x-input-summary",
    needsGradient: true,
    samples: false,
    signed: true,
    complete: false,
    options: { normalise },
    presets: {
      captum: { options: {}, quirk: "" },
      lit: { options: { normalise: "lit" }, quirk: litNormalisation },
      ferret: { options: { normalise: "l1" }, quirk: "" },
    },
    source: "Shrikumar et al. 2016, arXiv:1605.01713",
  },
  "integrated-gradients": {
    name: "integrated-gradients",
    labelKey: "method-integrated-gradients",
    summaryKey: "method-integrated-gradients-summary",
    needsGradient: true,
    samples: false,
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
      captum: { options: { rule: "gauss-legendre", steps: 50, baseline: "zero" }, quirk: "" },
      lit: { options: { rule: "lit", steps: 30, baseline: "zero", normalise: "lit" }, quirk: `the path stops at 29/30 and is rescaled, so completeness fails; ${litNormalisation}` },
      ferret: { options: { rule: "gauss-legendre", steps: 50, baseline: "pad", normalise: "l1" }, quirk: "" },
    },
    source: "Sundararajan et al. 2017, arXiv:1703.01365",
  },
  "approximate-gradient": {
    name: "approximate-gradient",
    labelKey: "method-approximate-gradient",
    summaryKey: "method-approximate-gradient-summary",
    needsGradient: false,
    samples: true,
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
    source: "Spall 1992, doi:10.1109/9.119632",
  },
  occlusion: {
    name: "occlusion",
    labelKey: "method-occlusion",
    summaryKey: "method-occlusion-summary",
    needsGradient: false,
    samples: false,
    signed: true,
    complete: false,
    options: {
      window: { type: "integer", default: 1, minimum: 1, maximum: 512 },
      stride: { type: "integer", default: 1, minimum: 1, maximum: 512 },
      baseline: baseline("mask"),
      normalise,
    },
    presets: { captum: { options: { window: 1, stride: 1, baseline: "zero" }, quirk: "" } },
    source: "Zeiler and Fergus 2014, arXiv:1311.2901",
  },
};

export interface ResolvedMethod {
  readonly entry: MethodEntry;
  readonly preset: string; // "" for our own default
  /** every option of the method, with its value */
  readonly options: Record<string, OptionValue>;
}

/**
 * A method by name, with a preset ("" for none) and options on top of it. Options may come as text. Throws `bad-input` that names what
 * there is.
 */
export function resolveMethod(name: string, preset = "", given: OptionValues = {}): ResolvedMethod {
  if (!Object.hasOwn(methods, name)) throw new LexiscopeError("bad-input", `no method "${name}"; there are ${Object.keys(methods).join(", ")}`);
  const entry = methods[name as MethodName];
  if (preset !== "" && !Object.hasOwn(entry.presets, preset)) {
    const known = Object.keys(entry.presets);
    throw new LexiscopeError("bad-input", `method "${name}" has no preset "${preset}"; ${known.length > 0 ? `it has ${known.join(", ")}` : "it has none"}`);
  }
  const options = readOptions(name, entry.options, entry.presets[preset]?.options ?? {}, given);
  return { entry, preset, options };
}
