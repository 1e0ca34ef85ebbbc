// The keyboard: the palette (Ctrl-K), single keys, and the choices of "Keyboard and display".
(() => {
  const kept = (name, usual) => {
    try {
      return localStorage.getItem(name) ?? usual;
    } catch {
      return usual; // storage can be forbidden
    }
  };

  // The palette is filled by the server. Where there is no script, its link leads to the page of the same.
  const palette = document.getElementById("palette");
  const question = document.getElementById("palette-q");

  function open() {
    if (!palette || palette.open) return;
    palette.showModal();
    question.select();
    htmx.trigger(question, "palette");
  }

  const hits = () => [...palette.querySelectorAll("a[role=option]")];
  const chosen = () => palette.querySelector("[aria-selected=true]");

  function choose(hit) {
    chosen()?.setAttribute("aria-selected", "false");
    if (!hit) return question.removeAttribute("aria-activedescendant");
    hit.setAttribute("aria-selected", "true");
    hit.scrollIntoView({ block: "nearest" });
    question.setAttribute("aria-activedescendant", hit.id);
  }

  palette?.addEventListener("keydown", (event) => {
    const all = hits();
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && all.length) {
      event.preventDefault();
      choose(all.at((all.indexOf(chosen()) + step + all.length) % all.length));
    } else if (event.key === "Enter" && event.target === question && chosen()) {
      event.preventDefault();
      chosen().click();
    }
  });
  palette?.addEventListener("htmx:afterSettle", () => choose(hits()[0]));
  palette?.addEventListener("click", (event) => {
    if (event.target === palette) palette.close(); // beside it
  });

  document.addEventListener("click", (event) => {
    if (!palette || event.ctrlKey || event.metaKey || event.shiftKey) return;
    if (event.target instanceof Element && event.target.closest("[data-palette]")) {
      event.preventDefault();
      open();
    }
  });

  const shown = (selector) => [...document.querySelectorAll(selector)].find((item) => item.checkVisibility());

  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k" && palette) {
      event.preventDefault();
      return open();
    }
    const typing = event.target instanceof Element && event.target.closest("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]");
    if (typing || event.ctrlKey || event.metaKey || event.altKey || palette?.open || kept("keys", "on") === "off") return;
    const field = event.key === "/" && shown("[data-slash]");
    if (field) {
      event.preventDefault();
      field.focus();
      field.select();
    } else if (event.key === "/" && palette) {
      event.preventDefault();
      open();
    } else {
      const key = CSS.escape(event.key.toLowerCase());
      shown(`[data-key-to="${key}"]`)?.focus();
      shown(`[data-key="${key}"]`)?.click();
    }
  });

  // Choices that this browser keeps.
  for (const group of document.querySelectorAll("[data-choice]")) {
    const name = group.dataset.choice;
    const usual = { keys: "on", density: "roomy", theme: "" }[name];
    for (const option of group.querySelectorAll("input")) option.checked = option.value === kept(name, usual);
    group.addEventListener("change", (event) => {
      try {
        if (event.target.value) localStorage.setItem(name, event.target.value);
        else localStorage.removeItem(name);
      } catch {
        // the choice then lasts as long as the page
      }
      document.dispatchEvent(new Event("chosen"));
    });
  }
})();
