import type { Meta, StoryObj } from "@storybook/web-components-vite";
import { html } from "lit";
import "../src/elements/saliency-text/define.js";

interface Args {
  src: string;
  density: string;
  lang: string;
  dir: string;
}

const meta: Meta<Args> = {
  title: "saliency-text",
  args: { src: "/data/attribution.json", density: "spacious", lang: "en", dir: "ltr" },
  argTypes: { density: { control: "inline-radio", options: ["spacious", "compact"] } },
  render: ({ src, density, lang, dir }) => html`<div lang=${lang} dir=${dir}><saliency-text loading="eager" src=${src} density=${density}></saliency-text></div>`,
};
export default meta;

type Story = StoryObj<Args>;

export const Sentence: Story = {};
export const Compact: Story = { args: { density: "compact" } };
export const Chinese: Story = { args: { src: "/data/attribution-chinese.json", lang: "zh" } };
/** A method that values parts of the text: they open by click or Enter. */
export const InParts: Story = { args: { src: "/data/attribution-parts.json" } };
export const RightToLeft: Story = { args: { src: "/data/attribution-arabic.json", lang: "ar", dir: "rtl" } };
