import type { Meta, StoryObj } from "@storybook/web-components-vite";
import { html } from "lit";
import "../src/elements/counterfactual-list/define.js";

interface Args {
  src: string;
  lang: string;
}

/** Stored answers of the built-in model: see data/make-explanations.mjs. */
const meta: Meta<Args> = {
  title: "counterfactual-list",
  args: { src: "/data/counterfactuals.json", lang: "en" },
  render: ({ src, lang }) => html`<div lang=${lang}><counterfactual-list loading="eager" src=${src}></counterfactual-list></div>`,
};
export default meta;

type Story = StoryObj<Args>;

export const Sentence: Story = {};
export const Chinese: Story = { args: { src: "/data/counterfactuals-chinese.json", lang: "zh" } };
