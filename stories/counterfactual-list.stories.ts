import type { Meta, StoryObj } from "@storybook/web-components-vite";
import { html } from "lit";
import "../src/elements/counterfactual-list/define.js";

interface Args {
  lang: string;
}

/** Stored answers of the built-in model. */
const meta: Meta<Args> = {
  title: "counterfactual-list",
  args: { lang: "en" },
  render: ({ lang }) => html`<div lang=${lang}><counterfactual-list loading="eager" src="/data/counterfactuals.json"></counterfactual-list></div>`,
};
export default meta;

type Story = StoryObj<Args>;

export const Sentence: Story = {};
export const Chinese: Story = { args: { lang: "zh" } };
