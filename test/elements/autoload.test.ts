import { expect, waitUntil } from "@open-wc/testing";

describe("autoload", () => {
  it("registers an element when its tag is first seen, and no other", async () => {
    await import("../../src/autoload.js");
    const home = document.createElement("section");
    home.append(document.createElement("prediction-bars"));
    document.body.append(home);
    await waitUntil(() => customElements.get("prediction-bars"), "not registered", { timeout: 5000 });
    expect(customElements.get("saliency-bars")).to.equal(undefined);
    home.remove();
  });
});
