// Runs before the page is seen: the theme that was chosen on this device; without one, the system decides.
(function () {
  try {
    const theme = localStorage.getItem("reportgen.theme");
    if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
  } catch {
    // Nothing is kept here.
  }
})();
