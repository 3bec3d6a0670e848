/**
 * Roots without a gap behind them. Chromium reserves the width of the tallest root sign of the font for every root; what
 * a root does not use is taken back by a margin.
 */
(function (Site) {
  "use strict";

  function close(root) {
    if (root.style.marginRight || !root.lastElementChild) return;
    const gap = root.getBoundingClientRect().right - root.lastElementChild.getBoundingClientRect().right;
    const size = parseFloat(getComputedStyle(root).fontSize);
    if (gap > size / 10) root.style.marginRight = `${(-gap / size).toFixed(3)}em`;
  }

  Site.part("roots", function () {
    const closeAll = () => document.querySelectorAll("article msqrt").forEach(close);
    document.fonts.ready.then(closeAll);
    document.addEventListener("toggle", closeAll, true);
  });
})((window.Site = window.Site || {}));
