/**
 * What a model's files allow, found without onnxruntime and without a run: for the command and for people who choose a model. A model
 * that `loadModel` would refuse is described here with the reason.
 */
import { asLexiscopeError } from "../base/errors.js";
import { loadTokenizer, type TextTokenizer } from "../text/tokenizer.js";
import { checkInputs } from "./inputs.js";
import { instrument } from "./instrument.js";
import { locateModel } from "./locations.js";
import { fetchModelFiles } from "./model-files.js";
import { kindOf, labelsOf, maxTokensOf } from "./model-info.js";
import type { ModelDescription } from "./types.js";

export interface ModelReport {
  readonly description: Omit<ModelDescription, "backend" | "backendReason" | "inWorker" | "reference">;
  readonly works: readonly string[];
  readonly fails: readonly { readonly what: string; readonly reason: string }[];
}

/** Throws `not-found`, `network` or `bad-model` when there is no model to inspect. */
export async function inspectModel(reference: string, signal?: AbortSignal): Promise<ModelReport> {
  const location = await locateModel(reference);
  const files = await fetchModelFiles(location, { signal });
  const instrumented = instrument(files, "wasm");
  const { anatomy, inputs, scores, patterns, hidden, gradient, opset, labels } = instrumented;
  const works: string[] = [];
  const fails: { what: string; reason: string }[] = [];
  const judge = (what: string, reason: string) => (reason === "" ? works.push(what) : fails.push({ what, reason }));
  const reasonFor = (part: string) => anatomy.missing.find(({ what }) => what === part)?.reason ?? "nothing like it in the graph";
  const attempt = (work: () => void): string => {
    try {
      work();
      return "";
    } catch (error) {
      return asLexiscopeError(error, "bad-model", "model").message;
    }
  };
  let tokenizer: TextTokenizer | null = null;
  const kind = kindOf(files.config, instrumented);
  judge("tokenizer", files.tokenizer ? attempt(() => void (tokenizer = loadTokenizer(files.tokenizer!, files.tokenizerConfig))) : `no tokenizer.json in ${location.folder}`);
  judge("inputs", attempt(() => checkInputs({ inputs, anatomy })));
  judge("prediction", scores === null ? reasonFor("logits") : kind === "other" ? "the model neither classifies nor continues a text" : "");
  judge("exact gradient", gradient === "exact" ? "" : gradient);
  judge("attention", patterns.length > 0 ? "" : reasonFor("attention"));
  judge("hidden states", hidden.length > 0 ? "" : reasonFor("residual"));
  return {
    works, fails,
    description: {
      name: location.name, kind, labels: labelsOf(files.config, kind, labels), opset, anatomy, gradient, hash: files.hash,
      bytes: files.bytes.byteLength + files.external.reduce((sum, { data }) => sum + data.byteLength, 0),
      layers: anatomy.attention.filter(({ part }) => part === "self").length || hidden.length, heads: anatomy.attention[0]?.heads ?? 0, width: anatomy.embeddings?.width ?? 0,
      maxTokens: maxTokensOf(files.config, tokenizer), attention: patterns.length > 0,
    },
  };
}
