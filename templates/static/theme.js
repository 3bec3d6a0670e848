// Runs before the page is seen: scripts run here, and the theme that was chosen on this device; else the system decides.
(function (root) {
  root.classList.add("scripted");
  try {
    const theme = localStorage.getItem("reportgen.theme");
    if (theme === "light" || theme === "dark") root.dataset.theme = theme;
  } catch {
    // Nothing is kept here.
  }
})(document.documentElement);
