/** What can be asked of a model together with a corpus of labelled examples. Plain data; nothing here answers. */

import type { Projection } from "../explanation/example-map.js";

/** Which labelled examples, by which vectors they are compared. */
export interface CorpusChoice {
  /** a built-in name ("reviews"), the address of a CSV, JSON or JSONL file, or any name for `file` */
  readonly corpus: string;
  /** the corpus itself: dropped on an element, or written in the page */
  readonly file?: Blob;
  /** what tells one `file` from another of the same name */
  readonly revision?: string;
  /** names of columns; the usual ones ("text", "label" and their kin) when not given */
  readonly textColumn?: string;
  readonly labelColumn?: string;
  /** address of vectors that were stored beside the corpus */
  readonly vectors?: string;
  /** whose hidden state; the last when not given, -1 is the embeddings */
  readonly layer?: number;
  /** the mean over the tokens (when not given), or the class token's (of a causal model, the last token's) */
  readonly pooling?: "mean" | "class";
}

export interface ExamplesRequest extends CorpusChoice {
  readonly text: string;
  /** how examples are found: by the cosine of a hidden state (when not given), or by their influence on the prediction */
  readonly by?: "similarity" | "tracin" | "representer";
  /** how many of each list; 4 when not given. The summary speaks of twice as many */
  readonly count?: number;
  /** what is drawn on the query and on the examples; "gradient-x-input" when not given */
  readonly method?: string;
  readonly preset?: string;
  readonly target?: string;
  readonly seed?: number;
}

export interface ExampleMapRequest extends CorpusChoice {
  /** placed on the map; "" for none */
  readonly text: string;
  /** "pca" when not given: two principal components; "umap" keeps neighbours together, and nothing else */
  readonly projection?: Projection;
  readonly prototypes?: number;
  readonly criticisms?: number;
  readonly seed?: number;
}
