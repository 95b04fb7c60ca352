import type { Meta, StoryObj } from "@storybook/web-components-vite";
import { html } from "lit";
import "../src/define.js";

const meta: Meta = { title: "lexi-scope" };
export default meta;

/** Point at a word in one figure: it stands out in all. The last one joins from outside, by `for`. */
export const Linked: StoryObj = {
  render: () => html`
    <lexi-scope id="story-scope">
      <saliency-text loading="eager" src="/data/attribution.json"></saliency-text>
      <saliency-bars loading="eager" src="/data/attribution.json"></saliency-bars>
    </lexi-scope>
    <attention-heatmap for="story-scope" loading="eager" src="/data/attention.json"></attention-heatmap>
  `,
};
