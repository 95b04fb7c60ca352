/** Checks of attribute values. A wrong value is an error that names the attribute, the value and what is allowed; never a default. */
import type { PropertyDeclaration } from "lit";
import { LexiscopeError } from "../../base/errors.js";

export function badAttribute(name: string, value: unknown, use: string): LexiscopeError {
  return new LexiscopeError("bad-input", `${name}="${String(value)}" is not possible; use ${use}`, { phase: "request" });
}

/** What may stand in an attribute: one of these words. */
export type Allowed = readonly (string | number)[];

export function checkWord(name: string, value: unknown, allowed: Allowed): void {
  if (!allowed.includes(value as string)) throw badAttribute(name, value, allowed.join(", "));
}

/** `"3"` → 3; anything else stays as it is, for the check to refuse. */
export const wholeNumber = {
  fromAttribute: (value: string | null) => (value !== null && /^\d{1,9}$/.test(value) ? Number(value) : value),
  toAttribute: (value: number | string | null) => (value === null ? null : String(value)),
};

/** A whole number from 0, or one of the words. */
export function checkOrdinal(name: string, value: unknown, words: Allowed): void {
  if (!words.includes(value as string) && !(Number.isInteger(value) && (value as number) >= 0)) throw badAttribute(name, value, ["a whole number from 0", ...words].join(", "));
}

/** JSON of an attribute; what is no JSON stays as it is, for the check to refuse. */
export const json = {
  fromAttribute: (value: string | null): unknown => {
    if (value === null) return null;
    try {
      return JSON.parse(value);
    } catch {
      return value;
    }
  },
  toAttribute: (value: unknown) => (value === null ? null : typeof value === "string" ? value : JSON.stringify(value)),
};

/**
 * An accessor that takes what frameworks set. Nothing (null, undefined, an attribute that is taken away) means the default, which is the first value that
 * the class itself sets; text is read as the attribute's is, and a number is text where text is meant.
 */
export function tolerant(accessor: PropertyDescriptor, { converter }: PropertyDeclaration): PropertyDescriptor {
  const read = typeof converter === "object" && converter.fromAttribute;
  let initial: { readonly value: unknown } | undefined;
  return {
    ...accessor,
    set(value: unknown) {
      initial ??= { value };
      accessor.set!.call(this, value == null ? initial.value : read ? (typeof value === "string" ? read(value) : value) : typeof value === "number" ? `${value}` : value);
    },
  };
}
