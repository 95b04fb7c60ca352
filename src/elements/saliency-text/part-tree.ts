/** Which parts of a hierarchy are shown: a cut through the tree that a reader moves, part by part. Plain data; draws nothing. */
import type { AttributionPart, Token } from "../../explanation/types.js";

/** So many parts at first, where the tree has them: enough to say something, few enough to be taken in at once. */
const COARSE = 4;

export class PartTree {
  readonly #parents = new Map<AttributionPart, AttributionPart>();
  readonly #coarse: readonly AttributionPart[];
  #shown: readonly AttributionPart[];

  constructor(root: AttributionPart, readonly tokens: readonly Token[]) {
    const walk = (part: AttributionPart): void => {
      for (const child of part.children ?? []) {
        this.#parents.set(child, part);
        walk(child);
      }
    };
    walk(root);
    this.#shown = [root];
    while (this.#shown.length < COARSE || this.#shown.some((part) => this.#across(part))) {
      const next = this.#shown.find((part) => this.#across(part)) ?? longest(this.#shown.filter(({ children }) => children));
      if (!next?.children) break;
      this.open(next);
    }
    this.#coarse = this.#shown;
  }

  /** The parts of the cut, in order of the text. */
  get shown(): readonly AttributionPart[] {
    return this.#shown;
  }

  get allOpen(): boolean {
    return this.#shown.every(({ children }) => !children);
  }

  get coarse(): boolean {
    return this.#shown === this.#coarse;
  }

  /** The part that holds `part`, when it can be shown: not one that reaches over both texts of a pair. */
  parent(part: AttributionPart): AttributionPart | null {
    const parent = this.#parents.get(part);
    return parent && !this.#across(parent) ? parent : null;
  }

  open(part: AttributionPart): void {
    const { children } = part;
    if (children) this.#shown = this.#shown.flatMap((each) => (each === part ? children : [each]));
  }

  /** Shows `part` in the place of what is shown of it. */
  close(part: AttributionPart): void {
    const [first, last] = [part.tokens[0]!, part.tokens.at(-1)!];
    const outside = (keep: (token: number) => boolean) => this.#shown.filter(({ tokens }) => keep(tokens[0]!));
    this.#shown = [...outside((token) => token < first), part, ...outside((token) => token > last)];
  }

  openAll(): void {
    while (!this.allOpen) for (const part of this.#shown) this.open(part);
  }

  closeAll(): void {
    this.#shown = this.#coarse;
  }

  #segment(token: number): number {
    return this.tokens[token]!.segment ?? 0;
  }

  #across({ tokens, children }: AttributionPart): boolean {
    return children !== undefined && this.#segment(tokens[0]!) !== this.#segment(tokens.at(-1)!);
  }
}

function longest(parts: readonly AttributionPart[]): AttributionPart | undefined {
  return parts.reduce<AttributionPart | undefined>((most, part) => (most && most.tokens.length >= part.tokens.length ? most : part), undefined);
}
