/** What the lines are drawn from now; made anew when the explanation, the width or the choice of tokens change. */
import type { AttentionHeadsExplanation } from "../../explanation/types.js";
import type { PlacedToken } from "../../state/scope.js";
import type { Edges } from "./edges.js";
import type { LinesLayout } from "./lines-layout.js";

/** A head of the layer that is shown. */
export interface ShownHead {
  readonly head: number;
  /** among the explanation's maps */
  readonly position: number;
}

export interface LinesDrawing {
  readonly key: string;
  /** of what decides the edges */
  readonly edgesKey: string;
  readonly explanation: AttentionHeadsExplanation;
  readonly layer: number;
  readonly heads: readonly ShownHead[];
  /** tokens that look, and that are looked at */
  readonly rows: readonly PlacedToken[];
  readonly columns: readonly PlacedToken[];
  readonly rowLabels: readonly string[];
  readonly columnLabels: readonly string[];
  readonly layout: LinesLayout;
  readonly font: string;
  /** of a head, made when it is first drawn */
  readonly edges: (position: number) => Edges;
}
