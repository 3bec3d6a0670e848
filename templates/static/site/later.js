/**
 * What is loaded when a reader first asks for it, so that a page begins with little: figures over the window, presenting,
 * the search, and the list of the glossary.
 */
(function (Site) {
  "use strict";

  const FIGURE = "article figure[id]:has(a.picture)";
  const { el } = Site;
  const load = (name) => Site.load(`static/later/${name}.js`);

  /** Return the figures of the page, in their order. */
  Site.figures = () => [...document.querySelectorAll(FIGURE)];

  const viewer = () => load("lightbox").then(() => load("present"));

  /** Open the figure whose picture was clicked; where that cannot be, the link leads to the drawing as ever. */
  function enlarge(event) {
    const link = event.target.closest?.(`${FIGURE} a.picture`);
    const isPlain = !event.button && !event.ctrlKey && !event.metaKey && !event.shiftKey && !event.altKey;
    if (!link || !isPlain || event.defaultPrevented) return;
    event.preventDefault();
    link.focus({ preventScroll: true }); // some browsers do not
    const at = Site.figures().indexOf(link.closest("figure"));
    viewer().then(() => Site.viewer.open(at), () => location.assign(link.href));
  }

  /** Make a tool of the head, with a key that does the same. */
  function tool(name, words, key, act) {
    const settings = { type: "button", class: name, title: `${words} (key ${key})`, on: { click: act } };
    Site.onKey(key, act);
    return el("button", settings, el("span", {}, words.split(" ")[0]));
  }

  function present(isAsked) {
    const isNamed = /^#present(-|$)/.test(location.hash);
    if (isAsked || (isNamed && !Site.present)) viewer().then(() => Site.present(isAsked));
  }

  Site.part("later", function () {
    Site.tools.prepend(tool("search", "Search all pages", "/", () => load("search").then(() => Site.search())));
    if (Site.figures().length) Site.tools.append(tool("present", "Present the figures of this page", "p", () => present(true)));
    document.addEventListener("click", enlarge);
    addEventListener("hashchange", () => present(false));
    present(false);
    const glossary = document.querySelector('[data-page="glossary"] article');
    if (glossary) load("glossary").then(() => Site.glossary(glossary));
  });
})((window.Site = window.Site || {}));
