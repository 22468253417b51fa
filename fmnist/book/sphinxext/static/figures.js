// Draws the book's Plotly figures. The library lies beside this file and is loaded when a figure
// comes near the screen or the page has nothing else to do, so that a page without figures never
// pays for it. Colours that a figure does not choose follow the page, also when its theme changes.
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

  const get = (object, path) =>
    path.match(/[^.[\]]+/g).reduce((inner, key) => inner?.[key], object);
  const set = (object, path, value) => {
    const keys = path.match(/[^.[\]]+/g);
    const last = keys.pop();
    keys.reduce((inner, key) => (inner[key] ??= {}), object)[last] = value;
  };

  // What the page says of a layout's colours: from a path in it to a colour.
  const layoutColours = (layout) => {
    const text = colour("--pst-color-text-base");
    const line = colour("--pst-color-border");
    const surface = colour("--pst-color-surface");
    const clear = "rgba(0,0,0,0)";
    const wanted = {
      paper_bgcolor: clear,
      plot_bgcolor: clear,
      "font.color": text,
      "legend.bgcolor": clear,
      "hoverlabel.bordercolor": line,
    };
    const axes = Object.keys(layout).filter((key) => /^[xy]axis\d*$/.test(key));
    for (const axis of new Set(["xaxis", "yaxis", ...axes]))
      for (const part of ["gridcolor", "zerolinecolor", "linecolor", "tickcolor"])
        wanted[`${axis}.${part}`] = line;
    for (const key of Object.keys(layout).filter((name) => /^coloraxis\d*$/.test(name)))
      wanted[`${key}.colorbar.outlinecolor`] = line;
    layout.annotations?.forEach((_, i) => {
      wanted[`annotations[${i}].arrowcolor`] = text;
    });
    layout.shapes?.forEach((_, i) => {
      wanted[`shapes[${i}].line.color`] = text;
    });
    layout.updatemenus?.forEach((_, i) => {
      wanted[`updatemenus[${i}].bgcolor`] = surface;
      wanted[`updatemenus[${i}].bordercolor`] = line;
    });
    layout.sliders?.forEach((_, i) => {
      wanted[`sliders[${i}].bgcolor`] = line;
      wanted[`sliders[${i}].activebgcolor`] = text;
      wanted[`sliders[${i}].bordercolor`] = line;
      wanted[`sliders[${i}].tickcolor`] = text;
    });
    return Object.entries(wanted).filter(([path]) => get(layout, path) === undefined);
  };

  // The same for one trace.
  const traceColours = (trace) => {
    const wanted = {};
    if (trace.type === "bar")
      for (const bars of ["error_x", "error_y"])
        if (trace[bars]) wanted[`${bars}.color`] = colour("--pst-color-text-base");
    for (const owner of ["", "marker."])
      if (get(trace, `${owner}colorbar`) || (trace.type === "heatmap" && !owner))
        wanted[`${owner}colorbar.outlinecolor`] = colour("--pst-color-border");
    return Object.entries(wanted).filter(([path]) => get(trace, path) === undefined);
  };

  const read = (figure) => JSON.parse(figure.querySelector("script").textContent);

  const draw = async (figure) => {
    const plotly = await load();
    if (figure.dataset.drawn) return;
    figure.dataset.drawn = "yes";
    const { data, layout } = read(figure);
    for (const [path, value] of layoutColours(layout)) set(layout, path, value);
    layout.font.family ??= "inherit";
    for (const trace of data)
      for (const [path, value] of traceColours(trace)) set(trace, path, value);
    const plot = figure.querySelector(".live-figure-plot");
    await plotly.newPlot(plot, data, layout, { responsive: true, displayModeBar: false });
  };

  // Only colours are changed: what a reader chose and zoomed stays.
  const recolour = async (figure) => {
    const plotly = await load();
    const { data, layout } = read(figure);
    const plot = figure.querySelector(".live-figure-plot");
    await plotly.relayout(plot, Object.fromEntries(layoutColours(layout)));
    for (const [number, trace] of data.entries()) {
      const colours = traceColours(trace);
      if (colours.length) await plotly.restyle(plot, Object.fromEntries(colours), [number]);
    }
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

  new MutationObserver(() =>
    figures.filter((figure) => figure.dataset.drawn).forEach(recolour),
  ).observe(document.documentElement, { attributes: true, attributeFilter: ["data-theme"] });

  // Printing does not wait for a script: have it there before somebody prints.
  if (!navigator.connection?.saveData)
    addEventListener("load", () => (window.requestIdleCallback ?? setTimeout)(load));
  addEventListener("beforeprint", () => figures.forEach(draw));
})();
