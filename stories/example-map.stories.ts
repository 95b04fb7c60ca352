import type { Meta, StoryObj } from "@storybook/web-components-vite";
import { html } from "lit";
import "../src/elements/example-map/define.js";

interface Args {
  src: string;
  color: string;
  lang: string;
  dir: string;
}

/** The built-in model's hidden states of the built-in corpus, as `explain({kind: "example-map", text: "", corpus: "reviews"})` gave them, rounded. */
const meta: Meta<Args> = {
  title: "example-map",
  args: { src: "/data/example-map.json", color: "prediction", lang: "en", dir: "ltr" },
  argTypes: { color: { control: "select", options: ["prediction", "error", "label", "lang"] } },
  render: ({ src, color, lang, dir }) => html`<div lang=${lang} dir=${dir}><example-map loading="eager" src=${src} color=${color}></example-map></div>`,
};
export default meta;

type Story = StoryObj<Args>;

export const Prediction: Story = {};
export const Errors: Story = { args: { color: "error" } };
export const Column: Story = { args: { color: "lang" } };
export const Chinese: Story = { args: { lang: "zh", color: "label" } };
export const RightToLeft: Story = { args: { lang: "ar", dir: "rtl" } };
