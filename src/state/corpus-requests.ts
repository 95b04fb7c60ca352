/** What the elements on a corpus ask, with what holds when an attribute is absent: in a page, and when a page is baked. No DOM, no checks. */
import { textsHash } from "../base/texts-hash.js";
import type { CorpusChoice } from "../engine/corpus-requests.js";
import type { Projection } from "../explanation/example-map.js";
import type { ExplainRequest, TextInput } from "../engine/types.js";

type Given<T> = T | null | undefined;

/** Types of a child script that holds the rows of a corpus, and how such a corpus is called. */
export const inlineCorpus: Readonly<Record<string, string>> = { "text/csv": "inline.csv", "application/jsonl": "inline.jsonl", "application/corpus+json": "inline.json" };

/** The rows inside of an element, as a file. The same rows are the same file, also on another day. */
export function inlineFile(type: string, text: string): NonNullable<CorpusAttributes["file"]> {
  const rows = text.trim();
  return { blob: new Blob([rows]), name: inlineCorpus[type]!, revision: textsHash([rows]) };
}

/** What the elements on examples have in common. */
export interface CorpusAttributes {
  readonly corpus?: Given<string>;
  readonly file?: { readonly blob: Blob; readonly name: string; readonly revision: string } | null;
  readonly textColumn?: Given<string>;
  readonly labelColumn?: Given<string>;
  readonly vectors?: Given<string>;
  readonly layer?: Given<number>;
  readonly pooling?: Given<"mean" | "class">;
}

function corpusChoice({ corpus, file, textColumn, labelColumn, vectors, layer, pooling }: CorpusAttributes): CorpusChoice {
  return {
    corpus: file?.name ?? corpus ?? "reviews", ...(file && { file: file.blob, revision: file.revision }), ...(textColumn != null && { textColumn }), ...(labelColumn != null && { labelColumn }),
    ...(vectors != null && { vectors }), ...(layer != null && { layer }), ...(pooling != null && { pooling }),
  };
}

export interface ExamplesAttributes extends CorpusAttributes {
  readonly by?: Given<"similarity" | "influence" | "tracin" | "representer">;
  readonly count?: Given<number>;
  readonly method?: Given<string>;
  readonly preset?: Given<string>;
  readonly target?: Given<string>;
}

export function examplesRequest({ text }: TextInput, attributes: ExamplesAttributes): ExplainRequest {
  const { by, count, method, preset, target } = attributes;
  const named = by === "influence" ? "tracin" : by;
  return { kind: "examples", text, ...corpusChoice(attributes), ...(named != null && { by: named }), ...(count != null && { count }), ...(method != null && { method }), ...(preset != null && { preset }), ...(target != null && { target }) };
}

export interface ExampleMapAttributes extends CorpusAttributes {
  readonly projection?: Given<Projection>;
  readonly prototypes?: Given<number>;
  readonly criticisms?: Given<number>;
}

export function exampleMapRequest({ text }: TextInput, attributes: ExampleMapAttributes): ExplainRequest {
  const { projection, prototypes, criticisms } = attributes;
  return { kind: "example-map", text, ...corpusChoice(attributes), ...(projection != null && { projection }), ...(prototypes != null && { prototypes }), ...(criticisms != null && { criticisms }) };
}
