/**
 * A model that reads one text a little beside where it stands: every question about it is answered with its embeddings moved by a fixed amount. So
 * any method can be asked for the attribution of a moved input without knowing of it. A token that a question replaces is not moved.
 */
import { LexiscopeError } from "../base/errors.js";
import type { Row } from "./inputs.js";
import { Runner, type Ask, type Seeded } from "./runner.js";
import type { Output } from "./backend.js";

export class ShiftedRunner<B> extends Runner<B> {
  /** `shift`: added to the embeddings of `text`, [token, width] */
  constructor(of: Runner<B>, readonly text: Row, readonly shift: Float32Array) {
    super(of.backend, of.model, of.filling, of.reference);
  }

  override async scores(ask: Ask<B>): Promise<Float32Array[]> {
    return super.scores(await this.#moved(ask));
  }

  override async gradient<T>(ask: Ask<B> & Seeded, use: (scores: Float32Array[], gradient: Output<B>) => Promise<T> | T): Promise<T> {
    return super.gradient({ ...(await this.#moved(ask)), seed: ask.seed }, use);
  }

  override async embeddings(row: Row, signal?: AbortSignal): Promise<Float32Array> {
    const found = await super.embeddings(row, signal);
    const { ids } = this.text;
    const isText = row.ids.length === ids.length && row.ids.every((id, token) => id === ids[token]);
    return isText ? found.map((value, feature) => value + this.shift[feature]!) : found;
  }

  async #moved(ask: Ask<B>): Promise<Ask<B>> {
    const { rows, delta } = ask;
    const { length } = this.text.ids;
    if (rows.some(({ ids }) => ids.length !== length)) {
      throw new LexiscopeError("unsupported", "a text that becomes shorter cannot be moved in place: choose option mask=mask or mask=pad", { phase: "explain" });
    }
    const size = rows.length * length * this.width;
    const given = delta === undefined ? null : "array" in delta ? await this.kernels.read(delta.array, size) : delta.values;
    const values = given ? Float32Array.from(given) : new Float32Array(size);
    rows.forEach(({ ids }, row) => {
      for (let token = 0; token < length; token++) {
        if (ids[token] !== this.text.ids[token]) continue;
        const from = (row * length + token) * this.width;
        for (let feature = 0; feature < this.width; feature++) values[from + feature]! += this.shift[token * this.width + feature]!;
      }
    });
    return { ...ask, delta: { values } };
  }
}
