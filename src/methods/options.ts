/**
 * Options of a method as data: what a value may be and what it is when nobody says. From these rows come the checks of an element's attributes, the
 * command's flags, and the menus. Not the methods' own TypeScript options, which also hold functions and signals.
 */
import { LexiscopeError } from "../base/errors.js";

export type OptionValue = string | number | boolean;

export type OptionSpec =
  | { readonly type: "integer" | "number"; readonly default: number; readonly minimum: number; readonly maximum: number }
  | { readonly type: "choice"; readonly default: string; readonly choices: readonly string[] }
  | { readonly type: "boolean"; readonly default: boolean };

export type OptionSpecs = Readonly<Record<string, OptionSpec>>;
export type OptionValues = Readonly<Record<string, OptionValue>>;

function range(spec: Extract<OptionSpec, { minimum: number }>): string {
  return `${spec.type === "integer" ? "an integer" : "a number"} from ${spec.minimum} to ${spec.maximum}`;
}

/** The value in its own type; text is read (as attributes and flags are text). Undefined when it does not fit. */
function read(spec: OptionSpec, given: OptionValue): OptionValue | undefined {
  switch (spec.type) {
    case "choice":
      return typeof given === "string" && spec.choices.includes(given) ? given : undefined;
    case "boolean":
      return given === true || given === "true" ? true : given === false || given === "false" ? false : undefined;
    default: {
      const value = typeof given === "string" && given.trim() !== "" ? Number(given) : given;
      if (typeof value !== "number" || !(value >= spec.minimum && value <= spec.maximum)) return undefined;
      return spec.type === "integer" && !Number.isInteger(value) ? undefined : value;
    }
  }
}

function expected(spec: OptionSpec): string {
  if (spec.type === "choice") return `one of ${spec.choices.join(", ")}`;
  return spec.type === "boolean" ? "true or false" : range(spec);
}

/** Every option of `specs` with its value: given, else the preset's, else the default. Throws `bad-input` for unknown names and bad values. */
export function readOptions(method: string, specs: OptionSpecs, preset: OptionValues, given: OptionValues): Record<string, OptionValue> {
  for (const name of Object.keys(given)) {
    if (!Object.hasOwn(specs, name)) throw new LexiscopeError("bad-input", `method "${method}" has no option "${name}"; it has ${Object.keys(specs).join(", ")}`);
  }
  return Object.fromEntries(
    Object.entries(specs).map(([name, spec]) => {
      const value = given[name] ?? preset[name] ?? spec.default;
      const checked = read(spec, value);
      if (checked === undefined) throw new LexiscopeError("bad-input", `option "${name}" of "${method}" must be ${expected(spec)}, not ${JSON.stringify(value)}`);
      return [name, checked];
    }),
  );
}
