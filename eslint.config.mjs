import lit from "eslint-plugin-lit";
import wc from "eslint-plugin-wc";
import tseslint from "typescript-eslint";

export default tseslint.config(
  { ignores: ["dist/", "cdn/", "storybook-static/", "node_modules/", "coverage/", "training/", "test/oracle/", "bench/results/"] },
  {
    files: ["src/**/*.ts", "test/**/*.ts", "stories/**/*.ts", "bench/**/*.ts"],
    extends: [tseslint.configs.recommendedTypeChecked, lit.configs["flat/recommended"], wc.configs["flat/best-practice"]],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      "@typescript-eslint/no-floating-promises": "error",
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_" }],
      "@typescript-eslint/consistent-type-imports": "error",
      "@typescript-eslint/unbound-method": "off",
      "no-eval": "error",
      "no-restricted-syntax": [
        "error",
        { selector: "MemberExpression[property.name=/^(innerHTML|outerHTML|insertAdjacentHTML)$/]", message: "token text is hostile input: bind it as text" },
        { selector: "TemplateElement[value.raw=/style=\"?$/]", message: "no inline style attributes: they break under style-src 'self'" },
      ],
      "wc/guard-super-call": "off",
    },
  },
  {
    files: ["test/**/*.ts"],
    // chai's assertions look like promises because of its accessibility plugin
    rules: { "@typescript-eslint/no-floating-promises": "off", "@typescript-eslint/no-unused-expressions": "off", "@typescript-eslint/no-non-null-assertion": "off", "@typescript-eslint/require-await": "off" },
  },
  { files: ["**/*.mjs"], extends: [tseslint.configs.recommended, tseslint.configs.disableTypeChecked] },
);
