// Draws the book's Plotly figures. The library is loaded when the first figure comes near the
// screen, from beside this file, so that a page without figures never pays for it.
(() => {
  "use strict";
  const here = new URL(".", document.currentScript.src);
  const figures = [...document.querySelectorAll(".live-figure")];
  if (!figures.length) return;

  let library;
  const load = () =>
    (library ??= new Promise((resolve, reject) => {
      const script = document.createElement("script");
      script.src = new URL("plotly.min.js", here);
      script.onload = () => resolve(window.Plotly);
      script.onerror = () => reject(new Error(`${script.src} could not be loaded`));
      document.head.append(script);
    }));

  const colour = (name) =>
    getComputedStyle(document.documentElement).getPropertyValue(name).trim();

  // The page's own colours, where the figure does not choose.
  const themed = (layout) => {
    const text = colour("--pst-color-text-base");
    const line = colour("--pst-color-border");
    const axis = (own = {}) => ({ gridcolor: line, zerolinecolor: line, linecolor: line, ...own });
    return {
      ...layout,
      paper_bgcolor: "rgba(0,0,0,0)",
      plot_bgcolor: "rgba(0,0,0,0)",
      font: { color: text, family: "inherit", ...layout.font },
      xaxis: axis(layout.xaxis),
      yaxis: axis(layout.yaxis),
    };
  };

  const draw = async (figure) => {
    const plotly = await load();
    const { data, layout } = JSON.parse(figure.querySelector("script").textContent);
    const plot = figure.querySelector(".live-figure-plot");
    await plotly.react(plot, data, themed(layout), { responsive: true, displayModeBar: false });
    figure.dataset.drawn = "yes";
  };

  const seen = new IntersectionObserver(
    (entries) => {
      for (const entry of entries.filter((one) => one.isIntersecting)) {
        seen.unobserve(entry.target);
        draw(entry.target);
      }
    },
    { rootMargin: "400px" },
  );
  figures.forEach((figure) => seen.observe(figure));

  const redraw = () => figures.filter((figure) => figure.dataset.drawn).forEach(draw);
  new MutationObserver(redraw).observe(document.documentElement, {
    attributes: true,
    attributeFilter: ["data-theme"],
  });
  addEventListener("beforeprint", () => figures.forEach(draw));
})();
