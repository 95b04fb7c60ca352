/** What the elements that draw attributions share: method, target, and the line above. Not a picture. */
import type { PropertyDeclarations } from "lit";
import type { ExplainRequest, TextInput } from "../../engine/types.js";
import { attribution } from "../../explanation/attribution.js";
import type { KindChecks } from "../../explanation/kinds.js";
import type { AttributionExplanation, Explanation } from "../../explanation/types.js";
import { attributionRequest } from "../../state/requests.js";
import type { PlacedToken } from "../../state/scope.js";
import { badAttribute, wholeNumber } from "./attributes.js";
import { attributionWordsFor, type AttributionWords } from "./attribution-words.js";
import type { DataTable } from "./data-table.js";
import { ExplanationElement } from "./explanation-element.js";
import { decimal } from "./numbers.js";
import { chooseTokens, pointAt } from "./pointing.js";
import { label } from "./tokens.js";
import { scoredUnits, type ScoredUnit } from "./units.js";

/** The methods that the menu offers; any method of the library can stand in the attribute. */
export const OFFERED = ["integrated-gradients", "gradient-x-input", "gradient-norm", "smoothgrad", "occlusion", "lime", "kernel-shap", "partition-shap", "approximate-gradient"];

/** Their scores have no sign. */
const UNSIGNED: ReadonlySet<string> = new Set(["gradient-norm", "vargrad", "attention-relevance", "reagent"]);

const targetName = ({ label, contrast, scale }: AttributionExplanation["target"]) => {
  const name = contrast ? `${label} - ${contrast.label}` : label;
  return scale ? `${scale}(${name})` : name;
};

export abstract class AttributionElement extends ExplanationElement<AttributionExplanation> {
  static override properties: PropertyDeclarations = {
    method: { reflect: true },
    target: { reflect: true },
    preset: { reflect: true },
    checkChance: { reflect: true, type: Boolean, attribute: "check-chance" },
    repeats: { reflect: true, converter: wholeNumber },
    samples: { reflect: true, converter: wholeNumber },
    seed: { reflect: true, converter: wholeNumber },
  };
  protected static override kinds: KindChecks = { attribution };

  /** a key of the methods table; "integrated-gradients" when not given */
  method: string | null = null;
  /** "argmax" (when not given), a label, its number, or "label - label" */
  target: string | null = null;
  /** a known tool's settings of the method */
  preset: string | null = null;
  /** also says whether the ranking is better than random ones */
  checkChance = false;
  /** seeds of a method that samples, compared with one another */
  repeats: number | null = null;
  /** how much a method that samples may evaluate; the method's or the preset's own number when not given. Raised, it goes on from what is there */
  samples: number | null = null;
  /** of a method that samples; 0 when not given */
  seed: number | null = null;

  protected override check(): void {
    super.check();
    for (const [name, least] of [["repeats", 1], ["samples", 1], ["seed", 0]] as const) {
      const value = this[name];
      if (value !== null && !(Number.isInteger(value) && value >= least)) throw badAttribute(name, value, `a whole number from ${least}`);
    }
  }

  protected hover(token: PlacedToken | null, { input }: AttributionExplanation): void {
    pointAt(this, this.scope, token, input.text);
  }

  protected toggle(tokens: readonly PlacedToken[], { input }: AttributionExplanation): void {
    chooseTokens(this, this.scope, tokens, input.text);
  }

  protected get attributionWords(): AttributionWords {
    return attributionWordsFor(this.language);
  }

  protected override request(input: TextInput): ExplainRequest {
    return attributionRequest(input, this.method, this.target, this.preset, this.checkChance, this.repeats, this.samples, this.seed);
  }

  protected override get asks(): readonly unknown[] {
    return [this.method, this.target, this.preset, this.checkChance, this.repeats, this.samples, this.seed];
  }

  protected override misfit(explanation: Explanation): string {
    const general = super.misfit(explanation);
    if (general || explanation.kind !== "attribution") return general;
    const { method, target, prediction } = explanation;
    const stored = "is not stored here; give a model to compute it";
    if (this.method !== null && this.method !== method.name) return `method="${this.method}" ${stored} (${method.name} is)`;
    if (this.preset !== null && this.preset !== method.preset) return `preset="${this.preset}" ${stored}`;
    if (this.checkChance && explanation.tokens.filter(({ special }) => !special).length > 1 && !explanation.quality.some(({ name }) => name === "better-than-random")) return `check-chance ${stored}`;
    if (this.repeats !== null && this.repeats > 1 && explanation.errors && !explanation.quality.some(({ name, of }) => name === "agreement" && of === this.repeats)) return `repeats="${this.repeats}" ${stored}`;
    if (this.samples !== null && !["samples", "evaluations", "directions"].some((budget) => method.options[budget] === this.samples)) return `samples="${this.samples}" ${stored}`;
    if (this.seed !== null && this.seed !== method.seed) return `seed="${this.seed}" ${stored} (${method.seed} is)`;
    const largest = prediction.logits.every((logit) => logit <= (prediction.logits[target.index] ?? -Infinity));
    const fits = this.target === null || this.target === targetName(target) || (!target.contrast && !target.scale && (this.target === String(target.index) || (this.target === "argmax" && largest)));
    return fits ? "" : `target="${this.target}" ${stored} (${targetName(target)} is)`;
  }

  protected override heading(explanation: AttributionExplanation): unknown {
    const { model, target, method } = explanation;
    const chosen = targetName(target);
    const labels = model.labels.includes(chosen) ? model.labels : [chosen, ...model.labels];
    const current = this.method ?? method.name;
    const offered = current === "tree-shap" ? [current] : OFFERED.includes(current) ? OFFERED : [current, ...OFFERED];
    return this.#said(explanation)(
      this.choice("target", chosen, () => labels.map((name) => [name, name] as const), (name) => (this.target = name)),
      this.choice("method", current, () => offered.map((name) => [name, this.#methodName(name)] as const), (name) => Object.assign(this, { method: name, preset: null })),
    );
  }

  protected override name(explanation: AttributionExplanation): string {
    return this.#said(explanation)(targetName(explanation.target), this.#methodName(explanation.method.name)).join("");
  }

  protected override table(explanation: AttributionExplanation): DataTable {
    const words = this.attributionWords;
    const units = this.units(explanation);
    const errors = units.some(({ error }) => error !== undefined);
    return {
      head: [words.token, words.weight, ...(errors ? [words.error] : [])],
      rows: units.map(({ text, score, error }) => [label(text), decimal(this.language, score), ...(errors ? [error === undefined ? "" : decimal(this.language, error)] : [])]),
    };
  }

  /** What is shown one by one. */
  protected units(explanation: AttributionExplanation): ScoredUnit[] {
    return scoredUnits(explanation, "token");
  }

  #said({ method }: AttributionExplanation): AttributionWords["speaksFor"] {
    return UNSIGNED.has(method.name) ? this.attributionWords.mattersFor : this.attributionWords.speaksFor;
  }

  #methodName(name: string): string {
    return this.attributionWords.methods[name] ?? name.replace(/-/g, " ");
  }
}
