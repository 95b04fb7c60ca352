/** The subset of JSON Schema 2020-12 that explanation.schema.json uses; an unknown keyword is an error, so that nothing goes unchecked. */
type Schema = Record<string, unknown>;

const ignored = new Set(["$schema", "$id", "$defs", "title", "description"]);

const types: Record<string, (value: unknown) => boolean> = {
  object: (value) => typeof value === "object" && value !== null && !Array.isArray(value),
  array: Array.isArray,
  string: (value) => typeof value === "string",
  number: (value) => typeof value === "number" && Number.isFinite(value),
  integer: (value) => Number.isInteger(value),
  boolean: (value) => typeof value === "boolean",
  null: (value) => value === null,
};

export function validates(root: Schema, value: unknown, schema: Schema = root): boolean {
  const check = (part: unknown, at: unknown = value): boolean => validates(root, at, part as Schema);
  const record = types.object?.(value) ? (value as Record<string, unknown>) : null;
  const keywords: Record<string, (argument: never) => boolean> = {
    $ref: (reference: string) => check((root.$defs as Record<string, Schema>)[reference.replace("#/$defs/", "")]),
    type: (names: string | string[]) => [names].flat().some((name) => types[name]?.(value)),
    const: (constant: unknown) => value === constant,
    enum: (allowed: unknown[]) => allowed.includes(value),
    minimum: (least: number) => typeof value !== "number" || value >= least,
    maximum: (most: number) => typeof value !== "number" || value <= most,
    minLength: (length: number) => typeof value !== "string" || value.length >= length,
    pattern: (pattern: string) => typeof value !== "string" || new RegExp(pattern, "u").test(value),
    items: (item: Schema) => !Array.isArray(value) || value.every((element) => check(item, element)),
    required: (names: string[]) => !record || names.every((name) => Object.hasOwn(record, name)),
    properties: (fields: Record<string, Schema>) => !record || Object.entries(fields).every(([name, field]) => !Object.hasOwn(record, name) || check(field, record[name])),
    additionalProperties: (field: Schema) => !record || Object.values(record).every((element) => check(field, element)),
    allOf: (parts: Schema[]) => parts.every((part) => check(part)),
    anyOf: (parts: Schema[]) => parts.some((part) => check(part)),
    oneOf: (parts: Schema[]) => parts.filter((part) => check(part)).length === 1,
  };
  return Object.entries(schema).every(([keyword, argument]) => {
    if (ignored.has(keyword)) return true;
    const rule = keywords[keyword];
    if (!rule) throw new Error(`the checker does not know the keyword ${keyword}`);
    return rule(argument as never);
  });
}
