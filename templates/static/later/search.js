/** The search: a box over the page, found text by page, and keys from the first letter to the last link. */
(function (Site) {
  "use strict";

  const [PAGES, EACH] = [8, 4];
  const { el } = Site;
  let find = null;
  let dialog, field, said, list;

  const plural = (number, word) => `${number} ${word}${number === 1 ? "" : "s"}`;

  const marked = (parts) => parts.map(({ text, isHit }) => (isHit ? el("mark", {}, text) : text));

  function passage(file, { anchor, title, snippet }) {
    const address = `${Site.root}${file}${anchor && `#${anchor}`}`;
    const kind = anchor.startsWith("figure-") && el("span", { class: "search-kind" }, "Figure ");
    return el("li", {}, el("a", { href: address, on: { click: () => dialog.close() } },
      title && el("strong", {}, kind, title),
      el("span", {}, marked(snippet()))));
  }

  function page({ file, name, passages }) {
    const rest = passages.length - EACH;
    return el("section", {},
      el("h2", {}, el("a", { href: Site.root + file, on: { click: () => dialog.close() } }, name)),
      el("ul", {}, passages.slice(0, EACH).map((one) => passage(file, one))),
      rest > 0 && el("p", { class: "search-more" }, `and ${plural(rest, "more passage")} there`));
  }

  const hint = () => [
    el("p", {}, "Titles, figures, terms, code and text of all pages. The beginning of a word will do, σ is sigma, ",
      "and names may be spelled as in PyTorch or Keras: try ", el("kbd", {}, "kaiming"), ", ", el("kbd", {}, "sigma_w2"),
      " or ", el("kbd", {}, "dying relu"), "."),
    Site.keySwitch("Keys: / opens this search, p presents the figures of a page"),
  ];

  const nothing = (query) => [
    el("p", {}, `No page has “${query}”. Try fewer words, the beginning of one, or another name for it.`),
    el("p", {}, "All words that these pages explain are in the ", el("a", { href: `${Site.root}glossary.html` }, "glossary"),
      ", all starts and activations in the ", el("a", { href: `${Site.root}catalog.html` }, "catalog"), "."),
  ];

  function show() {
    const query = field.value.trim();
    if (!query || !find) {
      said.textContent = "";
      return list.replaceChildren(...hint());
    }
    const { isWhole, pages } = find(query);
    const number = pages.reduce((sum, { passages }) => sum + passages.length, 0);
    said.textContent = !number ? "Nothing found" : (isWhole ? "" : "Not all of these words together, but some: ") +
      `${plural(number, "passage")} on ${plural(pages.length, "page")}`;
    list.replaceChildren(...(number ? pages.slice(0, PAGES).map(page) : nothing(query)));
    list.scrollTop = 0;
  }

  /** Move the focus through the links that were found, and back to the field. */
  function walk(event) {
    const stops = [field, ...list.querySelectorAll("a")];
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      const at = stops.indexOf(document.activeElement);
      stops[Math.min(stops.length - 1, Math.max(0, at + step))].focus();
      event.preventDefault();
    } else if (event.key === "Enter" && event.target === field) {
      list.querySelector("li a")?.click();
    } else if (event.key.length === 1 && event.key !== " " && event.target.localName === "a" && !event.ctrlKey && !event.metaKey) {
      field.focus(); // and the letter goes there
    }
  }

  function build() {
    const button = el("button", { type: "button", on: { click: () => dialog.close() } }, "Close");
    field = el("input", {
      ...{ type: "text", role: "searchbox", "aria-label": "Search all pages", placeholder: "Search all pages" },
      ...{ autocomplete: "off", autocapitalize: "off", spellcheck: "false", enterkeyhint: "search", maxlength: 200 },
      on: { input: show },
    });
    said = el("p", { class: "search-said", role: "status" });
    list = el("div", { class: "search-found" });
    dialog = el("dialog", { class: "search-box", "aria-label": "Search", on: { keydown: walk } },
      el("div", { class: "search-head" }, field, button), said, list);
    dialog.addEventListener("click", ({ target }) => target === dialog && dialog.close());
    document.body.append(dialog);
    show();
  }

  /** Open the search. */
  Site.search = async function () {
    if (!dialog) build();
    dialog.showModal();
    field.focus();
    field.select();
    try {
      await Promise.all(["static/later/finding.js", "static/search.js"].map(Site.load));
      find ||= Site.finder(Site.index);
      show();
    } catch {
      said.textContent = "The index of these pages could not be loaded.";
    }
  };
})((window.Site = window.Site || {}));
