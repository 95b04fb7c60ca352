/** The tokens whose lines alone are shown, and the weights that stand beside the tokens at their other ends. */
import { weightsOfMap } from "../../explanation/attention-heads.js";
import { edgesIn, type Focus } from "./edges.js";
import type { LinesDrawing, ShownHead } from "./lines-drawing.js";

export type TokensInFocus = Extract<Focus, { readonly kind: "tokens" }>;

export interface Reached {
  readonly place: number;
  /** mean over the heads of what the tokens in focus give to this one, or get from it; over several tokens, their sum */
  readonly weight: number;
}

/** Tokens at the other ends of the lines in focus, heaviest first. */
export function reachedBy(drawing: LinesDrawing, heads: readonly ShownHead[], tokens: TokensInFocus): Reached[] {
  const { explanation, rows, columns, edges } = drawing;
  const places = new Set<number>();
  for (const { position } of heads) {
    const lines = edges(position);
    edgesIn(lines, tokens, (edge) => places.add(tokens.side === "query" ? lines.keys[edge]! : lines.queries[edge]!));
  }
  const maps = heads.map(({ position }) => weightsOfMap(explanation, position));
  const at = (query: number, key: number) => maps.reduce((sum, map) => sum + map[rows[query]!.index * explanation.side + columns[key]!.index]!, 0) / maps.length;
  return [...places]
    .map((place) => ({ place, weight: tokens.places.reduce((sum, token) => sum + (tokens.side === "query" ? at(token, place) : at(place, token)), 0) }))
    .sort((a, b) => b.weight - a.weight || a.place - b.place);
}

export interface HeaviestLine {
  readonly query: number;
  readonly key: number;
  readonly weight: number;
  readonly head: number;
}

/** The heaviest lines, of some tokens or of all. */
export function heaviestLines({ edges }: LinesDrawing, heads: readonly ShownHead[], tokens: TokensInFocus | null, count: number): HeaviestLine[] {
  const found: HeaviestLine[] = [];
  for (const { head, position } of heads) {
    const lines = edges(position);
    const own: number[] = [];
    if (tokens) edgesIn(lines, tokens, (edge) => own.push(edge));
    else for (let edge = 0; edge < lines.count; edge++) own.push(edge);
    own.sort((a, b) => lines.weights[b]! - lines.weights[a]! || a - b);
    for (const edge of own.slice(0, count)) found.push({ query: lines.queries[edge]!, key: lines.keys[edge]!, weight: lines.weights[edge]!, head });
  }
  return found.sort((a, b) => b.weight - a.weight || a.head - b.head).slice(0, count);
}
