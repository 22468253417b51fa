// A formula that is wider than a phone scrolls; it must do so for those who use a keyboard, too.
addEventListener("load", () =>
  window.MathJax?.startup?.promise?.then(() => {
    for (const formula of document.querySelectorAll("mjx-container[display]"))
      if (formula.scrollWidth > formula.clientWidth) formula.tabIndex = 0;
  }),
);
