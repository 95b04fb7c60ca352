/**
 * Metrics of every slice with their intervals, their differences from all rows and from a second model, and the tests of these. A share
 * (accuracy; precision and recall of a class) is tested exactly, Fisher against the other rows, McNemar between the models; the other metrics by the
 * bootstrap's standard deviation of the difference and Student's t. p-values are corrected over the slices, metric by metric.
 */
import { throwIfAborted } from "../../base/errors.js";
import { variance } from "../../base/statistics.js";
import { METRICS, type Estimate, type CorrectionName, type IntervalName, type MetricName, type MetricReport } from "../../explanation/evaluation.js";
import { corrections } from "./corrections.js";
import { fisherExact, mcNemarExact } from "./exact-tests.js";
import { bootstrapInterval, jackknifeInterval, percentileInterval, studentP, wilsonInterval } from "./intervals.js";
import { poissonWeights, TFMA_BUCKETS, TFMA_RESAMPLES, withoutBucket } from "./resampling.js";
import type { RowFacts } from "./row-facts.js";
import { sliceMetrics, sliceRows, type SliceRows } from "./slice-metrics.js";

export interface EstimateOptions {
  readonly interval: IntervalName;
  readonly correction: CorrectionName;
  /** of the bootstrap; the first 20 make TFMA's interval. 0: no intervals but Wilson's, no tests but exact ones */
  readonly resamples: number;
  readonly seed: number;
  readonly signal?: AbortSignal | undefined;
  /** waits a moment, so that a thread can hear that nobody waits any more */
  readonly pause?: (() => Promise<void>) | undefined;
}

type Metrics = Readonly<Partial<Record<MetricName, MetricReport>>>;
type Draws = Float64Array[][]; // [slice][draw] → [metric]
/** successes and trials of a metric that is a share */
type Shares = Partial<Record<MetricName, readonly [hits: number, trials: number]>>;

function sharesOf({ labels, predicted, positive }: RowFacts, rows: Uint32Array): Shares {
  let [correct, hits, claimed, real] = [0, 0, 0, 0];
  for (const row of rows) {
    if (labels[row] === predicted[row]) correct++;
    if (predicted[row] === positive) claimed++;
    if (labels[row] === positive) real++;
    if (labels[row] === positive && predicted[row] === positive) hits++;
  }
  return { accuracy: [correct, rows.length], ...(positive !== null && { precision: [hits, claimed], recall: [hits, real] }) };
}

/** One array of metrics a slice and a draw. */
async function drawn(facts: readonly RowFacts[], slices: readonly SliceRows[][], draws: number, weigh: (draw: number, out: Uint8Array) => Uint8Array, { signal, pause }: EstimateOptions): Promise<Draws[]> {
  const found: Draws[] = facts.map((_, model) => slices[model]!.map(() => []));
  const weights = new Uint8Array(facts[0]!.count);
  for (let draw = 0; draw < draws; draw++) {
    weigh(draw, weights);
    facts.forEach((one, model) => slices[model]!.forEach((slice, index) => found[model]![index]!.push(sliceMetrics(one, slice, weights))));
    await pause?.();
    throwIfAborted(signal);
  }
  return found;
}

const column = (draws: readonly Float64Array[], metric: number): number[] => draws.map((draw) => draw[metric]!);
const isWhole = (values: readonly number[]): boolean => values.length > 1 && values.every(Number.isFinite);

function ends(interval: IntervalName, value: number, resamples: readonly number[], without: readonly number[]): { low: number; high: number } | null {
  if (interval === "jackknife") return isWhole(without) ? jackknifeInterval(value, without) : null;
  if (interval === "bootstrap") return isWhole(resamples.slice(0, TFMA_RESAMPLES)) ? bootstrapInterval(resamples.slice(0, TFMA_RESAMPLES)) : null;
  return isWhole(resamples) ? percentileInterval(resamples) : null;
}

const estimate = (value: number, found: { low: number; high: number } | null): Estimate => (Number.isFinite(value) ? { value, ...(found && { low: found.low, high: found.high }) } : { value: null });

/** Two-sided p of a mean difference, from its resamples; null where they cannot say (one missing, or none differs). */
function resampledP(difference: number, differences: readonly number[]): number | null {
  if (!isWhole(differences)) return null;
  const deviation = Math.sqrt(variance(differences));
  return deviation > 0 ? studentP(difference / deviation, differences.length - 1) : null;
}

/** The slice against the rows outside of it. */
function sharesP([hits, trials]: readonly [number, number], [allHits, allTrials]: readonly [number, number]): number | null {
  return trials > 0 && trials < allTrials ? fisherExact(hits, trials, allHits, allTrials) : null;
}

function sliceMcNemar(a: RowFacts, b: RowFacts, rows: Uint32Array): number {
  let [onlyA, onlyB] = [0, 0];
  for (const row of rows) {
    const [right, otherRight] = [a.predicted[row] === a.labels[row], b.predicted[row] === b.labels[row]];
    if (right && !otherRight) onlyA++;
    if (!right && otherRight) onlyB++;
  }
  return mcNemarExact(onlyA, onlyB);
}

/** [value or null] with the nulls left out of the correction. */
function corrected(values: readonly (number | null)[], correction: CorrectionName): (number | null)[] {
  const known = corrections[correction](values.filter((value) => value !== null));
  let next = 0;
  return values.map((value) => (value === null ? null : known[next++]!));
}

/**
 * → [slice]; the first slice must be all rows. `other`: the second model's facts of the same rows.
 */
export async function estimates(first: RowFacts, other: RowFacts | null, slices: readonly Uint32Array[], options: EstimateOptions): Promise<Metrics[]> {
  const { interval, correction, resamples, seed } = options;
  const models = other ? [first, other] : [first];
  const inModel = models.map((facts) => slices.map((rows) => sliceRows(facts, rows)));
  const points = models.map((facts, model) => inModel[model]!.map((slice) => sliceMetrics(facts, slice)));
  const bootstrap = await drawn(models, inModel, resamples, (draw, out) => poissonWeights(seed, draw, out), options);
  const jackknife = await drawn(models, inModel, interval === "jackknife" ? TFMA_BUCKETS : 0, (draw, out) => withoutBucket(seed, draw, out), options);
  const shares = slices.map((rows) => sharesOf(first, rows));
  const reports: Partial<Record<MetricName, MetricReport>>[] = slices.map(() => ({}));
  METRICS.forEach((name, metric) => {
    const values = points.map((ofModel) => ofModel.map((point) => point[metric]!));
    const draws = bootstrap.map((ofModel) => ofModel.map((of) => column(of, metric)));
    const without = jackknife.map((ofModel) => ofModel.map((of) => column(of, metric)));
    const less = (a: readonly number[] = [], b: readonly number[] = []): number[] => a.map((value, index) => value - b[index]!);
    const differences = values[0]!.map((value, slice): number | null => (slice === 0 || !Number.isFinite(value) ? null : value - values[0]![0]!));
    const p = corrected(differences.map((difference, slice) => {
      if (difference === null) return null;
      const [part, whole] = [shares[slice]![name], shares[0]![name]];
      return part && whole ? sharesP(part, whole) : resampledP(difference, less(draws[0]![slice], draws[0]![0]));
    }), correction);
    const changes = other ? values[0]!.map((value, slice) => values[1]![slice]! - value) : [];
    const changeP = corrected(changes.map((change, slice) => (!Number.isFinite(change) ? null : name === "accuracy" ? sliceMcNemar(first, other!, slices[slice]!) : resampledP(change, less(draws[1]![slice], draws[0]![slice])))), correction);
    slices.forEach((_, slice) => {
      const value = values[0]![slice]!;
      const share = shares[slice]![name];
      const found = interval === "wilson" && share ? wilsonInterval(...share) : ends(interval, value, draws[0]![slice]!, without[0]![slice]!);
      const [difference, change] = [differences[slice]!, changes[slice]];
      reports[slice]![name] = {
        ...estimate(value, found),
        ...(difference !== null && { difference, ...(p[slice] != null && { p: p[slice] }) }),
        ...(change !== undefined && {
          other: Number.isFinite(values[1]![slice]) ? values[1]![slice]! : null,
          change: { ...estimate(change, ends(interval, change, less(draws[1]![slice], draws[0]![slice]), less(without[1]![slice], without[0]![slice]))), ...(changeP[slice] != null && { p: changeP[slice] }) },
        }),
      };
    });
  });
  return reports;
}
