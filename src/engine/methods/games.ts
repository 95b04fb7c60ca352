/**
 * The methods that leave out words: LIME and the Shapley family, on a text's game. One row a method; what a method does is not here, only
 * how its answer for players becomes one for tokens.
 */
import { norm } from "../../base/statistics.js";
import type { AttributionPart } from "../../explanation/types.js";
import { completenessGap } from "../../methods/integrated-gradients.js";
import { cosineKernel } from "../../methods/lime/kernels.js";
import { lime, type LimeResult } from "../../methods/lime/lime.js";
import { sharedOut, type Player } from "../../methods/players.js";
import type { Memory } from "../../methods/refining.js";
import { exactShapley } from "../../methods/shapley/exact.js";
import type { ShapleyValues } from "../../methods/shapley/game.js";
import { kernelShap } from "../../methods/shapley/kernel.js";
import { partitionShapley, type ValuedPart } from "../../methods/shapley/partition.js";
import { permutationShapley } from "../../methods/shapley/permutation.js";
import { playerTree } from "../../methods/shapley/player-tree.js";
import type { MethodOptions } from "../../methods/types.js";
import type { Answer, Method, Subject } from "../subject.js";
import { textGame, type TextGame } from "./text-game.js";

/** Errors of players as those of their tokens, and relative to the whole picture. Where the samples tell no errors there are none. */
function errorsOf({ scores, errors }: { readonly scores: readonly number[]; readonly errors: readonly number[] }, { players }: TextGame, tokens: number): Pick<Answer, "errors" | "samplingError"> {
  if (errors.every((error) => error === 0)) return {};
  return { errors: sharedOut(errors, players, tokens), samplingError: norm(errors) / norm(scores) };
}

/** The same tree in tokens. */
function partOfTokens({ players: own, score, children }: ValuedPart, players: readonly Player[]): AttributionPart {
  const tokens = own.flatMap((player) => players[player]!.tokens);
  return { tokens, score, ...(children && { children: children.map((child) => partOfTokens(child, players)) }) };
}

type Values = ShapleyValues & { readonly hierarchy?: ValuedPart };
type Run = MethodOptions & { readonly memory: Memory; readonly onPartial?: ((partial: Values, share: number) => void) | undefined; readonly seed: number };

/** What every game of a subject is played with. `told`: how the method's answer becomes one for tokens */
function runOf<Result>({ run, seed, onPartial }: Subject<unknown>, { memory, batch }: TextGame, told: (found: Result) => Answer) {
  return { ...run, batch, seed, memory, onPartial: onPartial && ((partial: Result, share: number) => onPartial(told(partial), share)) };
}

/** A method of the Shapley family as a method of the engine. */
function shapley(solve: (game: TextGame, subject: Subject<unknown>, run: Run) => Promise<Values>): Method {
  return async (subject) => {
    const game = textGame(subject);
    const { length } = subject.tokens;
    const told = (found: Values): Answer => {
      const { scores, value, baselineValue, hierarchy, evaluations } = found;
      return {
        scores: sharedOut(scores, game.players, length), ...errorsOf(found, game, length), value, baselineValue,
        completenessGap: completenessGap(scores, value, baselineValue), evaluations: { predict: evaluations, gradient: 0 },
        ...(hierarchy && { hierarchy: partOfTokens(hierarchy, game.players) }),
      };
    };
    return told(await solve(game, subject, runOf(subject, game, told)));
  };
}

type GameName = "lime" | "kernel-shap" | "permutation-shap" | "exact-shapley" | "partition-shap";

export const games: Readonly<Record<GameName, Method>> = {
  lime: async (subject) => {
    const { options, tokens: { length } } = subject;
    const game = textGame(subject);
    const { samples, width, kernel, masks, surrogate, alpha, features } = options as {
      samples: number; width: number; kernel: "lime" | "cosine"; masks: "count" | "coin"; surrogate: "ridge" | "lasso"; alpha: number; features: number;
    };
    const most = options["limit"] === "square" ? Math.max(2, game.players.length ** 2) : Infinity;
    const everybody = game.players.map(() => 1);
    const told = (found: LimeResult): Answer => ({
      scores: sharedOut(found.scores, game.players, length), ...errorsOf(found, game, length), value: found.value, fit: found.r2,
      evaluations: { predict: found.evaluations, gradient: 0 },
    });
    return told(await lime(game.game, game.players.length, {
      ...runOf(subject, game, told), samples: Math.min(samples, most), width, masks, model: surrogate, alpha, ...(features > 0 && { features }),
      ...(kernel === "cosine" && { kernel: (row) => cosineKernel(row, everybody, width) }),
    }));
  },
  "kernel-shap": shapley(({ game, players }, { options }, run) => kernelShap(game, players.length, { ...run, samples: 2 * players.length + (options["samples"] as number) })),
  "permutation-shap": shapley(({ game, players }, { options }, run) => permutationShapley(game, players.length, { ...run, evaluations: options["evaluations"] as number })),
  "exact-shapley": shapley(({ game, players }, _, run) => exactShapley(game, players.length, run)),
  "partition-shap": shapley(({ game, players }, { tokens, options }, run) => partitionShapley(game, playerTree(players, tokens), { ...run, evaluations: options["evaluations"] as number })),
};
