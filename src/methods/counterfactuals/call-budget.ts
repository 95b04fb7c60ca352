/** How many model calls may still be made. A text run forward is one call, in whatever batch; a gradient is one. Whoever wants to call asks first. */
import { LexiscopeError } from "../../base/errors.js";

export class CallBudget {
  made = 0;
  /** calls after which the one who works now has to stop; the whole budget when nobody said */
  limit: number;

  /** Throws `bad-input` when it is no whole number from 1. */
  constructor(readonly total: number) {
    if (!Number.isInteger(total) || total < 1) throw new LexiscopeError("bad-input", `budget must be a whole number of model calls from 1, not ${total}`, { phase: "request" });
    this.limit = total;
  }

  get left(): number {
    return Math.max(0, this.limit - this.made);
  }

  /** Until the next call of this, only an equal part of what is left may be spent: 1 ÷ `users`. */
  share(users: number): void {
    this.limit = this.made + Math.floor((this.total - this.made) / users);
  }

  /** Takes the calls, or none: false when so many are not left. */
  take(calls: number): boolean {
    if (calls > this.left) return false;
    this.made += calls;
    return true;
  }
}
