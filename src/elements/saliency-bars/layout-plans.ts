/**
 * Where the parts of the layouts lie that are not plain bars: waterfall, force and swarm. Pure numbers, 0 to 1 along the axis; no element, so
 * that sums and overlaps are cheap to test. The pictures are those that readers of SHAP know (Lundberg et al. 2018, doi:10.1038/s41551-018-0304-0).
 */

export interface Axis {
  readonly low: number;
  readonly high: number;
  /** where a number lies, 0–1 */
  readonly at: (value: number) => number;
}

function axisOver(values: readonly number[]): Axis {
  const low = Math.min(...values);
  const high = Math.max(...values);
  const span = high - low || 1;
  return { low, high, at: (value) => (value - low) / span };
}

export interface Step {
  /** the sum before and after this part */
  readonly from: number;
  readonly to: number;
}

/** Parts one after the other, from `start` on: each begins where the last one ended. */
export function waterfallPlan(scores: readonly number[], start: number): { readonly steps: readonly Step[]; readonly end: number; readonly axis: Axis } {
  const steps: Step[] = [];
  let sum = start;
  for (const score of scores) {
    steps.push({ from: sum, to: sum + score });
    sum += score;
  }
  return { steps, end: sum, axis: axisOver([start, ...steps.map(({ to }) => to)]) };
}

export interface Push extends Step {
  /** which part this is */
  readonly index: number;
}

/**
 * Parts laid end to end around the value that they add up to: what pushes up lies before it, heaviest next to it, what pushes down after it.
 * So the upward part begins at `value` − Σ of the positive, and both meet at `value`.
 */
export function forcePlan(scores: readonly number[], value: number, baseline: number): { readonly pushes: readonly Push[]; readonly axis: Axis } {
  const order = scores.map((score, index) => ({ score, index })).sort((a, b) => Math.abs(b.score) - Math.abs(a.score) || a.index - b.index);
  const pushes: Push[] = [];
  let [up, down] = [value, value];
  for (const { score, index } of order) {
    if (score > 0) pushes.push({ index, from: up - score, to: up });
    if (score < 0) pushes.push({ index, from: down, to: down - score });
    if (score > 0) up -= score;
    else down -= score;
  }
  return { pushes: pushes.sort((a, b) => a.from - b.from), axis: axisOver([up, down, value, baseline]) };
}

export interface Dot {
  readonly index: number;
  /** along the axis, 0–1 */
  readonly x: number;
  /** rows away from the middle: 0, 1, −1, 2, … */
  readonly lane: number;
}

/** One dot a score, moved aside where dots would overlap; `gap` is a dot's width as a share of the axis. The axis is symmetrical around 0. */
export function swarmPlan(scores: readonly number[], gap: number): { readonly dots: readonly Dot[]; readonly axis: Axis; readonly lanes: number } {
  const largest = scores.reduce((most, score) => Math.max(most, Math.abs(score)), 0) || 1;
  const axis = axisOver([-largest, largest]);
  const taken = new Map<number, number>(); // lane → where its last dot lies
  const order = scores.map((score, index) => ({ x: axis.at(score), index })).sort((a, b) => a.x - b.x || a.index - b.index);
  const lanesByDistance = (step: number) => (step % 2 === 1 ? (step + 1) / 2 : -step / 2);
  const dots = order.map(({ x, index }): Dot => {
    for (let step = 0; ; step++) {
      const lane = lanesByDistance(step);
      if (x - (taken.get(lane) ?? -Infinity) < gap) continue;
      taken.set(lane, x);
      return { index, x, lane };
    }
  });
  return { dots, axis, lanes: Math.max(0, ...dots.map(({ lane }) => Math.abs(lane))) };
}
