const names = ["attention-heatmap", "saliency-bars", "saliency-text", "prediction-bars"];
for (let index = 0; index < 20; index++) {
  const element = document.createElement(names[index % names.length]);
  element.setAttribute("loading", "eager");
  element.setAttribute("model", "sentiment");
  element.setAttribute("text", `Example ${index}: not bad at all.`);
  document.querySelector("main").append(element);
}
