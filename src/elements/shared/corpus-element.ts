/**
 * What the elements on a corpus share: where its rows come from (a built-in name, an address, a child script, a file that a person dropped or
 * chose), and by which hidden state they are compared. Not a picture.
 */
import { html, nothing, type PropertyDeclarations, type TemplateResult } from "lit";
import type { ExampleMapExplanation, ExamplesExplanation, Explanation } from "../../explanation/types.js";
import { inlineCorpus, inlineFile, type CorpusAttributes } from "../../state/corpus-requests.js";
import { badAttribute, wholeNumber } from "./attributes.js";
import { corpusWordsFor } from "./corpus-words.js";
import { ExplanationElement } from "./explanation-element.js";

const inlineSelector = Object.keys(inlineCorpus).map((type) => `:scope > script[type="${type}"]`).join();

const layerNumber = {
  fromAttribute: (value: string | null) => (value === "-1" ? -1 : wholeNumber.fromAttribute(value)),
  toAttribute: wholeNumber.toAttribute,
};

let files = 0;

export abstract class CorpusElement<E extends ExamplesExplanation | ExampleMapExplanation> extends ExplanationElement<E> {
  static override properties: PropertyDeclarations = {
    corpus: { reflect: true },
    textColumn: { reflect: true, attribute: "text-column" },
    labelColumn: { reflect: true, attribute: "label-column" },
    vectors: { reflect: true },
    layer: { reflect: true, converter: layerNumber },
    pooling: { reflect: true },
    file: { attribute: false },
  };

  /** a built-in name, or the address of a CSV, JSON or JSONL file; "reviews" when there is neither a file nor a child script */
  corpus: string | null = null;
  textColumn: string | null = null;
  labelColumn: string | null = null;
  /** address of vectors that were stored beside the corpus */
  vectors: string | null = null;
  /** whose hidden state; the last when not given, -1 is the embeddings */
  layer: number | null = null;
  pooling: "mean" | "class" | null = null;
  /** a file that takes the place of `corpus` */
  file: File | null = null;

  #known: { file: File | null; script: string | null; source: NonNullable<CorpusAttributes["file"]> | null } = { file: null, script: null, source: null };
  #over = false;

  override connectedCallback(): void {
    super.connectedCallback();
    this.addEventListener("dragover", this.#drag);
    this.addEventListener("dragleave", this.#drag);
    this.addEventListener("drop", this.#drag);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.removeEventListener("dragover", this.#drag);
    this.removeEventListener("dragleave", this.#drag);
    this.removeEventListener("drop", this.#drag);
  }

  protected override check(): void {
    super.check();
    if (this.pooling !== null && this.pooling !== "mean" && this.pooling !== "class") throw badAttribute("pooling", this.pooling, "mean, class");
    if (this.layer !== null && !(Number.isInteger(this.layer) && this.layer >= -1)) throw badAttribute("layer", this.layer, "a whole number from -1");
  }

  /** The attributes that say which examples, and by what they are compared. */
  protected get source(): CorpusAttributes {
    const { corpus, textColumn, labelColumn, vectors, layer, pooling } = this;
    return { corpus, file: this.#source(), textColumn, labelColumn, vectors, layer, pooling };
  }

  protected override get asks(): readonly unknown[] {
    return [this.corpus, this.#source()?.revision, this.textColumn, this.labelColumn, this.layer, this.pooling];
  }

  protected override misfit(explanation: Explanation): string {
    const general = super.misfit(explanation);
    if (general || (explanation.kind !== "examples" && explanation.kind !== "example-map")) return general;
    const { corpus, space } = explanation;
    const stored = "is not stored here; give a model to compute it";
    const source = this.#source();
    if (source && (this.file || source.revision !== corpus.revision)) return `a corpus of its own ${stored}`;
    if (!source && this.corpus !== null && this.corpus !== corpus.reference) return `corpus="${this.corpus}" ${stored} (${corpus.reference} is)`;
    if (this.layer !== null && this.layer !== space.layer) return `layer="${this.layer}" ${stored} (${space.layer} is)`;
    return this.pooling !== null && this.pooling !== space.pooling ? `pooling="${this.pooling}" ${stored} (${space.pooling} is)` : "";
  }

  /** The dropped file, else the child script, as a file with a name of its own. */
  #source(): NonNullable<CorpusAttributes["file"]> | null {
    const script = this.querySelector<HTMLScriptElement>(inlineSelector);
    const text = script?.textContent ?? null;
    const known = this.#known;
    if (known.file === this.file && known.script === text) return known.source;
    const source = this.file ? { blob: this.file, name: this.file.name, revision: String(++files) } : script && text !== null ? inlineFile(script.type, text) : null;
    this.#known = { file: this.file, script: text, source };
    return source;
  }

  readonly #drag = (event: Event): void => {
    const { dataTransfer, type } = event as DragEvent;
    if (!this.live || !dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    this.#over = type === "dragover";
    const file = type === "drop" ? dataTransfer.files[0] : undefined;
    if (file) this.file = file;
    this.requestUpdate();
  };

  protected override render(): unknown {
    return html`${super.render()}${this.live ? this.#chooser() : nothing}`;
  }

  /** Where another corpus comes in by hand. */
  #chooser(): TemplateResult {
    const words = corpusWordsFor(this.language);
    const choose = (event: Event) => {
      const input = event.target as HTMLInputElement;
      if (input.files?.[0]) this.file = input.files[0];
      input.value = "";
    };
    return html`<label class="chooser" part="chooser" lang=${words.lang} ?data-over=${this.#over}><span>${this.#over ? words.drop : words.other}</span><input type="file" accept=".csv,.tsv,.json,.jsonl,.ndjson" @change=${choose} /></label>`;
  }

  /** What was read and what was left out, in words. */
  protected corpusLine({ corpus }: E): string {
    return corpusWordsFor(this.language).corpus(corpus, this.language);
  }
}
