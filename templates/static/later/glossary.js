/** The glossary as a list that can be filtered, with a row of letters. */
(function (Site) {
  "use strict";

  const { el } = Site;
  const fold = (text) => text.normalize("NFKD").replace(/[\p{M}\p{P}^]/gu, "").toLowerCase();
  const LETTERS = [..."ABCDEFGHIJKLMNOPQRSTUVWXYZ"];

  /** Put every entry into a section, and those that follow each other into a box of their own; return the sections. */
  function sections(article) {
    const made = [];
    let box = null;
    for (const node of [...article.children]) {
      if (node.matches("h2, section, nav")) box = null;
      else if (node.matches("h3")) {
        if (!box) node.before((box = el("div", { class: "entries" })));
        box.append(made[made.push(el("section", { class: "entry" })) - 1]);
      }
      if (box) made[made.length - 1].append(node);
    }
    return made;
  }

  const heading = (entry) => entry.querySelector("h3");

  /** Make the row from A to Z; a letter without an entry is no link. */
  function row(entries) {
    const first = new Map();
    for (const entry of [...entries].reverse()) first.set(heading(entry).textContent[0].toUpperCase(), heading(entry).id);
    const one = (letter) =>
      first.has(letter) ? el("a", { href: `#${first.get(letter)}` }, letter) : el("span", { "aria-hidden": "true" }, letter);
    return el("nav", { class: "letters", "aria-label": "First letters" }, LETTERS.map(one));
  }

  /** Make the field that leaves only the entries with all of its words, those that have them as a title first of all. */
  function filter(entries) {
    const texts = new Map(entries.map((entry) => [entry, fold(entry.textContent)]));
    const field = el("input", { type: "text", role: "searchbox", id: "filter", autocomplete: "off", spellcheck: "false" });
    const said = el("span", { role: "status" });
    function show() {
      const words = fold(field.value).split(/\s+/);
      for (const entry of entries) entry.hidden = !words.every((word) => texts.get(entry).includes(word));
      for (const box of document.querySelectorAll(".entries")) {
        box.hidden = box.previousElementSibling.hidden = ![...box.children].some((entry) => !entry.hidden);
      }
      const left = entries.filter((entry) => !entry.hidden).length;
      said.textContent = left < entries.length ? `${left} of ${entries.length} entries` : "";
    }
    function clear() {
      field.value = "";
      show();
    }
    field.addEventListener("input", show);
    field.addEventListener("keydown", ({ key }) => key === "Escape" && clear());
    addEventListener("hashchange", function () {
      const target = Site.named();
      if (!target?.closest("[hidden]")) return;
      clear();
      target.scrollIntoView();
    });
    return el("p", { class: "filter" }, el("label", { for: "filter" }, "Filter the entries"), " ", field, " ", said);
  }

  /** Make a list of the article. */
  Site.glossary = function (article) {
    const groups = article.querySelector('p > a[href^="#"]')?.parentNode;
    const entries = sections(article);
    article.classList.add("glossary");
    (groups || article.querySelector("h1")).after(row(entries), filter(entries));
    groups?.remove();
    Site.named()?.scrollIntoView();
  };
})((window.Site = window.Site || {}));
