// custom-elements.json, made from the elements' class comments. `npm run check` fails when it is stale.
export default {
  globs: ["src/elements/**/*.ts"],
  exclude: ["src/elements/**/define.ts"],
  outdir: ".",
  litelement: true,
  packagejson: false,
};
