import type { Meta, StoryObj } from "@storybook/web-components-vite";
import { html, nothing } from "lit";
import "../src/elements/saliency-bars/define.js";

interface Args {
  src: string;
  unit: string;
  order: string;
  top: number | null;
  lang: string;
  dir: string;
}

const meta: Meta<Args> = {
  title: "saliency-bars",
  args: { src: "/data/attribution.json", unit: "token", order: "text", top: null, lang: "en", dir: "ltr" },
  argTypes: { unit: { control: "inline-radio", options: ["token", "word"] }, order: { control: "inline-radio", options: ["text", "score"] } },
  render: ({ src, unit, order, top, lang, dir }) => html`<div lang=${lang} dir=${dir}><saliency-bars loading="eager" src=${src} unit=${unit} order=${order} top=${top ?? nothing}></saliency-bars></div>`,
};
export default meta;

type Story = StoryObj<Args>;

export const Tokens: Story = {};
export const Words: Story = { args: { unit: "word" } };
export const ByWeight: Story = { args: { order: "score", top: 5 } };
/** A method that samples shows its standard errors. */
export const WithErrors: Story = { args: { src: "/data/attribution-sampled.json", order: "score" } };
export const Chinese: Story = { args: { src: "/data/attribution-chinese.json", unit: "word", lang: "zh" } };
export const RightToLeft: Story = { args: { src: "/data/attribution-arabic.json", lang: "ar", dir: "rtl" } };
