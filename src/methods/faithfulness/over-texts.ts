/**
 * Judgements of several texts put together: means with intervals over the texts, the band of random rankings of the same means, and whether a
 * method is better than chance, and behind the best, text by text. A text is one observation, however long it is. No model, no words.
 *
 * Sources: Efron 1979 (percentile bootstrap over texts); Fisher 1935, Pitman 1937 (sign flips of paired differences); Holm 1979 (many methods).
 */
import { mean } from "../../base/statistics.js";
import type { AreaDifference } from "../../explanation/faithfulness.js";
import { pairedComparison, meanInterval } from "../bias/paired-comparison.js";
import { holm } from "../evaluation/corrections.js";
import { bandOf, type Band, type Judgement } from "./judge.js";
import type { FaithfulnessMetric } from "./metrics.js";

/** One method on the texts that it answered. */
export interface MethodOverTexts {
  readonly texts: number;
  readonly values: Readonly<Record<string, number | null>>;
  /** 95 % of the mean; metrics that are defined on fewer than two texts have none */
  readonly intervals: Readonly<Record<string, { readonly low: number; readonly high: number }>>;
  readonly deletion: readonly number[];
  readonly insertion: readonly number[];
  /** random rankings, the same one of each text together, with a smaller mean area */
  readonly beats: number;
  /** its area less the mean area of the random rankings of the same text; null where it answered on no text */
  readonly chance: AreaDifference | null;
  /** its area less that of the method with the largest mean area on the texts that both answered; null for that one itself */
  readonly best: AreaDifference | null;
}

/** A judged method on a text, or null where it gave no answer. */
interface Judged {
  readonly values: Readonly<Record<string, number | null>>;
  readonly deletion: readonly number[];
  readonly insertion: readonly number[];
}

const defined = (values: readonly (number | null | undefined)[]): number[] => values.filter((value): value is number => typeof value === "number" && Number.isFinite(value));
const averageCurve = (curves: readonly (readonly number[])[]): number[] => (curves[0] ?? []).map((_, point) => mean(curves.map((curve) => curve[point]!)));

function difference(pairs: readonly (readonly [number, number])[], seed: number): Omit<AreaDifference, "adjusted"> & { readonly p: number } {
  const { difference: found, low, high, p } = pairedComparison(pairs.map(([own]) => own), pairs.map(([, other]) => other), { seed });
  return { mean: found, low: Number.isFinite(low) ? low : null, high: Number.isFinite(high) ? high : null, p };
}

/** Holm's correction over those that were compared. */
function corrected(found: readonly (ReturnType<typeof difference> | null)[]): (AreaDifference | null)[] {
  const there = found.flatMap((one) => (one ? [one] : []));
  const adjusted = holm(there.map(({ p }) => p));
  return found.map((one) => one && { mean: one.mean, low: one.low, high: one.high, adjusted: adjusted[there.indexOf(one)]! });
}

/** `judged`: [text][method]; `random`: [text][ranking] */
export function methodsOverTexts(judged: readonly (readonly (Judged | null)[])[], random: readonly (readonly Judgement[])[], metrics: readonly FaithfulnessMetric[], seed: number): MethodOverTexts[] {
  const count = judged[0]?.length ?? 0;
  const area = (one: Judged | null | undefined): number | null => one?.values["area"] ?? null;
  const byChance = random.map((rankings) => mean(rankings.map(({ values }) => values.area!)));
  const randomMeans = meansOfRankings(random, "area");
  const of = (method: number) => judged.map((texts) => texts[method] ?? null);
  const means = Array.from({ length: count }, (_, method) => defined(of(method).map(area))).map((areas) => (areas.length === 0 ? -Infinity : mean(areas)));
  const best = means.indexOf(Math.max(...means));
  const chances = corrected(means.map((_, method) => {
    const pairs = of(method).flatMap((one, text) => (area(one) === null ? [] : [[area(one)!, byChance[text]!] as const]));
    return pairs.length === 0 ? null : difference(pairs, seed);
  }));
  const behind = corrected(means.map((_, method) => {
    const pairs = of(method).flatMap((one, text) => (method === best || area(one) === null || area(judged[text]![best]) === null ? [] : [[area(one)!, area(judged[text]![best])!] as const]));
    return pairs.length === 0 ? null : difference(pairs, seed);
  }));
  return means.map((meanArea, method) => {
    const answered = of(method).flatMap((one) => (one ? [one] : []));
    const values = metrics.map((metric) => [metric, defined(answered.map((one) => one.values[metric]))] as const);
    return {
      texts: answered.length, values: Object.fromEntries(values.map(([metric, known]) => [metric, known.length === 0 ? null : mean(known)])),
      intervals: Object.fromEntries(values.flatMap(([metric, known]) => (known.length < 2 ? [] : [[metric, meanInterval(known, { seed })]]))),
      deletion: averageCurve(answered.map((one) => one.deletion)), insertion: averageCurve(answered.map((one) => one.insertion)),
      beats: randomMeans.filter((other) => meanArea > other).length, chance: chances[method]!, best: behind[method]!,
    };
  });
}

/** Ranking r of every text together, as if one random method had answered on all of them. */
function meansOfRankings(random: readonly (readonly Judgement[])[], metric: FaithfulnessMetric): number[] {
  return (random[0] ?? []).flatMap((_, ranking) => {
    const known = defined(random.map((rankings) => rankings[ranking]!.values[metric]));
    return known.length === 0 ? [] : [mean(known)];
  });
}

/** The band of such random methods, by metric. */
export function chanceOverTexts(random: readonly (readonly Judgement[])[], metric: FaithfulnessMetric): Band | null {
  return bandOf(meansOfRankings(random, metric));
}

/** The band of their mean curves, [point]. */
export function curvesOfChance(random: readonly (readonly Judgement[])[], curve: "deletion" | "insertion"): Band[] {
  const points = random[0]?.[0]?.[curve].length ?? 0;
  const rankings = (random[0] ?? []).map((_, ranking) => averageCurve(random.map((text) => text[ranking]![curve])));
  return Array.from({ length: points }, (_, point) => bandOf(rankings.map((values) => values[point]!))!);
}
