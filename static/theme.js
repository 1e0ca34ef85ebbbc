// Before anything is painted: light or dark, and how close rows stand, by a person's own choice or else by the system's.
(() => {
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const chosen = (name) => {
    try {
      return localStorage.getItem(name);
    } catch {
      return null; // storage can be forbidden; then the system decides
    }
  };
  const apply = () => {
    document.documentElement.dataset.bsTheme = chosen("theme") || (dark.matches ? "dark" : "light");
    document.documentElement.dataset.density = chosen("density") || "roomy";
  };
  document.documentElement.dataset.script = "";
  apply();
  dark.addEventListener("change", apply);
  document.addEventListener("chosen", apply);
})();
