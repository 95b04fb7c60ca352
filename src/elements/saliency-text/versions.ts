/** The versions of a text that a person edits: the original, what was made of it, and the way back. No DOM. */
export interface Version {
  readonly text: string;
  readonly textPair?: string;
}

const same = (a: Version, b: Version): boolean => a.text === b.text && a.textPair === b.textPair;

export class Versions {
  #outside: Version;
  #steps: Version[] = [];

  constructor(public original: Version) {
    this.#outside = original;
  }

  get current(): Version {
    return this.#steps.at(-1) ?? this.original;
  }

  get edited(): boolean {
    return this.#steps.length > 0;
  }

  /** The text to ask about where `outside` is given: the edited one, unless what is given has changed to something that was not made here. */
  follow(outside: Version): Version {
    if (!same(outside, this.#outside)) {
      this.#outside = outside;
      if (!same(outside, this.current)) [this.original, this.#steps] = [outside, []];
    }
    return this.current;
  }

  edit(version: Version): void {
    if (!same(version, this.current)) this.#steps.push(version);
  }

  undo(): void {
    this.#steps.pop();
  }

  reset(): void {
    this.#steps = [];
  }
}
