import type { Meta, StoryObj } from "@storybook/web-components-vite";
import { html, nothing } from "lit";
import "../src/elements/saliency-bars/define.js";

interface Args {
  src: string;
  unit: string;
  order: string;
  top: number | null;
  layout: string;
  lang: string;
  dir: string;
}

const meta: Meta<Args> = {
  title: "saliency-bars",
  args: { src: "/data/attribution.json", unit: "token", order: "text", top: null, layout: "bars", lang: "en", dir: "ltr" },
  argTypes: { unit: { control: "inline-radio", options: ["token", "word"] }, order: { control: "inline-radio", options: ["text", "score"] }, layout: { control: "inline-radio", options: ["bars", "waterfall", "force", "beeswarm"] } },
  render: ({ src, unit, order, top, layout, lang, dir }) => html`<div lang=${lang} dir=${dir}><saliency-bars loading="eager" src=${src} unit=${unit} order=${order} top=${top ?? nothing} layout=${layout}></saliency-bars></div>`,
};
export default meta;

type Story = StoryObj<Args>;

export const Tokens: Story = {};
export const Words: Story = { args: { unit: "word" } };
export const ByWeight: Story = { args: { order: "score", top: 5 } };
/** From the baseline's score to the text's, as SHAP draws it. */
export const Waterfall: Story = { args: { layout: "waterfall", unit: "word", order: "score" } };
export const Force: Story = { args: { layout: "force", unit: "word" } };
export const Beeswarm: Story = { args: { layout: "beeswarm" } };
/** A method that samples shows its standard errors. */
export const WithErrors: Story = { args: { src: "/data/attribution-sampled.json", order: "score" } };
export const Chinese: Story = { args: { src: "/data/attribution-chinese.json", unit: "word", lang: "zh" } };
export const RightToLeft: Story = { args: { src: "/data/attribution-arabic.json", lang: "ar", dir: "rtl" } };
