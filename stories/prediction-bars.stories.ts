import type { Meta, StoryObj } from "@storybook/web-components-vite";
import { html } from "lit";
import "../src/elements/prediction-bars/define.js";

interface Args {
  src: string;
  order: string;
  lang: string;
}

const meta: Meta<Args> = {
  title: "prediction-bars",
  args: { src: "/data/prediction.json", order: "model", lang: "en" },
  argTypes: { order: { control: "inline-radio", options: ["model", "score"] } },
  render: ({ src, order, lang }) => html`<div lang=${lang}><prediction-bars loading="eager" src=${src} order=${order}></prediction-bars></div>`,
};
export default meta;

type Story = StoryObj<Args>;

export const Classes: Story = {};
/** The prediction inside of a stored attribution. */
export const OfAnAttribution: Story = { args: { src: "/data/attribution-chinese.json", order: "score", lang: "zh" } };
