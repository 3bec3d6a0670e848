/** Addresses of headings and figures: a link behind each of them, which also copies its address. */
(function (Site) {
  "use strict";

  /** The address bar has the address by the click itself; the clipboard gets it where the browser allows that. */
  async function copy(link) {
    const isDone = await Site.copy(link.href);
    Site.say(isDone ? "The address is copied." : "The address is in the address bar.");
    if (!isDone) return;
    link.textContent = "✓";
    setTimeout(() => (link.textContent = "#"), 1500);
  }

  function anchor(id, words) {
    const made = Site.el("a", { class: "anchor", href: `#${id}`, "aria-label": `Copy the address of ${words}` }, "#");
    made.addEventListener("click", () => copy(made));
    return made;
  }

  Site.part("anchors", function () {
    for (const heading of document.querySelectorAll("article :is(h2, h3)[id]")) {
      heading.append(anchor(heading.id, "this section"));
    }
    for (const figure of document.querySelectorAll("article figure[id]")) {
      const number = figure.querySelector(".message .number");
      number?.closest("p")?.append(anchor(figure.id, number.textContent));
    }
  });
})((window.Site = window.Site || {}));
