/**
 * Counterfactuals of one text: changed texts with another prediction, each found by HotFlip, by deleting words, or by deleting until it turns.
 * Every candidate is written out as text and run as text, so that what is listed is what a reader gets who types it. Never more model calls
 * than the budget; the methods share it equally, and what one leaves goes to the next.
 */
import { asLexiscopeError, LexiscopeError, throwIfAborted } from "../../base/errors.js";
import { COUNTERFACTUAL_METHODS, type Counterfactual, type CounterfactualChange, type CounterfactualMethod, type CounterfactualsExplanation } from "../../explanation/counterfactuals.js";
import type { Token } from "../../explanation/types.js";
import { CallBudget } from "../../methods/counterfactuals/call-budget.js";
import { minimalFlipSets, type TryFlips } from "../../methods/counterfactuals/flip-sets.js";
import { greedyFlipSet } from "../../methods/counterfactuals/greedy-flip-set.js";
import { hotFlipReplacements, type Replacement } from "../../methods/counterfactuals/hotflip.js";
import { deletion } from "../../methods/counterfactuals/text-edits.js";
import { playersOfTokens } from "../../methods/players.js";
import { seed } from "../../methods/target.js";
import type { Answering, Encoded } from "../answering.js";
import { aimOf, ChangedTexts, type Verdict } from "../changed-texts.js";
import { embeddingTable } from "../embedding-table.js";
import type { CounterfactualsRequest } from "../requests.js";
import { remarks } from "../reading.js";
import type { RunOptions } from "../types.js";

const BUDGET = 200;
/** As LIT has them: changes in a set, candidates, and results when nobody says. */
const settings = { hotflip: { largest: 3, candidates: 10, results: 5 }, ablation: { largest: 5, candidates: 10, results: 10 }, minimal: { largest: Infinity, candidates: Infinity, results: 1 } } as const;
const PRESETS = ["", "lit"];

interface Search {
  readonly model: Answering;
  readonly encoded: Encoded;
  readonly request: CounterfactualsRequest;
  readonly texts: ChangedTexts;
  readonly options: RunOptions;
  readonly results: number | undefined;
  /** a changed text that flips */
  readonly found: (verdict: Verdict, estimate?: number) => void;
  /** one that does not */
  readonly near: (verdict: Verdict, estimate?: number) => void;
}

type Ended = CounterfactualsExplanation["methods"][number]["ended"];

/** Whether sets of candidates flip, by the text with all their changes made. */
function triesOf({ texts, options, found, near }: Search, changesOf: (candidate: number) => CounterfactualChange, estimateOf?: (set: readonly number[]) => number): TryFlips {
  return async (sets) => {
    const verdicts = await texts.say(sets.map((set) => set.map(changesOf)), options.signal);
    return verdicts.map((verdict, index) => {
      if (verdict === null) return null;
      if (verdict === "empty") return false;
      (verdict.flipped ? found : near)(verdict, estimateOf?.(sets[index]!));
      return verdict.flipped;
    });
  };
}

async function hotflip(search: Search): Promise<Ended> {
  const { model, encoded, request, texts, options: { signal } } = search;
  const { row, position, tokens } = encoded;
  const { tokenizer } = model.facts;
  const { aim, budget, cost } = texts;
  const lit = request.preset === "lit";
  const { values: table, width } = await embeddingTable(model, (runs) => budget.take(runs), signal);
  if (model.facts.instrumented.gradient !== "exact") throw new LexiscopeError("no-gradient", `${model.facts.instrumented.gradient}; ablation needs no gradient`, { phase: "model" });
  if (!budget.take(cost)) return "budget";
  const { target, sign } = aim;
  const labels = texts.verdictOf().logits.length;
  const raw = await model.ask(async (any) => {
    const runner = await model.posed(any, encoded, signal);
    const wanted = lit ? { index: target.index, label: target.label } : target;
    return runner.gradient({ rows: [row], positions: [position], seed: seed(wanted, labels), signal }, async (_, gradient) => (await runner.kernels.read(gradient.array, row.ids.length * width)).slice());
  }, signal);
  const gradient = sign === 1 ? raw : raw.map((value) => -value);
  const changeOf = ({ place, id }: Replacement): CounterfactualChange => ({ segment: tokens[place]!.segment ?? 0, start: tokens[place]!.start, end: tokens[place]!.end, text: wordPiece(tokenizer.decode([id])) });
  const special = new Set([tokenizer.padId, tokenizer.maskId, tokenizer.clsId, tokenizer.sepId, tokenizer.unknownId]);
  /** The changed text, read again, is the text with that one id changed: otherwise the gradient spoke of another text. */
  const accept = (place: number, id: number): boolean => {
    const change = changeOf({ place, id, estimate: 0 });
    if (special.has(id) || change.text === "") return false;
    const { ids } = model.encode(texts.changed([change]).input);
    return ids.length === row.ids.length && ids.every((found, index) => found === (index === place ? id : row.ids[index]));
  };
  const places = placesOf(tokens, tokenizer.maskId, model.facts.instrumented.anatomy.decoder !== null);
  const candidates = hotFlipReplacements({ gradient, table, width, ids: row.ids, places }, { candidates: settings.hotflip.candidates, rank: lit ? "gradient-norm" : "promise", accept });
  throwIfAborted(signal);
  const tries = triesOf(search, (candidate) => changeOf(candidates[candidate]!), (set) => set.reduce((sum, candidate) => sum + candidates[candidate]!.estimate, 0));
  return (await minimalFlipSets(candidates.length, tries, { ...settings.hotflip, results: search.results ?? settings.hotflip.results, ...(signal && { signal }) })).ended;
}

/** A vocabulary's entry as it stands inside of a text. */
const wordPiece = (decoded: string): string => decoded.replace(/^##/, "").trim();

/** Tokens with characters of their own: of those that share a letter, none. */
function placesOf(tokens: readonly Token[], maskId: number | null, firstTextOnly: boolean): number[] {
  const own = (index: number): boolean => {
    const { start, end, special, id, segment = 0 } = tokens[index]!;
    const shared = [tokens[index - 1], tokens[index + 1]].some((other) => other && (other.segment ?? 0) === segment && other.start < end && start < other.end);
    return !special && id !== maskId && end > start && !shared && !(firstTextOnly && segment === 1);
  };
  return tokens.flatMap((_, index) => (own(index) ? [index] : []));
}

/** The words of the text as deletions, the one that matters most first. Null when nothing is left to spend on that. */
async function rankedDeletions(search: Search): Promise<{ readonly changes: readonly CounterfactualChange[] } | null> {
  const { model, encoded: { tokens }, texts, options: { signal }, near } = search;
  const { text, textPair } = texts.input;
  const players = playersOfTokens(tokens, text, { textPair, unit: "word", maskId: model.facts.tokenizer.maskId });
  const changes = players.map(({ segment, tokens: members }) => {
    const [start, end] = [Math.min(...members.map((token) => tokens[token]!.start)), Math.max(...members.map((token) => tokens[token]!.end))];
    return { segment, ...deletion(segment === 1 ? (textPair ?? "") : text, start, end) };
  });
  const verdicts = await texts.say(changes.map((change) => [change]), signal);
  if (verdicts.includes(null)) return null;
  const margins = verdicts.map((verdict) => {
    if (verdict === null || verdict === "empty") return Infinity;
    if (!verdict.flipped) near(verdict);
    return verdict.margin;
  });
  const order = changes.map((_, index) => index).sort((a, b) => margins[a]! - margins[b]! || a - b);
  return { changes: order.map((index) => changes[index]!) };
}

async function ablation(search: Search): Promise<Ended> {
  const ranked = await rankedDeletions(search);
  if (!ranked) return "budget";
  const { largest, candidates, results } = settings.ablation;
  const changes = ranked.changes.slice(0, candidates);
  const { signal } = search.options;
  return (await minimalFlipSets(changes.length, triesOf(search, (candidate) => changes[candidate]!), { largest, results: search.results ?? results, ...(signal && { signal }) })).ended;
}

async function minimal(search: Search): Promise<Ended> {
  const ranked = await rankedDeletions(search);
  if (!ranked) return "budget";
  const { changes } = ranked;
  const kept = { ...search, found: () => undefined }; // on the way to it, sets flip that are not minimal
  const { set, ended } = await greedyFlipSet(changes.map((_, index) => index), triesOf(kept, (candidate) => changes[candidate]!), search.options.signal);
  const [verdict] = set ? await search.texts.say([set.map((candidate) => changes[candidate]!)], search.options.signal) : [];
  if (verdict && verdict !== "empty") search.found(verdict);
  return ended;
}

const searches: Readonly<Record<CounterfactualMethod, (search: Search) => Promise<Ended>>> = { hotflip, ablation, minimal };

/** Throws `bad-input` for a method or preset that does not exist. */
function methodsOf({ methods = COUNTERFACTUAL_METHODS, preset = "", results }: CounterfactualsRequest): CounterfactualMethod[] {
  const unknown = methods.find((name) => !COUNTERFACTUAL_METHODS.includes(name as CounterfactualMethod));
  if (unknown !== undefined || methods.length === 0) throw new LexiscopeError("bad-input", `no method "${unknown ?? ""}" for counterfactuals; there are ${COUNTERFACTUAL_METHODS.join(", ")}`, { phase: "request" });
  if (!PRESETS.includes(preset)) throw new LexiscopeError("bad-input", `no preset "${preset}" for counterfactuals; there is lit`, { phase: "request" });
  if (results !== undefined && !(Number.isInteger(results) && results >= 1)) throw new LexiscopeError("bad-input", `results must be a whole number from 1, not ${results}`, { phase: "request" });
  return COUNTERFACTUAL_METHODS.filter((name) => methods.includes(name));
}

export async function explainCounterfactuals(model: Answering, request: CounterfactualsRequest, options: RunOptions): Promise<CounterfactualsExplanation> {
  const names = methodsOf(request);
  const budget = new CallBudget(request.budget ?? BUDGET);
  const { text, textPair, results, preset = "" } = request;
  const input = { text, ...(textPair !== undefined && { textPair }) };
  const encoded = model.encode(input);
  const cost = model.facts.instrumented.vector === null ? 1 : 2;
  if (!budget.take(cost)) throw new LexiscopeError("bad-input", `budget="${budget.total}" is less than the first prediction takes: ${cost} model calls`, { phase: "request" });
  const [logits] = await model.logitsOfMany([input], options.signal ? { signal: options.signal } : {});
  const aim = aimOf(model, request, logits!);
  const texts = new ChangedTexts(model, input, budget, cost, aim, logits!);
  const original = texts.verdictOf();
  const all = new Map<string, Counterfactual>();
  const methods: CounterfactualsExplanation["methods"][number][] = [];
  const explanation = (): CounterfactualsExplanation => ({
    ...model.base(input, encoded, [...remarks(model.facts, encoded), { name: "evaluations", value: budget.made }]), kind: "counterfactuals", preset,
    options: Object.fromEntries(names.flatMap((name) => (name === "minimal" ? [] : [[`${name} changes`, settings[name].largest], [`${name} candidates`, settings[name].candidates], [`${name} results`, results ?? settings[name].results]]))),
    budget: budget.total, calls: budget.made, target: aim.target, measure: logits!.length === 1 ? "score" : "probability", value: original.value, margin: original.margin, prediction: model.prediction(logits!),
    methods: [...methods], results: [...all.values()].sort((a, b) => Number(b.flipped) - Number(a.flipped) || a.changes.length - b.changes.length || a.margin - b.margin),
  });
  const tell = () => options.onProgress?.({ phase: "explain", loaded: budget.made, total: budget.total, partial: explanation() });
  for (const [index, name] of names.entries()) {
    throwIfAborted(options.signal);
    budget.share(names.length - index);
    const before = budget.made;
    let nearest: Counterfactual | null = null;
    let flips = 0;
    const listed = (verdict: Verdict, estimate?: number): Counterfactual => ({
      method: name, text: verdict.input.text, ...(verdict.input.textPair !== undefined && { textPair: verdict.input.textPair }), changes: verdict.changes, flipped: verdict.flipped, label: verdict.label,
      value: verdict.value, difference: verdict.value - original.value, margin: verdict.margin, ...(estimate !== undefined && { estimate }), prediction: model.prediction(verdict.logits),
    });
    const key = ({ input: of }: Verdict) => JSON.stringify([of.text, of.textPair]);
    const search: Search = {
      model, encoded, request, texts, results, options,
      found: (verdict, estimate) => {
        flips++;
        if (!all.get(key(verdict))?.flipped) all.set(key(verdict), listed(verdict, estimate));
      },
      near: (verdict, estimate) => {
        if (!nearest || verdict.margin < nearest.margin) nearest = listed(verdict, estimate);
      },
    };
    const { ended, reason } = await searches[name](search).then((end) => ({ ended: end, reason: "" }), (error: unknown) => failed(error));
    const near = nearest as Counterfactual | null;
    if (flips === 0 && near && near.margin < original.margin && !all.has(JSON.stringify([near.text, near.textPair]))) all.set(JSON.stringify([near.text, near.textPair]), near);
    methods.push({ name, calls: budget.made - before, ended, ...(reason && { reason }) });
    tell();
  }
  return explanation();
}

/** A method that cannot work here leaves the others to theirs; what stops everything is thrown. */
function failed(error: unknown): { readonly ended: "failed"; readonly reason: string } {
  const failure = asLexiscopeError(error, "runtime", "explain");
  if (["unsupported", "no-gradient", "bad-input"].includes(failure.code)) return { ended: "failed", reason: failure.message };
  throw failure;
}
