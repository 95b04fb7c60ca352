/**
 * ReAGent on a model: a language model proposes its own replacements, from what it expects at a token's place; a classifier gets random words of its
 * vocabulary, as Inseq's uniform sampler does. The target is watched by its probability, whatever the scale on which its value is told.
 */
import type { Random } from "../../base/random.js";
import { largest } from "../../methods/examples/nearest.js";
import { playersOfTokens, sharedOut } from "../../methods/players.js";
import { sigmoid } from "../../methods/probabilities.js";
import { reagent as explain, type Propose, type Read, type Reading, type ReagentResult } from "../../methods/reagent.js";
import type { Memory } from "../../methods/refining.js";
import { score } from "../../methods/target.js";
import { batchedScores, TOGETHER } from "../batched-scores.js";
import type { Answer, Method, Subject } from "../subject.js";

/** A language model's proposals for a place. */
const PROPOSED = 10;

/** Any word of the vocabulary but the special ones. */
function uniform({ vocabulary: { size, special } }: Subject<unknown>): Propose {
  const ordinary = Array.from({ length: size }, (_, id) => id).filter((id) => !special.has(id));
  return (_, random: Random) => ordinary[random.integer(ordinary.length)]!;
}

/** What a language model expects at each place but for the word that stands there; null for a model that expects none, or a place that nothing precedes. */
async function expected<B>({ runner, row, kind, fillers, vocabulary, run }: Subject<B>, places: readonly number[], memory: Memory): Promise<Map<number, ArrayLike<number>>> {
  const { mask } = fillers;
  const preceded = kind === "causal-lm" ? places.filter((place) => place > 0) : kind === "masked-lm" && mask !== null ? places : [];
  const asked = preceded.filter((place) => !memory.has(`proposed ${place}`));
  const texts = asked.map((place) => (kind === "causal-lm" ? { ...row, position: place - 1 } : { ...row, ids: row.ids.map((id, token) => (token === place ? mask! : id)), position: place }));
  const scores = await batchedScores(runner, texts, run.signal);
  asked.forEach((place, index) => memory.set(`proposed ${place}`, largest(scores[index]!, PROPOSED, (id) => id !== row.ids[place] && !vocabulary.special.has(id))));
  return new Map(preceded.map((place) => [place, memory.get(`proposed ${place}`) as ArrayLike<number>]));
}

function reading(logits: ArrayLike<number>, { target }: Subject<unknown>): Reading {
  const { index, label, contrast } = target;
  if (logits.length === 1) return { probability: sigmoid(logits[0]!), rank: 0 };
  const probability = score(logits, { index, label, ...(contrast && { contrast }), scale: "prob" });
  if (contrast) return { probability: probability / 2, rank: logits[index]! > logits[contrast.index]! ? 0 : logits.length }; // of a difference, half: it spans 2
  return { probability, rank: Array.prototype.filter.call(logits, (other: number) => other > logits[index]!).length };
}

export const reagent: Readonly<Record<"reagent", Method>> = {
  reagent: async (subject) => {
    const { runner, input, row, tokens, position, target, labels, fillers, options, seed, run, onPartial, recall } = subject;
    const { samples, keep, top, steps, least, ratio, limits, proposals } = options as { samples: number; keep: number; top: number; steps: number; least: number; ratio: number; limits: "text" | "none"; proposals: "model" | "any" };
    const memory = recall(["reagent", seed, { ...options, samples: 0 }]);
    const players = playersOfTokens(tokens, input.text, { textPair: input.textPair, unit: "token", maskId: fillers.mask });
    const places = players.map((player) => player.tokens[0]!);
    const logitsOf = (rows: readonly ArrayLike<number>[], signal?: AbortSignal) => batchedScores(runner, rows.map((ids) => ({ ids: Array.from(ids), typeIds: row.typeIds, position })), signal);
    const read: Read = async (rows, signal) => (await logitsOf(rows, signal)).map((logits) => reading(logits, subject));
    const proposed = proposals === "model" ? await expected(subject, places, memory) : new Map<number, ArrayLike<number>>();
    const anyWord = uniform(subject);
    const propose: Propose = (place, random) => {
      const own = proposed.get(place) ?? [];
      return own.length > 0 ? own[random.integer(own.length)]! : anyWord(place, random);
    };
    if (!memory.has("score")) {
      const [logits] = await logitsOf([row.ids], run.signal);
      memory.set("score", score(logits!, target));
    }
    const answer = ({ scores, errors, samplingError, evaluations }: ReagentResult): Answer => ({
      scores: sharedOut(scores, players, tokens.length), value: memory.get("score") as number, evaluations: { predict: evaluations + proposed.size + 1, gradient: 0 },
      ...(errors && { errors: sharedOut(errors, players, tokens.length), samplingError: samplingError! }),
    });
    const bounds = limits === "none" ? { keep, top } : { keep: Math.min(keep, Math.ceil(places.length / 3)), top: Math.min(top, Math.max(1, Math.floor(labels / 10))) };
    const partial = onPartial && ((found: ReagentResult, share: number) => onPartial(answer(found), share));
    return answer(await explain(read, row.ids, places, propose, { ...run, onPartial: partial, memory, batch: TOGETHER, seed, steps, least, ratio, samples, ...bounds }));
  },
};
