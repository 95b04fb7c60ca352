import { expect } from "@open-wc/testing";
import { exactShapley, shapleyInteractions } from "../../src/methods/shapley/exact.js";
import type { Game, ShapleyValues } from "../../src/methods/shapley/game.js";
import { kernelShap } from "../../src/methods/shapley/kernel.js";
import { partitionShapley, type PlayerTree, type ValuedPart } from "../../src/methods/shapley/partition.js";
import { PermutationShapley, permutationShapley, permutationsFor } from "../../src/methods/shapley/permutation.js";
import { Random } from "../../src/base/random.js";

type Bits = ArrayLike<number>;
const at = (bits: Bits, player: number): number => bits[player] as number;
const gameOf = (worth: (bits: Bits) => number): Game => (rows) => Promise.resolve(rows.map(worth));

const relu = (value: number): number => Math.max(0, value);
/** Captum's BasicModel_MultiLayer, target 0 */
const multiLayer = (x: readonly number[]): number => {
  const sum = x.reduce((total, value) => total + value, 0);
  return relu(sum - 10) + 3 * relu(sum + 1) - 1;
};
/** x where present, the baseline elsewhere; `groups` names the player of each feature */
const masked = (f: (x: readonly number[]) => number, x: readonly number[], baseline: readonly number[], groups = x.map((_, feature) => feature)): Game =>
  gameOf((bits) => f(x.map((value, feature) => (at(bits, groups[feature]!) ? value : baseline[feature]!))));

const GA = gameOf((m) => 3 * at(m, 0) * at(m, 2) + at(m, 1) - 2 * at(m, 1) * at(m, 3));
const GC = gameOf((m) => 6 * at(m, 1) * at(m, 2) + 2 * at(m, 0) * at(m, 1) * at(m, 3));
const GB4 = gameOf((m) => 4 * at(m, 0) * at(m, 1) * at(m, 2));
const tree: PlayerTree = [[0, 1], [2, 3]];

function near(actual: readonly number[], expected: readonly number[], tolerance: number): void {
  expect(actual).to.have.length(expected.length);
  actual.forEach((value, index) => expect(value, `player ${index}`).to.be.closeTo(expected[index]!, tolerance));
}

/** A game with random worths for all coalitions. */
function randomGame(players: number, seed: number): Game {
  const random = new Random(seed);
  const worths = Array.from({ length: 2 ** players }, () => random.normal());
  return gameOf((bits) => worths[Array.from(bits).reduce((mask, bit, player) => mask + bit * 2 ** player, 0)]!);
}

describe("Shapley values: numbers of the peers", () => {
  it("M22, M24, M25: exact Shapley, ungrouped and grouped", async () => {
    near((await exactShapley(masked(multiLayer, [20, 50, 30], [4, 4, 4], [0, 0, 1]), 2)).scores, [248, 104], 1e-6);
    near((await exactShapley(masked(multiLayer, [20, 50, 30], [0, 0, 0]), 3)).scores, [76.66667, 196.66667, 116.66667], 1e-4);
    near((await kernelShap(masked(multiLayer, [20, 50, 30], [0, 0, 0]), 3)).scores, [76.66667, 196.66667, 116.66667], 1e-4);
    for (const explain of [exactShapley, kernelShap]) near((await explain(masked(multiLayer, [2, 10, 3], [0, 0, 0], [0, 0, 1]), 2)).scores, [39.5, 10.5], 1e-6);
  });

  it("M26: Kernel SHAP over a background", async () => {
    const background = [[0, 0, 0], [2, 4, 6]];
    const game = gameOf((bits) => background.reduce((sum, row) => sum + [3, 1, 5].map((value, feature) => (at(bits, feature) ? value : row[feature]!)).reduce((f, value, feature) => f + value * [1, 2, 0][feature]!, 0), 0) / 2);
    near((await kernelShap(game, 3)).scores, [2, -2, 0], 1e-9);
  });

  it("M27: interactions", async () => {
    const { scores, interactions } = await shapleyInteractions(gameOf((m) => at(m, 0) + 2 * at(m, 1) + 4 * at(m, 0) * at(m, 1)), 2);
    near(scores, [3, 4], 1e-9);
    near(interactions.flat(), [1, 2, 2, 2], 1e-9);
  });

  it("M28: one permutation and back", async () => {
    near((await new PermutationShapley(GB4, 4).walk([[0, 1, 2, 3]])).scores, [2, 0, 2, 0], 1e-9);
  });

  it("M29, M30, M31: partition, complete and with a budget", async () => {
    near((await exactShapley(GA, 4)).scores, [1.5, 0, 1.5, -1], 1e-9);
    near((await partitionShapley(GA, tree, { together: 1 })).scores, [1.5, 0, 1.5, -1], 1e-9);
    const ten = await partitionShapley(GA, tree, { evaluations: 10, together: 1 });
    near(ten.scores, [1.5, 0, 1.5, -1], 1e-9);
    expect(ten.evaluations).to.equal(10);
    const four = await partitionShapley(GA, tree, { evaluations: 4, together: 1 });
    near(four.scores, [0.75, 0.75, 0.25, 0.25], 1e-9);
    expect(four.unopened).to.have.length(4);
    near((await exactShapley(GC, 4)).scores, [2 / 3, 11 / 3, 3, 2 / 3], 1e-9);
    near((await partitionShapley(GC, tree)).scores, [0.5, 3.5, 3, 1], 1e-9);
  });

  it("partition: a part is worth the sum of its children, and as much as when it plays as one", async () => {
    const game = gameOf((bits) => [...bits as Uint8Array].reduce((sum, bit, player) => sum + bit * (player + 1) ** 1.5, 0) + 3 * at(bits, 0) * at(bits, 3) - 5 * at(bits, 1) * at(bits, 2) * at(bits, 4) + 2 * at(bits, 4) * at(bits, 5));
    const tree: PlayerTree = [[[0, 1], 2], [3, [4, 5]]];
    const { hierarchy, scores, value, baselineValue } = await partitionShapley(game, tree, { evaluations: 1000 });
    const every = (part: ValuedPart): ValuedPart[] => [part, ...(part.children ?? []).flatMap(every)];
    expect(every(hierarchy)).to.have.length(11);
    for (const part of every(hierarchy)) {
      expect(part.children?.flatMap(({ players }) => [...players]) ?? part.players).to.deep.equal(part.players);
      near([part.children?.reduce((sum, { score }) => sum + score, 0) ?? scores[part.players[0]!]!], [part.score], 1e-12);
    }
    near([hierarchy.score], [value - baselineValue], 1e-9);
    const groups = [[0, 1], [2], [3], [4, 5]]; // players 0 and 1 as one, 4 and 5 as one
    const coarse: Game = (rows) => game(rows.map((row) => Uint8Array.from([0, 1, 2, 3, 4, 5], (player) => row[groups.findIndex((group) => group.includes(player))]!)));
    const [left, right] = (await partitionShapley(coarse, [[0, 1], [2, 3]], { evaluations: 1000 })).hierarchy.children!;
    const all = every(hierarchy);
    const scoreOf = (players: number[]) => all.find((part) => String(part.players) === String(players))!.score;
    near([left.score, right.score, ...left.children!.map(({ score }) => score), ...right.children!.map(({ score }) => score)], [[0, 1, 2], [3, 4, 5], ...groups].map(scoreOf), 1e-9);
  });

  it("partition: what the budget did not open has no children", async () => {
    const { hierarchy } = await partitionShapley(GA, tree, { evaluations: 4, together: 1 });
    expect(hierarchy).to.deep.equal({ players: [0, 1, 2, 3], score: 2, children: [{ players: [0, 1], score: 1.5 }, { players: [2, 3], score: 0.5 }] });
    expect((await partitionShapley(GA, tree, { evaluations: 2 })).hierarchy.children).to.equal(undefined);
  });

  it("M32: 23 permutations, 483 evaluations as SHAP counts them", () => {
    expect(permutationsFor(500, 10)).to.equal(23);
    expect(permutationsFor(500, 10) * (2 * 10 + 1)).to.equal(483);
  });
});

describe("Shapley values: properties", () => {
  const methods: Record<string, (game: Game, players: number) => Promise<ShapleyValues>> = {
    exact: exactShapley,
    kernel: (game, players) => kernelShap(game, players, { samples: 40, seed: 5 }),
    permutation: (game, players) => permutationShapley(game, players, { evaluations: 60, seed: 5 }),
    "partition, truncated": (game, players) => partitionShapley(game, players === 1 ? 0 : Array.from({ length: players - 1 }, (_, index) => index + 1).reduce<PlayerTree>((left, player) => [left, player], 0), { evaluations: 12 }),
  };

  for (const [name, explain] of Object.entries(methods)) {
    it(`M33: ${name} is efficient, for 1 to 8 players`, async () => {
      for (let players = 1; players <= 8; players++) {
        const { efficiencyGap, scores, value, baselineValue } = await explain(randomGame(players, players), players);
        expect(efficiencyGap, `${players} players`).to.be.below(1e-9);
        expect(scores.reduce((sum, score) => sum + score, 0)).to.be.closeTo(value - baselineValue, 1e-9);
      }
    });
  }

  it("a dummy player gets nothing, equal players get the same, and the values are linear in the game", async () => {
    const game = gameOf((m) => at(m, 0) * at(m, 1) + 2 * at(m, 3));
    const { scores } = await exactShapley(game, 5);
    near(scores, [0.5, 0.5, 0, 2, 0], 1e-12);
    const [a, b] = [randomGame(5, 1), randomGame(5, 2)];
    const both: Game = async (rows) => {
      const [left, right] = [await a(rows), await b(rows)];
      return left.map((value, row) => 2 * value - right[row]!);
    };
    const [first, second, sum] = [await exactShapley(a, 5), await exactShapley(b, 5), await exactShapley(both, 5)];
    near(sum.scores, first.scores.map((score, player) => 2 * score - second.scores[player]!), 1e-9);
  });

  it("Kernel SHAP with all coalitions is exact, and sampled runs stay within their stated errors", async () => {
    const game = randomGame(8, 11);
    const exact = await exactShapley(game, 8);
    near((await kernelShap(game, 8, { samples: 254 })).scores, exact.scores, 1e-8);
    for (const explain of [(seed: number) => kernelShap(game, 8, { samples: 120, seed }), (seed: number) => permutationShapley(game, 8, { evaluations: 600, seed })]) {
      const z: number[] = [];
      for (let seed = 0; seed < 30; seed++) {
        const { scores, errors } = await explain(seed);
        scores.forEach((score, player) => z.push((score - exact.scores[player]!) / errors[player]!));
      }
      const within = z.filter((value) => Math.abs(value) <= 2.5).length / z.length;
      expect(within).to.be.above(0.9);
      expect(Math.sqrt(z.reduce((sum, value) => sum + value * value, 0) / z.length)).to.be.within(0.4, 1.6);
    }
  });

  it("Kernel SHAP without errors where samples suffice for the scores but not for leaving some out; refused where they do not suffice", async () => {
    const additive = gameOf((m) => Array.from({ length: 120 }, (_, player) => at(m, player) * (player % 3)).reduce((sum, worth) => sum + worth, 0));
    const found = await kernelShap(additive, 120, { samples: 242 });
    near(found.scores.slice(0, 3), [0, 1, 2], 1e-6);
    expect(found.errors.every((error) => error === 0)).to.equal(true);
    const refused = await kernelShap(additive, 120, { samples: 60 }).catch((error: unknown) => error);
    expect(refused).to.include({ code: "bad-input" }).and.have.property("message").that.matches(/take more samples/);
  });

  it("more permutations continue where the first ones stopped, with a smaller error; the seed decides", async () => {
    const game = randomGame(6, 3);
    const sampler = new PermutationShapley(game, 6, 9);
    const first = await sampler.extend(10);
    const second = await sampler.extend(190);
    const whole = await new PermutationShapley(game, 6, 9).extend(200);
    near(second.scores, whole.scores, 1e-12);
    expect(Math.max(...second.errors)).to.be.below(Math.max(...first.errors));
    expect((await permutationShapley(game, 6, { seed: 1 })).scores).to.deep.equal((await permutationShapley(game, 6, { seed: 1 })).scores);
    expect((await permutationShapley(game, 6, { seed: 1 })).scores).to.not.deep.equal((await permutationShapley(game, 6, { seed: 2 })).scores);
  });

  it("refuses too many players, and stops within one batch when aborted", async () => {
    const error = await exactShapley(GA, 13).then(() => null, (reason: Error) => reason);
    expect(error?.message).to.match(/13 players are too many/);
    const controller = new AbortController();
    let rows = 0;
    const game: Game = (batch) => {
      rows += batch.length;
      if (rows > 100) controller.abort();
      return Promise.resolve(batch.map(() => 0));
    };
    const stopped = await exactShapley(game, 12, { signal: controller.signal }).then(() => null, (reason: { code: string }) => reason);
    expect(stopped?.code).to.equal("aborted");
    expect(rows).to.be.below(120);
  });
});
