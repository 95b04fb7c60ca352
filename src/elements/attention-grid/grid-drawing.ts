/** What a grid draws now; made anew when the explanation, the width, the order or the colours change. */
import type { AttentionHeadsExplanation } from "../../explanation/types.js";
import type { GridOrder } from "./grid-order.js";
import type { GridPicture } from "./grid-scene.js";

export interface GridDrawing {
  readonly key: string;
  readonly explanation: AttentionHeadsExplanation;
  readonly order: GridOrder;
  readonly picture: Omit<GridPicture, "ink" | "paper" | "chosen" | "pointed">;
}
