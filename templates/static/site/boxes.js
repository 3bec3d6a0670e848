/** Boxes that scroll sideways take the focus, so that keys scroll them; those whose content fits do not. */
(function (Site) {
  "use strict";

  const scrolls = (box) => box.scrollWidth > box.clientWidth + 1;

  function settle(box) {
    if (scrolls(box)) box.tabIndex = 0;
    else if (box !== document.activeElement) box.removeAttribute("tabindex");
  }

  Site.part("boxes", function () {
    const boxes = document.querySelectorAll("article :is(.scroll, .math.block, pre)[tabindex]");
    const watch = new ResizeObserver((entries) => entries.forEach(({ target }) => settle(target)));
    boxes.forEach((box) => watch.observe(box));
    const inside = (fold) => [...boxes].filter((box) => fold.contains(box));
    document.addEventListener("toggle", ({ target }) => inside(target).forEach(settle), true);
  });
})((window.Site = window.Site || {}));
