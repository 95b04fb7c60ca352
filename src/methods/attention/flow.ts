/**
 * Attention flow: the largest amount that can flow from each top position to each input token when the layers' attention weights (residual
 * included) are the capacities of the edges. Much dearer than rollout, one maximum flow a pair of positions.
 * Source: Abnar & Zuidema 2020, section 3; maximum flow by Dinic 1970.
 */
import { LexiscopeError } from "../../base/errors.js";
import { shares, withResidual, type Map2 } from "./rollout.js";

const negligible = 1e-12;

export interface AttentionFlow {
  /** [query][key]; rows need not sum to 1 */
  readonly raw: number[][];
  /** raw with each row divided by its sum */
  readonly normalized: number[][];
}

/** @param layers patterns averaged over heads, first layer first, [layer][query][key] */
export function attentionFlow(layers: readonly Map2[], options: FlowOptions = {}): AttentionFlow {
  const raw = [...flowRows(layers, options)];
  return { raw, normalized: raw.map(shares) };
}

export interface FlowOptions {
  /** counts the residual connection (default) */
  readonly residual?: boolean;
}

/** The raw flows one query at a time, so that who waits can stop in between. */
export function* flowRows(layers: readonly Map2[], { residual = true }: FlowOptions = {}): Generator<number[]> {
  const tokens = layers[0]?.length;
  if (!tokens) throw new LexiscopeError("bad-input", "no layers for attention flow");
  const network = new LayeredNetwork(layers.map((layer) => (residual ? withResidual(layer) : layer)), tokens);
  const positions = Array.from({ length: tokens }, (_, position) => position);
  for (const query of positions) yield positions.map((key) => network.maximumFlow(query, key));
}

/** Node (level, token) is level·tokens + token; level 0 is the input. Edges go down from (level + 1, query) to (level, key), and residual edges up. */
class LayeredNetwork {
  private readonly levels: number;
  private readonly capacities: Float64Array; // [layer, query, key]
  private readonly flow: Float64Array; // [layer, query, key]
  private readonly distance: Int32Array;
  private readonly next: Int32Array;

  constructor(layers: readonly Map2[], private readonly tokens: number) {
    this.levels = layers.length;
    this.capacities = Float64Array.from(layers.flat(2));
    if (this.capacities.length !== layers.length * tokens * tokens) throw new LexiscopeError("bad-input", `attention flow needs square maps of ${tokens} tokens in every layer`);
    this.flow = new Float64Array(this.capacities.length);
    this.distance = new Int32Array((this.levels + 1) * tokens);
    this.next = new Int32Array((this.levels + 1) * tokens);
  }

  maximumFlow(top: number, input: number): number {
    this.flow.fill(0);
    const source = this.levels * this.tokens + top;
    let total = 0;
    while (this.measureDistances(source, input)) {
      this.next.fill(0);
      for (let pushed = this.push(source, input, Infinity); pushed > negligible; pushed = this.push(source, input, Infinity)) total += pushed;
    }
    return total;
  }

  /** Neighbour number `index` of a node: first the tokens one level below, then those one level above. */
  private edge(node: number, index: number): { to: number; left: number; slot: number; sign: 1 | -1 } | null {
    const { tokens } = this;
    const level = Math.floor(node / tokens);
    const token = node % tokens;
    if (index < tokens) {
      if (level === 0) return null;
      const slot = ((level - 1) * tokens + token) * tokens + index;
      return { to: (level - 1) * tokens + index, left: (this.capacities[slot] as number) - (this.flow[slot] as number), slot, sign: 1 };
    }
    if (level === this.levels) return null;
    const above = index - tokens;
    const slot = (level * tokens + above) * tokens + token;
    return { to: (level + 1) * tokens + above, left: this.flow[slot] as number, slot, sign: -1 };
  }

  private measureDistances(source: number, sink: number): boolean {
    this.distance.fill(-1);
    this.distance[source] = 0;
    const queue = [source];
    for (const node of queue)
      for (let index = 0; index < 2 * this.tokens; index++) {
        const edge = this.edge(node, index);
        if (!edge || edge.left <= negligible || this.distance[edge.to] !== -1) continue;
        this.distance[edge.to] = (this.distance[node] as number) + 1;
        queue.push(edge.to);
      }
    return this.distance[sink] !== -1;
  }

  private push(node: number, sink: number, wanted: number): number {
    if (node === sink) return wanted;
    for (; (this.next[node] as number) < 2 * this.tokens; this.next[node] = (this.next[node] as number) + 1) {
      const edge = this.edge(node, this.next[node] as number);
      if (!edge || edge.left <= negligible || this.distance[edge.to] !== (this.distance[node] as number) + 1) continue;
      const pushed = this.push(edge.to, sink, Math.min(wanted, edge.left));
      if (pushed <= negligible) continue;
      this.flow[edge.slot] = (this.flow[edge.slot] as number) + edge.sign * pushed;
      return pushed;
    }
    return 0;
  }
}
