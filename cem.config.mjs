// custom-elements.json, made from the elements' class comments. `npm run check` fails when it is stale.
import { readdirSync } from "node:fs";

const folders = readdirSync("src/elements", { withFileTypes: true }).filter((entry) => entry.isDirectory() && entry.name !== "shared").map(({ name }) => name);

/** The manifest is for people who use an element, not for those who write one. */
const publicMembersOnly = {
  name: "public-members-only",
  packageLinkPhase({ customElementsManifest }) {
    for (const { declarations = [] } of customElementsManifest.modules)
      for (const declaration of declarations) if (declaration.members) declaration.members = declaration.members.filter(({ privacy }) => privacy !== "private" && privacy !== "protected");
  },
};

export default {
  globs: [...folders.flatMap((name) => [`src/elements/${name}/${name}.ts`, `src/elements/${name}/define.ts`]), "src/elements/shared/explanation-element.ts", "src/elements/shared/attribution-element.ts"],
  outdir: ".",
  litelement: true,
  packagejson: false,
  plugins: [publicMembersOnly],
};
