/**
 * Runs a method of the table on a model. One row a method, by groups that share code; a group is loaded when one of its methods is asked
 * for, so that a page that shows one method does not carry all. What a method does is not here.
 */
import { LexiscopeError } from "../base/errors.js";
import type { MethodName } from "../methods/table.js";
import type { Answer, Method, Subject } from "./subject.js";

type Group = Readonly<Partial<Record<MethodName, Method>>>;

const exact = async (): Promise<Group> => (await import("./methods/exact.js")).exact;
const noise = async (): Promise<Group> => (await import("./methods/noise.js")).noise;
const forward = async (): Promise<Group> => (await import("./methods/forward.js")).forward;
const games = async (): Promise<Group> => (await import("./methods/games.js")).games;
const variants = async (): Promise<Group> => (await import("./methods/variants.js")).variants;
const reagent = async (): Promise<Group> => (await import("./methods/reagent.js")).reagent;
const trees = (): Promise<Group> => Promise.reject(new LexiscopeError("bad-input", 'method "tree-shap" explains tree ensembles; this model is none', { phase: "request" }));

const groups: Readonly<Record<MethodName, () => Promise<Group>>> = {
  "gradient-norm": exact, "gradient-x-input": exact, "integrated-gradients": exact,
  smoothgrad: noise, vargrad: noise, "gradient-shap": noise,
  "approximate-gradient": forward, occlusion: forward, reagent,
  "layer-integrated-gradients": variants, "attention-relevance": variants, lrp: variants, "deep-lift": variants,
  lime: games, "kernel-shap": games, "permutation-shap": games, "exact-shapley": games, "partition-shap": games, "tree-shap": trees,
};

/** Throws `no-gradient` when the method needs one and the model has none. */
export async function runMethod<B>(name: MethodName, subject: Subject<B>): Promise<Answer> {
  const method = (await groups[name]())[name]!;
  return method(subject);
}
