/**
 * Methods judged on one text: what a report on a text and a report on a corpus share. Reads the request, makes what a text is judged by, and
 * judges one method after the other. Makes no explanation.
 */
import { LexiscopeError, throwIfAborted } from "../../base/errors.js";
import { mean } from "../../base/statistics.js";
import type { FaithfulnessBand, FaithfulnessExplanation, JudgedMethod } from "../../explanation/faithfulness.js";
import type { AttributionExplanation, Target } from "../../explanation/types.js";
import { bandOf, judgeScores, prepareTrial, randomScores, type Judgement, type Trial } from "../../methods/faithfulness/judge.js";
import { faithfulnessMetrics, type FaithfulnessMetric } from "../../methods/faithfulness/metrics.js";
import { faithfulnessPreset, type FaithfulnessSettings } from "../../methods/faithfulness/presets.js";
import { resolveMethod, type ResolvedMethod } from "../../methods/table.js";
import type { Answering, Encoded } from "../answering.js";
import { judgedText, JUDGED_TOGETHER, unitScores, type ModelText } from "../judged-text.js";
import type { FaithfulnessRequest } from "../requests.js";
import type { RunOptions } from "../types.js";
import type { Case, Explained } from "./second-attributions.js";

/** Judged when no methods are named: the common ones, of every family. */
const USUAL = ["gradient-norm", "gradient-x-input", "integrated-gradients", "occlusion", "lime", "kernel-shap"];
const RANKINGS = 20;

/** "name" or "name:preset" → its row of the table. Throws `bad-input`. */
function methodOf(name: string): ResolvedMethod {
  const [method = "", preset = ""] = name.split(":").map((part) => part.trim());
  return resolveMethod(method, preset);
}

function settingsOf({ preset = "", metrics = [], unit, rationale }: FaithfulnessRequest): FaithfulnessSettings {
  const settings = faithfulnessPreset(preset);
  const unknown = metrics.find((metric) => !Object.hasOwn(faithfulnessMetrics, metric));
  if (unknown !== undefined) throw new LexiscopeError("bad-input", `no metric "${unknown}"; there are ${Object.keys(faithfulnessMetrics).join(", ")}`, { phase: "request" });
  const asked = [...settings.metrics, ...(metrics as FaithfulnessMetric[])];
  const all = Object.keys(faithfulnessMetrics) as FaithfulnessMetric[];
  const possible = rationale ? all : all.filter((metric) => !metric.startsWith("rationale-"));
  return { ...settings, unit: unit ?? settings.unit, metrics: possible.filter((metric) => asked.includes(metric) || metric === "area") };
}

const gameOptions = ({ signal }: RunOptions) => ({ batch: JUDGED_TOGETHER, ...(signal && { signal }) });

const orNull = (value: number | undefined): number | null => (value !== undefined && Number.isFinite(value) ? value : null);

export interface Plan {
  readonly request: FaithfulnessRequest;
  readonly settings: FaithfulnessSettings;
  readonly methods: readonly ResolvedMethod[];
  readonly seed: number;
  readonly rankings: number;
}

/** A text with all that it is judged by. */
export interface Report extends Plan {
  readonly model: Answering;
  readonly encoded: Encoded;
  readonly target: Target;
  readonly text: ModelText;
  readonly labels: number;
  readonly trial: Trial;
}

/** The band of random rankings. */
export function chanceOf(judged: readonly Judgement[], { metrics, rawInfidelity }: FaithfulnessSettings): Omit<FaithfulnessExplanation["random"], "rankings"> {
  const values: Record<string, FaithfulnessBand> = {};
  for (const metric of metrics) {
    const band = faithfulnessMetrics[metric].chance && !(metric === "infidelity" && rawInfidelity) ? bandOf(judged.map((one) => one.values[metric] ?? NaN)) : null;
    if (band) values[metric] = band;
  }
  const points = (curve: "deletion" | "insertion"): FaithfulnessBand[] => (judged[0]?.[curve] ?? []).map((_, point) => bandOf(judged.map((one) => one[curve][point]!))!);
  return { values, deletion: points("deletion"), insertion: points("insertion") };
}

/** The attribution, or why there is none. What stops everything (an abort, a device that is gone) is thrown. */
async function attributionOf(model: Answering, request: FaithfulnessRequest, { entry, preset }: ResolvedMethod, seed: number, { signal }: RunOptions): Promise<AttributionExplanation | LexiscopeError> {
  const { text, textPair, target } = request;
  try {
    const asked = { text, ...(textPair !== undefined && { textPair }), ...(target !== undefined && { target }), method: entry.name, preset, seed };
    return await model.attribute(asked, signal ? { signal } : {});
  } catch (error) {
    if (error instanceof LexiscopeError && ["unsupported", "no-gradient", "bad-input"].includes(error.code)) return error;
    throw error;
  }
}

async function judgeMethod(report: Report, resolved: ResolvedMethod, random: readonly Judgement[], options: RunOptions): Promise<{ judged: JudgedMethod; explained: Explained | null }> {
  const { model, request, text, settings, seed, trial } = report;
  const method = { name: resolved.entry.name, preset: resolved.preset, options: resolved.options, seed };
  const found = await attributionOf(model, request, resolved, seed, options);
  if (found instanceof LexiscopeError) return { judged: { method, scores: [], values: {}, deletion: [], insertion: [], beats: 0, evaluations: 0, failed: found.message }, explained: null };
  const scores = unitScores(text.players, found.scores);
  const { values, deletion, insertion } = await judgeScores(trial, scores, gameOptions(options));
  const explained = { method: resolved, found, scores };
  const moved = settings.metrics.includes("sensitivity") ? await (await secondAttributions()).sensitivityOf(model, caseOf(report), explained, options) : { value: NaN, evaluations: 0 };
  const area = values.area!;
  const judged = {
    method, scores, deletion, insertion,
    values: Object.fromEntries(settings.metrics.map((metric) => [metric, orNull(metric === "sensitivity" ? moved.value : values[metric])])),
    beats: random.filter((one) => area > one.values.area!).length,
    evaluations: (found.quality.find(({ name }) => name === "evaluations")?.value ?? 0) + moved.evaluations,
  };
  return { judged, explained };
}

const secondAttributions = () => import("./second-attributions.js");
const caseOf = ({ request, encoded, target, labels, settings, seed, text }: Report): Case => ({ input: request, encoded, target, labels, settings, seed, players: text.players });

/** Adds the answers of a model with more and more random weights, stage by stage; `told` hears after each. */
async function addRandomisation(report: Report, judged: JudgedMethod[], explained: readonly (Explained | null)[], options: RunOptions, told: () => void): Promise<void> {
  const able = explained.flatMap((each, index) => (each ? [{ each, index }] : []));
  const { randomisationOf } = await secondAttributions();
  await randomisationOf(report.model, caseOf(report), able.map(({ each }) => each), options, (name, answers) => {
    answers.forEach(({ value, evaluations }, place) => {
      const { index } = able[place]!;
      const before = judged[index]!;
      const stages = [...(before.stages ?? []), { name, correlation: orNull(value) }];
      const known = stages.flatMap(({ correlation }) => (correlation === null ? [] : [correlation]));
      judged[index] = { ...before, stages, evaluations: before.evaluations + evaluations, values: { ...before.values, randomisation: known.length > 0 ? mean(known) : null } };
    });
    told();
  });
}

/** What a request asks of every text. Throws `bad-input`. */
export function planOf(request: FaithfulnessRequest): Plan {
  const { seed = 0, rankings = RANKINGS } = request;
  if (!Number.isInteger(rankings) || rankings < 1 || rankings > 1000) throw new LexiscopeError("bad-input", `${rankings} random rankings: use a whole number from 1 to 1000`, { phase: "request" });
  return { request, settings: settingsOf(request), methods: (request.methods ?? USUAL).map(methodOf), seed, rankings };
}

/** A text made ready to be judged. Throws `bad-input` when nothing of it can be left out. */
export async function prepareReport(model: Answering, plan: Plan, options: RunOptions): Promise<Report> {
  const { request, settings, seed } = plan;
  const encoded = model.encode(request);
  const logits = await model.ask((runner) => model.logits(runner, encoded, options.signal), options.signal);
  const target = model.target(request.target, logits);
  const text = judgedText(model, request, encoded, target, { ...settings, rationale: request.rationale });
  return { ...plan, model, encoded, target, text, labels: logits.length, trial: await prepareTrial(text, settings, seed, gameOptions(options)) };
}

/** The random rankings, judged like methods; `told` after each. */
export async function judgeRandom({ trial, text, rankings, seed }: Report, options: RunOptions, told: (done: number) => void = () => {}): Promise<Judgement[]> {
  const random: Judgement[] = [];
  for (const scores of randomScores(rankings, text.units, seed)) {
    throwIfAborted(options.signal);
    random.push(await judgeScores(trial, scores, gameOptions(options)));
    told(random.length);
  }
  return random;
}

/** All methods, `told` after each with those that are judged. */
export async function judgeMethods(report: Report, random: readonly Judgement[], options: RunOptions, told: (judged: readonly JudgedMethod[]) => void = () => {}): Promise<JudgedMethod[]> {
  const judged: JudgedMethod[] = [];
  const explained: (Explained | null)[] = [];
  for (const resolved of report.methods) {
    throwIfAborted(options.signal);
    const next = await judgeMethod(report, resolved, random, options);
    judged.push(next.judged);
    explained.push(next.explained);
    told([...judged]);
  }
  if (report.settings.metrics.includes("randomisation")) await addRandomisation(report, judged, explained, options, () => told([...judged]));
  return judged;
}
