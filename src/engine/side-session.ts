/**
 * A second session of a model's file for one question, cut down to the outputs that the question needs. Not for what a page asks all the time:
 * the model's own session serves that. It exists so that values and zeroed values cost nothing where nobody asks for them: outputs that are
 * there for all take memory in every run.
 */
import type { Anatomy } from "../anatomy/types.js";
import { dissect } from "../anatomy/dissect.js";
import { LexiscopeError, throwIfAborted } from "../base/errors.js";
import { takeBranches } from "../graph/branches.js";
import { Graph } from "../graph/graph.js";
import { lower } from "../lowering/index.js";
import { encodeModel } from "../onnx/encode.js";
import { externalizeWeights } from "../onnx/externalize.js";
import type { AnyRunner, Facts } from "./answering.js";
import { Backend } from "./backend.js";
import { FIXED, WEIGHTS, type Instrumented } from "./instrument.js";
import { fetchModelFile } from "./model-files.js";
import { Runner } from "./runner.js";

/** What an edit left to be read: names of outputs, and the taps of patterns that are among them. */
export interface Edited {
  readonly outputs: readonly string[];
  readonly patterns?: Instrumented["patterns"];
}

/**
 * @param edit adds what is wanted to the lowered graph; no other output stays
 * @param use gets a runner that lives until it ends
 */
export async function withSideSession<E extends Edited, T>({ location, options, instrumented, filling, backend }: Facts, edit: (graph: Graph, anatomy: Anatomy) => E, use: (runner: AnyRunner, edited: E) => Promise<T>, signal?: AbortSignal): Promise<T> {
  const file = await fetchModelFile(location, { integrity: options.integrity, signal });
  const whole = Graph.of(takeBranches(file.model, FIXED));
  lower(whole);
  const edited = edit(whole, dissect(whole));
  const { graph: parts, ...rest } = whole.toModel();
  const cut = Graph.of({ ...rest, graph: { ...parts, outputs: parts.outputs.filter(({ name }) => edited.outputs.includes(name)) } });
  cut.removeDeadNodes();
  const model = cut.toModel();
  externalizeWeights(model, file.bytes, WEIGHTS);
  const side: Instrumented = {
    ...instrumented, graph: encodeModel(model), scores: null, rowed: false, selects: null, vector: null, labels: null, embeddings: null, gradient: "not asked for",
    patterns: edited.patterns ?? [],
    hidden: edited.outputs.map((value) => ({ layer: 0, part: "self", value })),
  };
  throwIfAborted(signal);
  const opened = await Backend.open(backend, file, side);
  try {
    return await use(new Runner(opened, side, filling), edited);
  } finally {
    await opened.dispose();
  }
}

/** A part of the anatomy that a question cannot do without. Throws `unsupported`. */
export function needed<T>(part: T | null | undefined, what: string, reason: string): T {
  if (part === null || part === undefined) throw new LexiscopeError("unsupported", `the ${what} not found in this model: ${reason}`, { phase: "model" });
  return part;
}
