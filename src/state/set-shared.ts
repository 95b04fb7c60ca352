/** Changing what a scope holds. Apart from the scope itself, because a first picture only reads it. */
import type { Scope } from "./scope.js";

/** Changes the given fields and tells everyone who listens for "change", once. */
export function setShared(scope: Scope, fields: Partial<Pick<Scope, "model" | "text" | "textPair" | "backend" | "subject" | "hovered" | "selected" | "head">>): void {
  const changed = Object.entries(fields).filter(([name, value]) => scope[name as keyof Scope] !== value);
  if (changed.length === 0) return;
  Object.assign(scope, fields);
  // Another text has other tokens: what was chosen in the old one means nothing.
  if (changed.some(([name]) => name === "text" || name === "textPair")) Object.assign(scope, { hovered: null, selected: [] });
  scope.dispatchEvent(new Event("change"));
}
