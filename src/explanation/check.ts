/**
 * Small checks of untrusted JSON that name the field which is wrong. Not a schema language and not a converter: a checked value is
 * the very value that came in, so unknown extra fields survive. It exists so that `parse.ts` reads as the list of what is promised.
 */
import { LexiscopeError } from "../base/errors.js";

/** Throws when `value`, found at `path`, is not what it must be. */
export type Check = (value: unknown, path: string) => void;
export type Fields = Readonly<Record<string, unknown>>;

export function fail(path: string, expected: string, value: unknown): never {
  throw new LexiscopeError("bad-explanation", `explanation: ${path === "" ? "the document" : path} must be ${expected}, not ${describe(value)}`);
}

function describe(value: unknown): string {
  if (value === undefined) return "absent";
  if (Array.isArray(value)) return `an array of ${value.length}`;
  if (typeof value === "object" && value !== null) return "an object";
  const text = typeof value === "number" ? String(value) : (JSON.stringify(value) ?? typeof value);
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}

export const string: Check = (value, path) => {
  if (typeof value !== "string") fail(path, "a string", value);
};

export function matching(pattern: RegExp, words: string): Check {
  return (value, path) => {
    if (typeof value !== "string" || !pattern.test(value)) fail(path, words, value);
  };
}

const within = (is: (value: unknown) => boolean, words: string) => (minimum = -Infinity, maximum = Infinity): Check => (value, path) => {
  if (!is(value)) fail(path, words, value);
  if ((value as number) < minimum) fail(path, `at least ${minimum}`, value);
  if ((value as number) > maximum) fail(path, `at most ${maximum}`, value);
};

/** A finite number in [minimum, maximum]. */
export const number = within(Number.isFinite, "a finite number");
export const integer = within(Number.isInteger, "an integer");

/** How many layers or heads a model has: a menu lists them all. */
export const count = integer(1, 1e4);

export function oneOf(...allowed: readonly (string | number | boolean)[]): Check {
  return (value, path) => {
    if (!allowed.includes(value as string | number | boolean)) fail(path, `one of ${allowed.map((item) => JSON.stringify(item)).join(", ")}`, value);
  };
}

export const boolean = oneOf(true, false);

/** Every item passes `item`; the length is `length` when given. */
export function array(item: Check, length?: number, lengthOf = ""): Check {
  return (value, path) => {
    const found = asArray(value, path, length, lengthOf);
    for (let index = 0; index < found.length; index++) item(found[index], `${path}[${index}]`);
  };
}

function asArray(value: unknown, path: string, length: number | undefined, lengthOf: string): readonly unknown[] {
  if (!Array.isArray(value)) fail(path, "an array", value);
  if (length !== undefined && value.length !== length) fail(path, `an array of ${length}${lengthOf === "" ? "" : ` (${lengthOf})`}`, value);
  return value;
}

/** Numbers in [minimum, maximum], as many as `length`; paths are made only for a bad one, for maps hold millions. */
export function numbers(length: number | undefined, lengthOf = "", minimum = -Infinity, maximum = Infinity): Check {
  const item = number(minimum, maximum);
  return (value, path) => {
    const found = asArray(value, path, length, lengthOf);
    for (let index = 0; index < found.length; index++) {
      const entry = found[index] as number;
      if (!(Number.isFinite(entry) && entry >= minimum && entry <= maximum)) item(entry, `${path}[${index}]`);
    }
  };
}

/** Every named field passes its check; a name that ends in `?` may be absent. Other fields are left alone. */
export function object(fields: Readonly<Record<string, Check>>): Check {
  const entries = Object.entries(fields).map(([name, check]) => ({ name: name.replace(/\?$/, ""), optional: name.endsWith("?"), check }));
  return (value, path) => {
    const found = asFields(value, path);
    for (const { name, optional, check } of entries) {
      const field = Object.hasOwn(found, name) ? found[name] : undefined;
      if (field === undefined && optional) continue;
      check(field, path === "" ? name : `${path}.${name}`);
    }
  };
}

/** Every value of the object passes `item`. */
export function record(item: Check): Check {
  return (value, path) => {
    for (const [name, field] of Object.entries(asFields(value, path))) item(field, `${path}.${name}`);
  };
}

export function asFields(value: unknown, path: string): Fields {
  if (typeof value !== "object" || value === null || Array.isArray(value)) fail(path, "an object", value);
  return value as Fields;
}
