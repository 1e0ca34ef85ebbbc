// Rows ticked in a list stay ticked while one turns its pages, searches and sorts, until they are let go or something is
// done with them. Kept by this tab alone, as numbers. Where there is no script, the rows of one page are chosen.
(() => {
  const bar = () => document.getElementById("bulk");
  const picks = () => [...document.querySelectorAll(".pick")];
  const place = () => `chosen:${location.pathname}`;
  let last = null; // the box ticked before, for ticking all between

  function kept() {
    try {
      return new Set(JSON.parse(sessionStorage.getItem(place()) ?? "[]"));
    } catch {
      return new Set(picks().filter((pick) => pick.checked).map((pick) => pick.value)); // storage can be forbidden
    }
  }

  function keep(chosen) {
    try {
      if (chosen.size) sessionStorage.setItem(place(), JSON.stringify([...chosen]));
      else sessionStorage.removeItem(place());
    } catch {
      // then they last as long as the page
    }
  }

  const announce = (value) => document.dispatchEvent(new CustomEvent("announce", { detail: { value } }));

  // What is ticked here, and how many elsewhere.
  function show(chosen) {
    const form = bar();
    if (!form) return;
    const boxes = picks();
    for (const pick of boxes) pick.checked = chosen.has(pick.value);
    const here = boxes.filter((pick) => pick.checked).length;
    for (const head of document.querySelectorAll("[data-pick-all]")) {
      head.checked = here > 0 && here === boxes.length;
      head.indeterminate = here > 0 && !head.checked;
    }
    const shown = new Set(boxes.map((pick) => pick.value));
    form.classList.toggle("some", chosen.size > 0);
    form.elements.picked.value = [...chosen].filter((value) => !shown.has(value)).join(".");
    form.querySelector("[data-picked]").textContent = `${chosen.size} chosen`;
    const elsewhere = form.querySelector("[data-picked-elsewhere]");
    elsewhere.hidden = chosen.size === here;
    elsewhere.querySelector("span").textContent = `${chosen.size - here} of them not on this page`;
    elsewhere.querySelector("a").href = `${location.pathname}?ids=${[...chosen].join(",")}`;
  }

  function change(values, on) {
    const chosen = kept();
    for (const value of values) on ? chosen.add(value) : chosen.delete(value);
    const most = Number(bar().dataset.most);
    const told = chosen.size > most ? `No more than ${most} can be chosen one by one. Choose all that match instead.` : `${chosen.size} chosen`;
    while (chosen.size > most) chosen.delete([...chosen].at(-1));
    keep(chosen);
    show(chosen);
    announce(told);
  }

  document.addEventListener("click", (event) => {
    const target = event.target instanceof Element ? event.target : null;
    if (!target || !bar()) return;
    if (target.closest("[data-pick-none]")) {
      change([...kept()], false);
      document.querySelector("[data-pick-all]")?.focus({ preventScroll: true });
    } else if (target.matches(".pick")) {
      const boxes = picks();
      const [from, to] = [boxes.indexOf(last), boxes.indexOf(target)].sort((a, b) => a - b);
      const some = event.shiftKey && from >= 0 ? boxes.slice(from, to + 1) : [target];
      change(some.map((pick) => pick.value), target.checked);
      last = target;
    } else if (target.matches("[data-pick-all]")) {
      change(picks().map((pick) => pick.value), target.checked);
    }
  });

  // What is begun with them lets them go.
  document.addEventListener("submit", (event) => {
    const list = event.target.dataset?.letsGo;
    if (list) sessionStorage.removeItem(`chosen:${list}`);
  });
  document.addEventListener("htmx:afterSettle", () => show(kept()));
  if (bar()) show(kept());
})();
