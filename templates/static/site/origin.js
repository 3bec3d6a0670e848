/** The way back: on a page that a term or a citation has led to, a link to the place where that stood. */
(function (Site) {
  "use strict";

  const KEY = "reportgen.origin";

  /** Return the page without what stands behind its #, as a link on it and the address bar both have it. */
  const page = (address) => address.split("#")[0];

  /** Keep what has been left, for this tab alone; some pages on a disk can keep nothing, and have no way back then. */
  function keep(origin) {
    try {
      sessionStorage.setItem(KEY, JSON.stringify(origin));
    } catch {
      // The browser's own way back is still there.
    }
  }

  function kept() {
    try {
      return JSON.parse(sessionStorage.getItem(KEY));
    } catch {
      return null;
    }
  }

  /** Return the last heading or figure before a link, or around it. */
  function place(link) {
    const places = [...document.querySelectorAll("article :is(h2, h3, figure)[id]")];
    const isBefore = (one) => link.compareDocumentPosition(one) & Node.DOCUMENT_POSITION_PRECEDING;
    return places.filter(isBefore).pop();
  }

  function leave({ target }) {
    const link = target.closest?.("article a:is(.term, .cite), dialog a:is(.term, .cite)");
    if (!link || page(link.href) === page(location.href)) return;
    const id = (link.closest("dialog") ? null : place(link))?.id;
    const title = document.querySelector("h1").textContent;
    keep({ from: page(location.href) + (id ? `#${id}` : ""), title, to: page(link.href) });
  }

  /** Show the way back behind what the address names: the entry, up to the next heading. */
  function offer({ from, title, to }) {
    const head = Site.named();
    if (to !== page(location.href) || !head) return;
    let last = head;
    while (last.nextElementSibling && !last.nextElementSibling.matches("h2, h3, section, div")) last = last.nextElementSibling;
    document.querySelector(".way-back")?.remove();
    last.after(Site.el("p", { class: "way-back" }, Site.el("a", { href: from }, "← Back to ", Site.el("q", {}, title))));
  }

  Site.part("origin", function () {
    const origin = kept();
    document.addEventListener("click", leave);
    if (!origin) return;
    offer(origin);
    addEventListener("hashchange", () => offer(origin));
  });
})((window.Site = window.Site || {}));
