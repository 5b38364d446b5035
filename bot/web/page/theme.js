// Light or dark: what the person chose, else what the system says. Loaded before the first paint, so nothing flashes.
"use strict";

(() => {
  const system = matchMedia("(prefers-color-scheme: dark)");
  const root = document.documentElement;
  const chosen = () => localStorage.getItem("theme");

  function apply() {
    const theme = chosen() ?? (system.matches ? "dark" : "light");
    root.dataset.theme = theme;
    const toggle = document.getElementById("theme");
    if (!toggle) return;
    const label = theme === "dark" ? "Dùng nền sáng" : "Dùng nền tối";
    toggle.setAttribute("aria-label", label);
    toggle.title = label;
    toggle.innerHTML = `<svg aria-hidden="true"><use href="#icon-${theme === "dark" ? "sun" : "moon"}"/></svg>`;
  }

  apply();
  system.addEventListener("change", apply);
  addEventListener("storage", apply);
  addEventListener("DOMContentLoaded", () => {
    apply();
    document.getElementById("theme").addEventListener("click", () => {
      localStorage.setItem("theme", root.dataset.theme === "dark" ? "light" : "dark");
      apply();
    });
  });
})();
