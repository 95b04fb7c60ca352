import type { Meta, StoryObj } from "@storybook/web-components-vite";
import { html } from "lit";
import "../src/elements/lexi-scope/define.js";
import "../src/elements/example-map/define.js";
import "../src/elements/similar-examples/define.js";

interface Args {
  src: string;
  lang: string;
  dir: string;
}

/** The built-in model and its corpus: see data/make-explanations.mjs. */
const meta: Meta<Args> = {
  title: "similar-examples",
  args: { src: "/data/examples.json", lang: "en", dir: "ltr" },
  render: ({ src, lang, dir }) => html`<div lang=${lang} dir=${dir}><similar-examples loading="eager" src=${src}></similar-examples></div>`,
};
export default meta;

type Story = StoryObj<Args>;

export const Nearest: Story = {};
/** What in the corpus bears most on the prediction: TracIn of the last layer. */
export const MostInfluential: Story = { args: { src: "/data/examples-influence.json" } };
export const Chinese: Story = { args: { src: "/data/examples-chinese.json", lang: "zh" } };
export const RightToLeft: Story = { args: { lang: "ar", dir: "rtl" } };
/** Dots chosen in the map are marked in the list. */
export const Linked: Story = {
  render: ({ src }) => html`<lexi-scope>
    <example-map loading="eager" src="/data/example-map.json"></example-map>
    <similar-examples loading="eager" src=${src}></similar-examples>
  </lexi-scope>`,
};
