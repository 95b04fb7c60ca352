/**
 * What a report needs further attributions for: of inputs moved a little (maximal sensitivity), and of the same model with its weights at random
 * (parameter randomisation). Loaded only when one of them is asked for: both cost many times what one attribution does.
 */
import { LexiscopeError, throwIfAborted } from "../../base/errors.js";
import { Random } from "../../base/random.js";
import { spearman } from "../../base/ranks.js";
import { norm } from "../../base/statistics.js";
import type { AttributionExplanation, Target } from "../../explanation/types.js";
import type { FaithfulnessSettings } from "../../methods/faithfulness/presets.js";
import { maximalSensitivity } from "../../methods/faithfulness/robustness.js";
import type { Player } from "../../methods/players.js";
import type { ResolvedMethod } from "../../methods/table.js";
import type { AnyRunner, Answering, Encoded } from "../answering.js";
import { runMethod } from "../attribution.js";
import { Backend } from "../backend.js";
import { instrument } from "../instrument.js";
import { unitScores } from "../judged-text.js";
import { fetchModelFile, type ModelFile } from "../model-files.js";
import { withPermutedWeights, weightStages, type WeightStage } from "../randomised-weights.js";
import type { TextInput } from "../requests.js";
import { Runner } from "../runner.js";
import { ShiftedRunner } from "../shifted-runner.js";
import { modelOf, type Answer } from "../subject.js";
import type { RunOptions } from "../types.js";

export interface Case {
  readonly input: TextInput;
  readonly encoded: Encoded;
  readonly target: Target;
  readonly labels: number;
  readonly settings: FaithfulnessSettings;
  readonly seed: number;
  readonly players: readonly Player[];
}

/** One method with the attribution of the text as it is. */
export interface Explained {
  readonly method: ResolvedMethod;
  readonly found: AttributionExplanation;
  /** [unit] */
  readonly scores: readonly number[];
}

export interface Counted {
  /** NaN where the method cannot do it */
  readonly value: number;
  readonly evaluations: number;
}

const unable: Counted = { value: NaN, evaluations: 0 };

/** A method that cannot do it has no such number; anything else that goes wrong is thrown. */
async function orUnable(answer: Promise<Counted>): Promise<Counted> {
  return answer.catch((error: unknown) => {
    if (error instanceof LexiscopeError && error.code === "unsupported") return unable;
    throw error;
  });
}

const refused = (): Promise<never> => Promise.reject(new LexiscopeError("unsupported", "a method with a backward graph of its own is not asked again on a changed model", { phase: "explain" }));

function attribute(model: Answering, runner: AnyRunner, { input, encoded, target, labels, seed }: Case, { entry, options }: ResolvedMethod, { signal }: RunOptions): Promise<Answer> {
  const { row, tokens, position } = encoded;
  return runMethod(entry.name, { runner, input, row, tokens, position, target, labels, options, seed, run: signal ? { signal } : {}, recall: () => new Map(), ...modelOf(model.facts), variant: refused });
}

const cost = ({ evaluations }: Answer): number => evaluations.predict + evaluations.gradient;

/** The largest relative change of the attribution when the text's embeddings move a little. */
export function sensitivityOf(model: Answering, subject: Case, { method, found }: Explained, options: RunOptions): Promise<Counted> {
  const { encoded, settings, seed } = subject;
  const ask = async (any: AnyRunner): Promise<Counted> => {
    const runner = await model.posed(any, encoded, options.signal);
    const embeddings = await runner.embeddings(encoded.row, options.signal);
    const reach = settings.radius * (settings.radiusScale === "absolute" ? 1 : norm(embeddings) / Math.sqrt(embeddings.length));
    const moved: number[][] = [];
    let evaluations = 0;
    for (let move = 0; move < settings.moves; move++) {
      throwIfAborted(options.signal);
      const random = new Random(seed, 10_000 + move);
      const shift = Float32Array.from(embeddings, () => reach * (2 * random.uniform() - 1));
      const answer = await attribute(model, new ShiftedRunner(runner, encoded.row, shift), subject, method, options);
      moved.push(answer.scores);
      evaluations += cost(answer);
    }
    return { value: maximalSensitivity(found.scores, moved), evaluations };
  };
  return orUnable(model.ask(ask, options.signal));
}

/** A session of the model with all weights of these stages at random. */
async function open(model: Answering, file: ModelFile, stages: readonly WeightStage[], seed: number): Promise<AnyRunner> {
  const { backend: name, instrumented, filling } = model.facts;
  const changed = withPermutedWeights(file, stages.flatMap(({ weights }) => weights), seed);
  const again = instrument(changed, name, instrumented.gradient === "exact");
  const backend = await Backend.open(name, changed, again);
  return new Runner(backend, { ...again, gradient: instrumented.gradient }, filling);
}

/**
 * Rank correlations of magnitudes with the same methods on the model whose weights are random from the scores down to each stage. One session at a
 * time; `onStage` hears after each. `value`: [method], NaN where a method cannot do it. A cosine of two texts is not asked: both vectors would change.
 */
export async function randomisationOf(
  model: Answering, subject: Case, explained: readonly Explained[], options: RunOptions, onStage: (name: string, answers: readonly Counted[]) => void,
): Promise<void> {
  if (model.facts.instrumented.vector !== null) return;
  const file = await fetchModelFile(model.facts.location, { signal: options.signal, integrity: model.facts.options.integrity });
  const stages = weightStages(file.model, model.facts.instrumented.anatomy);
  for (let top = 1; top <= stages.length; top++) {
    throwIfAborted(options.signal);
    const runner = await open(model, file, stages.slice(0, top), subject.seed);
    try {
      const answers: Counted[] = [];
      for (const { method, scores } of explained) {
        const correlate = async (): Promise<Counted> => {
          const answer = await attribute(model, runner, subject, method, options);
          const value = spearman(scores.map(Math.abs), unitScores(subject.players, answer.scores).map(Math.abs));
          return { value: Math.max(-1, Math.min(1, value)), evaluations: cost(answer) };
        };
        answers.push(await orUnable(correlate()));
      }
      onStage(stages[top - 1]!.name, answers);
    } finally {
      await runner.backend.dispose();
    }
  }
}
