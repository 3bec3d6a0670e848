/** The switch of the theme: as the system has it, light, or dark. `static/theme.js` sets what is kept before a page is seen. */
(function (Site) {
  "use strict";

  const NEXT = { system: "light", light: "dark", dark: "system" };
  const root = document.documentElement;

  function show(button, choice) {
    const said = `Theme: ${choice}`;
    button.dataset.choice = choice;
    button.title = `${said} (press for ${NEXT[choice]})`;
    button.firstChild.textContent = said;
  }

  /** Set the theme, keep it, and tell those that draw: the event `themechange` of the document. */
  function choose(choice) {
    if (choice === "system") delete root.dataset.theme;
    else root.dataset.theme = choice;
    Site.store.set("theme", choice === "system" ? null : choice);
    document.dispatchEvent(new Event("themechange"));
  }

  Site.part("theme", function () {
    const button = Site.el("button", { type: "button", class: "theme" }, Site.el("span"));
    button.addEventListener("click", function () {
      const choice = NEXT[button.dataset.choice];
      choose(choice);
      show(button, choice);
      Site.say(`Theme: ${choice}`);
    });
    show(button, root.dataset.theme || "system");
    Site.tools.append(button);
  });
})((window.Site = window.Site || {}));
