/** The contents: the section that is being read, how far one has read, and the overlay of small windows. */
(function (Site) {
  "use strict";

  /** The share of the window below whose top a heading counts as read. */
  const LINE = 0.3;

  const linksTo = (heading) => document.querySelectorAll(`nav a[href="#${CSS.escape(heading.id)}"]`);

  /** Keep the link of a contents list in sight that scrolls by itself. */
  function reveal(link) {
    const nav = link.closest(".side nav");
    if (!nav || nav.scrollHeight <= nav.clientHeight) return;
    const [box, place] = [nav.getBoundingClientRect(), link.getBoundingClientRect()];
    if (place.top < box.top || place.bottom > box.bottom) nav.scrollTop += place.top - box.top - box.height / 3;
  }

  /** Mark the section whose heading has passed the line last. */
  function spy() {
    const headings = [...document.querySelectorAll("article h2[id]")].filter((heading) => linksTo(heading).length);
    const passed = new Set();
    let current = null;
    const watch = new IntersectionObserver(
      function (entries) {
        for (const { target, isIntersecting } of entries) passed[isIntersecting ? "add" : "delete"](target);
        const last = headings.filter((heading) => passed.has(heading)).pop() || null;
        if (last === current) return;
        if (current) linksTo(current).forEach((link) => link.removeAttribute("aria-current"));
        if (last) linksTo(last).forEach((link) => (link.setAttribute("aria-current", "location"), reveal(link)));
        current = last;
      },
      { rootMargin: `1000000px 0px -${100 * (1 - LINE)}%` },
    );
    headings.forEach((heading) => watch.observe(heading));
    document.querySelectorAll('nav a[aria-current="page"]').forEach(reveal);
  }

  /** Show at the lower edge of the head how much of the article lies above the end of the window. */
  function progress() {
    const [head, article] = [document.querySelector("body > header"), document.querySelector("article")];
    if (!head || !article) return;
    const bar = Site.el("div", { class: "progress", "aria-hidden": "true" });
    let isWaiting = false;
    function draw() {
      isWaiting = false;
      const { top, height } = article.getBoundingClientRect();
      const way = top + scrollY + height - innerHeight;
      bar.style.transform = `scaleX(${way > 0 ? Math.min(1, Math.max(0, scrollY / way)) : 1})`;
    }
    function ask() {
      if (!isWaiting) requestAnimationFrame(draw);
      isWaiting = true;
    }
    head.append(bar);
    for (const event of ["scroll", "resize", "load"]) addEventListener(event, ask, { passive: true });
    ask();
  }

  /** Close the overlay by Escape, by a click beside it, and when one of its links leads to a place of the page. */
  function overlay() {
    const menu = document.querySelector("details.menu");
    if (!menu) return;
    function close(isReturning) {
      if (menu.open && isReturning) menu.querySelector("summary").focus();
      menu.open = false;
    }
    menu.addEventListener("keydown", ({ key }) => key === "Escape" && close(true));
    menu.addEventListener("click", ({ target }) => target.closest("a") && close(false));
    menu.addEventListener("focusout", ({ relatedTarget }) => relatedTarget && !menu.contains(relatedTarget) && close(false));
    document.addEventListener("pointerdown", ({ target }) => menu.contains(target) || close(false));
  }

  Site.part("contents", function () {
    spy();
    progress();
    overlay();
  });
})((window.Site = window.Site || {}));
