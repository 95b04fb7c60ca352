/**
 * A model in this thread: files, tokenizer, graph, backend, and every question that can be asked of it. A backend that failed or lost
 * its device is made again, once a question. Does not know whether it runs in a worker.
 */
import { asLexiscopeError, LexiscopeError, throwIfAborted } from "../base/errors.js";
import { EXPLANATION_VERSION, type AttentionExplanation, type AttributionExplanation, type ExplanationBase, type PredictionExplanation, type Quality, type Target, type Token } from "../explanation/types.js";
import { resolveMethod, type MethodEntry } from "../methods/table.js";
import { score, seedAt } from "../methods/target.js";
import { loadTokenizer } from "../text/tokenizer.js";
import type { AnyRunner, Answering, Encoded, Facts } from "./answering.js";
import { attentionChoice, reasonFor } from "./attention-choice.js";
import { attentionMaps, combineMaps, rowSumError } from "./attention-maps.js";
import { runMethod } from "./attribution.js";
import { Backend } from "./backend.js";
import { batchedScores } from "./batched-scores.js";
import type { CorpusChoice } from "./corpus-requests.js";
import { explainers } from "./explainers.js";
import { findAdapter } from "./gpu.js";
import { checkInputs, type Row } from "./inputs.js";
import { instrument, reasonAgainstGpu, type Instrumented } from "./instrument.js";
import { KeptEvaluations } from "./kept-evaluations.js";
import { locateModel, type ModelLocation } from "./locations.js";
import { fetchModelFile, fetchModelFiles, type ModelFile, type ModelFiles } from "./model-files.js";
import { fillingOf, kindOf, labelsOf, maxTokensOf, poolingOf } from "./model-info.js";
import type { HiddenStates } from "./protocol.js";
import type { ExplanationOf, Requests } from "./requests.js";
import { checkScored, encodeInput, predictionOf, remarks, targetOf } from "./reading.js";
import { Runner } from "./runner.js";
import { unit } from "./similarity.js";
import { modelOf, type Answer } from "./subject.js";
import { sidesOf } from "./two-texts.js";
import type { AttentionRequest, AttributionRequest, BackendName, GradientResult, HiddenStatesRequest, LoadOptions, ModelDescription, RunOptions, TargetName, TextInput } from "./types.js";
import { Variants } from "./variants.js";
import { LIBRARY } from "./version.js";

interface Opened {
  readonly backend: Backend<unknown>;
  readonly instrumented: Instrumented;
  readonly reason: string;
}

/** Session with the backward graph; where onnxruntime refuses that, one without, and the reason. */
async function openBackend(file: () => ModelFile, name: BackendName): Promise<Omit<Opened, "reason">> {
  const make = async (withGradient: boolean) => {
    const read = file();
    const instrumented = instrument(read, name, withGradient);
    checkInputs(instrumented);
    const backend = await Backend.open(name, read, instrumented);
    return { backend, instrumented };
  };
  let refused: LexiscopeError | undefined;
  for (const withGradient of [true, true, false]) { // the first failure may have been a broken runtime, which is a fresh copy now
    try {
      const { backend, instrumented } = await make(withGradient);
      return { backend, instrumented: withGradient ? instrumented : { ...instrumented, gradient: `the gradient's graph is refused: ${refused?.message}` } };
    } catch (error) {
      const failure = asLexiscopeError(error, "runtime", "session");
      if (failure.code !== "runtime") throw failure;
      refused ??= failure;
    }
  }
  throw refused!;
}

/** The backend that was asked for, or wasm with the reason why not. `file` is asked again for each try: a try changes what it got. */
async function chooseBackend(file: () => ModelFile, wanted: NonNullable<LoadOptions["backend"]>): Promise<Opened> {
  if (wanted === "wasm") return { ...(await openBackend(file, "wasm")), reason: "" };
  const { reason, software, halfPrecision } = await findAdapter();
  const slower = wanted === "auto" ? (software ? "the only graphics adapter is a software one" : reason ? "" : reasonAgainstGpu(file(), halfPrecision)) : "";
  const against = reason || slower;
  if (against) return { ...(await openBackend(file, "wasm")), reason: against };
  try {
    return { ...(await openBackend(file, "webgpu")), reason: "" };
  } catch (error) {
    const refused = asLexiscopeError(error, "runtime", "session");
    if (refused.code !== "runtime" && refused.code !== "device") throw refused;
    return { ...(await openBackend(file, "wasm")), reason: `WebGPU failed: ${refused.message}` };
  }
}

/** How far an answer can be trusted. `share`: of the budget, where it is not the last answer */
function qualityOf({ name, needsGradient }: MethodEntry, { completenessGap, samplingError, fit, evaluations }: Answer, share?: number): Quality[] {
  const known = { partial: share, "completeness-gap": completenessGap, "sampling-error": samplingError, fit } as const;
  return [
    ...(needsGradient ? [{ name: "exact-gradient", value: 1 } as const] : []),
    ...(name === "approximate-gradient" ? [{ name, value: 1 } as const] : []),
    ...Object.entries(known).flatMap(([each, value]) => (value === undefined ? [] : [{ name: each as keyof typeof known, value }])),
    { name: "evaluations", value: evaluations.predict + evaluations.gradient },
  ];
}

export class LocalModel implements Answering {
  #runner: Promise<AnyRunner>;
  readonly variants: Variants;
  readonly #vectors = new WeakMap<Row, Float32Array>();
  readonly #evaluated = new KeptEvaluations();

  private constructor(readonly facts: Facts, first: Backend<unknown>, readonly inWorker: boolean, readonly threadReason: string) {
    this.#runner = Promise.resolve(this.#runnerOf(first, facts.instrumented));
    this.variants = new Variants(facts);
  }

  /** Throws `not-found`, `network`, `bad-model`, `unsupported`, `runtime`, `aborted`. */
  static async open(files: ModelFiles, location: ModelLocation, options: LoadOptions, inWorker: boolean, threadReason: string): Promise<LocalModel> {
    const { signal, onProgress } = options;
    if (!files.tokenizer) throw new LexiscopeError("not-found", `no tokenizer.json in ${location.folder}: a model needs it beside config.json`, { phase: "tokenizer" });
    const tokenizer = loadTokenizer(files.tokenizer, files.tokenizerConfig);
    onProgress?.({ phase: "session", loaded: 0, total: 1 });
    const file = (): ModelFile => {
      throwIfAborted(signal);
      return { ...files, model: files.decode() };
    };
    const { backend, instrumented, reason } = await chooseBackend(file, options.backend ?? "auto");
    if (signal?.aborted) await backend.dispose();
    throwIfAborted(signal);
    onProgress?.({ phase: "session", loaded: 1, total: 1 });
    const kind = kindOf(files.config, instrumented);
    const facts: Facts = {
      location, options, tokenizer, instrumented, kind, config: files.config, filling: { ...fillingOf(files.config, tokenizer), pooling: instrumented.selects === "vector" ? await poolingOf(location.folder, signal) : "mean" }, hash: files.hash,
      labels: labelsOf(files.config, kind, instrumented.labels),
      maxTokens: maxTokensOf(files.config, tokenizer),
      bytes: files.bytes.byteLength + files.external.reduce((sum, { data }) => sum + data.byteLength, 0),
      backend: backend.name,
      backendReason: reason,
    };
    return new LocalModel(facts, backend, inWorker, threadReason);
  }

  #runnerOf(backend: Backend<unknown>, instrumented: Instrumented): AnyRunner {
    return new Runner(backend, instrumented, this.facts.filling);
  }

  /** The session made again from the file, on the same backend. */
  async #reopen(old: AnyRunner): Promise<AnyRunner> {
    await old.backend.dispose();
    const { location, options, instrumented } = this.facts;
    const read = await fetchModelFile(location, { integrity: options.integrity });
    const withGradient = instrumented.gradient === "exact";
    const again = instrument(read, old.backend.name, withGradient);
    const backend = await Backend.open(old.backend.name, read, again);
    return this.#runnerOf(backend, instrumented);
  }

  /** Runs a question; when the backend broke under it, makes a new one and asks once more. */
  async ask<T>(question: (runner: AnyRunner) => Promise<T>, signal?: AbortSignal): Promise<T> {
    for (let trial = 0; ; trial++) {
      throwIfAborted(signal);
      const current = this.#runner;
      let runner = await current;
      if (!runner.backend.usable) {
        if (this.#runner === current) {
          this.#runner = this.#reopen(runner);
          this.#runner.catch(() => (this.#runner = current)); // the next question tries again
        }
        runner = await this.#runner;
      }
      try {
        return await question(runner);
      } catch (error) {
        if (runner.backend.usable || trial > 0) throw asLexiscopeError(error, "runtime", "run");
        throwIfAborted(signal);
      }
    }
  }

  describe(): ModelDescription {
    const { location, instrumented, kind, labels, maxTokens, hash, bytes, backendReason } = this.facts;
    const { anatomy, patterns, gradient, opset } = instrumented;
    return {
      reference: location.reference, name: location.name, kind, labels, hash, bytes, opset, maxTokens, gradient, anatomy,
      backend: this.facts.backend,
      backendReason: [backendReason, this.threadReason].filter((reason) => reason !== "").join("; "),
      inWorker: this.inWorker,
      layers: anatomy.attention.filter(({ part }) => part === "self").length || instrumented.hidden.length,
      heads: anatomy.attention[0]?.heads ?? 0,
      width: anatomy.embeddings?.width ?? 0,
      attention: patterns.length > 0,
    };
  }

  async tokenize(input: TextInput): Promise<Token[]> {
    return Promise.resolve([...this.encode(input).tokens]);
  }

  async predict(input: TextInput, { signal }: RunOptions = {}): Promise<PredictionExplanation> {
    const encoded = this.encode(input);
    const logits = await this.ask((runner) => this.logits(runner, encoded, signal), signal);
    return { ...this.base(input, encoded, remarks(this.facts, encoded)), kind: "prediction", ...this.prediction(logits) };
  }

  async attention(request: AttentionRequest, options: RunOptions = {}): Promise<AttentionExplanation> {
    if (request.compare === true) return (await import("./explain/attention-agreement.js")).explainAgreement(this, request, options);
    if (request.measure !== undefined && request.measure !== "pattern") return (await import("./explain/attention-measures.js")).explainMeasure(this, request, options);
    const { signal } = options;
    const { anatomy } = this.facts.instrumented;
    const { part, blocks, heads, layer, head, causal } = attentionChoice(this.facts.instrumented, request);
    const encoded = this.encode(request);
    const chosen = typeof layer === "number" ? [blocks[layer]!] : blocks;
    const maps = await this.ask((runner) => attentionMaps(runner, encoded.row, chosen, head, signal), signal);
    const weights = combineMaps(maps, layer === "max" ? "max" : "mean");
    const isMean = layer !== "max" && head !== "max";
    const quality: Quality[] = isMean ? [{ name: "row-sum-error", value: rowSumError(weights) }] : [];
    return {
      ...this.base(request, encoded, quality), kind: "attention", layers: blocks.length, heads, layer, head,
      ...(anatomy.decoder && sidesOf(encoded.row, part)), causal, weights,
    };
  }

  async hiddenStates(input: HiddenStatesRequest, { signal }: RunOptions = {}): Promise<HiddenStates> {
    const { embeddings, anatomy } = this.facts.instrumented;
    const { attention: part = "self" } = input;
    const hidden = this.facts.instrumented.hidden.filter((state) => state.part === part);
    const name = input.layer === -1 ? embeddings : (hidden.find(({ layer }) => layer === input.layer)?.value ?? null);
    if (name === null) {
      const known = hidden.map(({ layer }) => layer).join(", ");
      throw new LexiscopeError(known ? "bad-input" : "unsupported", known ? `no hidden states of layer ${input.layer}; there are -1 (embeddings), ${known}` : `no residual stream found in this model: ${reasonFor(anatomy, "residual")}`, { phase: "request" });
    }
    const encoded = this.encode(input);
    const { data, shape } = await this.ask((runner) => runner.read(encoded.row, name, signal), signal);
    const tokens = anatomy.decoder && input.layer !== -1 ? sidesOf(encoded.row, part).queries.map((token) => encoded.tokens[token]!) : [...encoded.tokens];
    return { tokens, states: data, width: shape.at(-1) ?? 0 };
  }

  async gradient(input: TextInput & { readonly target?: TargetName }, { signal }: RunOptions = {}): Promise<GradientResult> {
    const encoded = this.encode(input);
    return this.ask(async (any) => {
      const logits = await this.logits(any, encoded, signal);
      const runner = await this.posed(any, encoded, signal);
      const target = this.target(input.target, logits);
      const embeddings = await runner.embeddings(encoded.row, signal);
      const ask = { rows: [encoded.row], positions: [encoded.position], seed: seedAt(target, logits), signal };
      return runner.gradient(ask, async ([scores], gradient) => {
        const values = (await runner.kernels.read(gradient.array, embeddings.length)).slice();
        return { tokens: encoded.tokens, gradient: values, embeddings, width: runner.width, value: score(scores!, target) };
      });
    }, signal);
  }

  async attribute(request: AttributionRequest, { signal, onProgress }: RunOptions = {}): Promise<AttributionExplanation> {
    const { entry, preset, options } = resolveMethod(request.method, request.preset ?? "", request.options ?? {}, request.samples);
    const encoded = this.encode(request);
    const { row, tokens, position } = encoded;
    const seedNumber = request.seed ?? 0;
    return this.ask(async (any) => {
      const logits = await this.logits(any, encoded, signal);
      const runner = await this.posed(any, encoded, signal);
      const { scale } = entry.presets[preset] ?? {};
      const target = { ...(scale && { scale }), ...this.target(request.target, logits) };
      const told = (found: Answer, share?: number): AttributionExplanation => ({
        ...this.base(request, encoded, [...remarks(this.facts, encoded), ...qualityOf(entry, found, share)]), kind: "attribution", target, scores: found.scores,
        method: { name: entry.name, preset, options, seed: seedNumber },
        ...(found.errors && { errors: found.errors }),
        ...(found.hierarchy && { hierarchy: found.hierarchy }),
        value: found.value,
        ...(found.baselineValue !== undefined && { baselineValue: found.baselineValue }),
        prediction: this.prediction(logits),
      });
      let partial: AttributionExplanation | null = null; // goes with the next step that is told
      const tell = (loaded: number, total: number) => {
        onProgress?.({ phase: "explain", loaded, total, ...(partial && { partial }) });
        partial = null;
      };
      return told(await runMethod(entry.name, {
        runner, input: request, row, tokens, position, target, labels: logits.length, options, seed: seedNumber,
        ...modelOf(this.facts),
        run: { ...(signal && { signal }), ...(onProgress && { onProgress: tell }) },
        onPartial: onProgress && ((found, share) => (partial = told(found, share))),
        recall: (of) => this.#evaluated.of([request.text, request.textPair, target, of]),
        variant: async (variant) => this.posed(await this.variants.open(variant, signal), encoded, signal),
      }));
    }, signal);
  }

  async logitsOfMany(inputs: readonly TextInput[], { signal, onProgress }: RunOptions = {}): Promise<Float32Array[]> {
    const texts = inputs.map((input) => this.encode(input));
    texts.forEach((text) => checkScored(this.facts, text));
    if (this.facts.instrumented.vector !== null) { // each against a text of its own
      const scores: Float32Array[] = [];
      for (const text of texts) {
        scores.push(await this.ask((runner) => this.logits(runner, text, signal), signal));
        onProgress?.({ phase: "explain", loaded: scores.length, total: texts.length });
      }
      return scores;
    }
    const rows = texts.map(({ row, position }) => ({ ...row, position }));
    return this.ask((runner) => batchedScores(runner, rows, signal, (loaded, total) => onProgress?.({ phase: "explain", loaded, total })), signal);
  }

  async explain<Kind extends keyof Requests>(request: { readonly kind: Kind } & Requests[Kind], options: RunOptions = {}): Promise<ExplanationOf<Kind>> {
    const { kind } = request;
    if (!Object.hasOwn(explainers, kind)) throw new LexiscopeError("bad-input", `no explanation of kind "${String(kind)}"; there are ${Object.keys(explainers).join(", ")}`, { phase: "request" });
    const explain = await explainers[kind]();
    return explain(this, request, options);
  }

  async corpusVectors(choice: CorpusChoice, options: RunOptions = {}): Promise<Uint8Array> {
    return (await import("./explain/corpus-file.js")).corpusFile(this, choice, options);
  }

  async withModel<T>(reference: string, act: (model: Answering) => Promise<T>, { signal, onProgress }: RunOptions = {}): Promise<T> {
    const { backend } = this.facts.options;
    const location = await locateModel(reference);
    const options = { ...(backend && { backend }), ...(signal && { signal }), ...(onProgress && { onProgress }) };
    const model = await LocalModel.open(await fetchModelFiles(location, { signal, onProgress }), location, options, this.inWorker, this.threadReason);
    try {
      return await act(model);
    } finally {
      await model.dispose();
    }
  }

  async dispose(): Promise<void> {
    const runner = await this.#runner.catch(() => null);
    await runner?.backend.dispose();
    await this.variants.dispose();
  }

  encode(input: TextInput): Encoded {
    return encodeInput(this.facts, input);
  }

  /** The runner that scores this text: of a model without a head, against the vector of the second text. */
  async posed(runner: AnyRunner, { pair }: Encoded, signal?: AbortSignal): Promise<AnyRunner> {
    if (this.facts.instrumented.vector === null || !pair) return runner;
    let vector = this.#vectors.get(pair);
    if (!vector) this.#vectors.set(pair, (vector = unit((await runner.read(pair, this.facts.instrumented.vector, signal)).data)));
    return runner.against(vector);
  }

  /** The row of scores that this kind of model is asked for. */
  async logits(runner: AnyRunner, encoded: Encoded, signal?: AbortSignal): Promise<Float32Array> {
    checkScored(this.facts, encoded);
    const [scores] = await (await this.posed(runner, encoded, signal)).scores({ rows: [encoded.row], positions: [encoded.position], signal });
    return scores!;
  }

  target(name: TargetName | undefined, logits: Float32Array): Target {
    return targetOf(this.facts, name, logits);
  }

  prediction(logits: Float32Array): Pick<PredictionExplanation, "labels" | "logits" | "probabilities"> {
    return predictionOf(this.facts, logits);
  }

  base({ text, textPair }: TextInput, encoded: Encoded | null, quality: readonly Quality[]): ExplanationBase {
    const { location, labels, hash, backend, tokenizer: { maskId } } = this.facts;
    const mask = maskId === null ? "" : this.facts.tokenizer.tokenText(maskId);
    const { tokens, truncated } = encoded ?? { tokens: [], truncated: false };
    return {
      version: EXPLANATION_VERSION, input: { text, ...(textPair !== undefined && { textPair }) }, tokens, ...(truncated && { truncated }), quality,
      model: { reference: location.reference, name: location.name, labels, ...(mask && { mask }) },
      provenance: { modelHash: hash, library: LIBRARY, backend },
    };
  }
}
