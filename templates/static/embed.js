// Runs before the page is seen: a frame takes the theme that its address names; without one, the system decides.
(function () {
  "use strict";

  const theme = new URLSearchParams(location.search).get("theme");
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
})();
