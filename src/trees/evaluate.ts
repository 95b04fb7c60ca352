/**
 * Runs a tree ensemble in plain TypeScript: raw margins, and the scores and labels that the ONNX node gives. Not fast; it exists to explain and
 * to check, in float64 (the runtime adds up in float32).
 */
import { LexiscopeError } from "../base/errors.js";
import { leafOf, prepareRow } from "./decide.js";
import { postTransform } from "./post-transform.js";
import type { Aggregate, TreeEnsemble } from "./types.js";

const combine: Readonly<Record<Aggregate, (sofar: number, weight: number) => number>> = {
  SUM: (sofar, weight) => sofar + weight,
  AVERAGE: (sofar, weight) => sofar + weight,
  MIN: Math.min,
  MAX: Math.max,
};

interface RowMargins {
  readonly margins: number[]; // [target]
  /** whether any leaf (in a classifier, any base value) spoke of the target */
  readonly spoken: boolean[]; // [target]
}

/** Margins of a prepared row. */
function rowMargins(ensemble: TreeEnsemble, row: Float64Array): RowMargins {
  const { trees, targets, baseValues, aggregate } = ensemble;
  const spoken = new Array<boolean>(targets).fill(false);
  const margins = new Array<number>(targets).fill(0);
  for (const tree of trees) {
    const leaf = leafOf(tree, row);
    for (let entry = tree.leafStart[leaf] as number; entry < (tree.leafStart[leaf + 1] as number); entry++) {
      const target = tree.targets[tree.leafSlot[entry] as number] as number;
      const weight = tree.leafWeight[entry] as number;
      margins[target] = spoken[target] ? combine[aggregate](margins[target] as number, weight) : weight;
      spoken[target] = true;
    }
  }
  const divisor = aggregate === "AVERAGE" ? trees.length : 1;
  return {
    margins: margins.map((margin, target) => margin / divisor + (baseValues[target] as number)),
    spoken: spoken.map((heard) => heard || (ensemble.kind === "classifier" && ensemble.hasBaseValues)),
  };
}

/**
 * Raw margins before post_transform: base value plus the aggregate of the leaves.
 * @param rows [row][feature], NaN for a missing value
 * @returns [row][target]
 * @throws bad-input for a row of another length
 */
export function treeMargins(ensemble: TreeEnsemble, rows: readonly ArrayLike<number>[]): number[][] {
  return rows.map((row, index) => rowMargins(ensemble, prepareRow(ensemble, row, `row ${index}`)).margins);
}

export interface TreePrediction {
  /** the node's scores after post_transform: one a target (regressor) or class (classifier) */
  readonly scores: number[];
  /** the class; null for a regressor */
  readonly label: string | number | null;
}

/**
 * What the ONNX node answers in onnxruntime, two peculiarities included: with two classes that both have weights it takes the second when that margin
 * is above 0; and where no leaf of a row speaks of one of several targets, that target is 0 without its base value (`treeMargins` adds it).
 * @param rows [row][feature], NaN for a missing value
 * @returns [row]
 * @throws bad-input for a row of another length; unsupported for PROBIT on a binary classifier that weighs one class
 */
export function treePredictions(ensemble: TreeEnsemble, rows: readonly ArrayLike<number>[]): TreePrediction[] {
  return rows.map((row, index) => {
    const answer = rowMargins(ensemble, prepareRow(ensemble, row, `row ${index}`));
    const margins = answer.margins.map((margin, target) => (ensemble.targets === 1 || answer.spoken[target] ? margin : 0));
    return { scores: postTransform(ensemble, margins), label: labelOf(ensemble, answer) };
  });
}

function labelOf({ classes, targets, weightsNonNegative, node }: TreeEnsemble, { margins, spoken }: RowMargins): string | number | null {
  if (!classes) return null;
  const at = (index: number): string | number => classes[index] as string | number;
  if (classes.length === 1) return at(0);
  if (targets === 1) return at((margins[0] as number) > (weightsNonNegative ? 0.5 : 0) ? 1 : 0);
  if (targets === 2) return at((spoken[1] ? (margins[1] as number) : (margins[0] as number)) > 0 ? 1 : 0);
  const candidates = margins.map((margin, index) => ({ margin, index })).filter(({ index }) => spoken[index]);
  const [first, ...rest] = candidates;
  if (!first) throw new LexiscopeError("bad-model", "no leaf gives any class a weight", { phase: "model", node });
  return at(rest.reduce((best, each) => (each.margin > best.margin ? each : best), first).index);
}
