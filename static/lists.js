// Lists: the chosen entry opens beside its list where there is room, and columns change places. Where there is no
// script a row leads to the entry's own page, and columns stand in the order of the list of them.
(() => {
  const ROOM = matchMedia("(min-width: 75rem)");
  const panel = () => document.getElementById("panel");
  const rows = () => [...document.querySelectorAll(".beside tbody a[data-panel]")];

  function remember(path) {
    const address = new URL(location.href);
    const pk = path?.match(/(\d+)\/$/)?.[1];
    if (pk) address.searchParams.set("open", pk);
    else address.searchParams.delete("open");
    history.replaceState(history.state, "", address);
  }

  function mark(path) {
    for (const link of rows()) {
      const here = path !== null && new URL(link.href).pathname === path;
      link.closest("tr").classList.toggle("open", here);
      if (here) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    }
  }

  let closed = false; // what was asked for before it was closed does not open it again

  function show(link) {
    const path = new URL(link.href).pathname;
    closed = false;
    htmx.ajax("GET", link.href, { target: "#panel", swap: "innerHTML" }).then(() => {
      if (closed) return;
      mark(path);
      remember(path);
      panel().scrollTop = 0;
      if (!panel().contains(document.activeElement)) panel().focus({ preventScroll: true });
    });
  }

  function close() {
    const was = rows().find((link) => link.hasAttribute("aria-current"));
    closed = true;
    panel().replaceChildren();
    mark(null);
    remember(null);
    (was ?? document.querySelector("[data-slash]"))?.focus({ preventScroll: true });
  }

  document.addEventListener("click", (event) => {
    if (!(event.target instanceof Element) || !panel() || !ROOM.matches) return;
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    const link = event.target.closest("a[data-panel]");
    if (link) {
      event.preventDefault();
      show(link);
    } else if (event.target.closest("[data-panel-close]")) {
      event.preventDefault();
      close();
    }
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && panel()?.contains(document.activeElement)) close();
  });
  document.addEventListener("htmx:beforeSwap", (event) => {
    if (closed && event.detail.target === panel()) event.detail.shouldSwap = false;
  });
  document.addEventListener("htmx:afterSettle", () => {
    const open = new URL(location.href).searchParams.get("open");
    if (open && panel()?.firstElementChild) mark(new URL(rows()[0]?.href ?? "", location.href).pathname.replace(/\d+\/$/, `${open}/`));
  });

  // Columns: dragged, or moved a place at a time.
  document.addEventListener("click", (event) => {
    const button = event.target instanceof Element && event.target.closest("[data-move]");
    if (!button) return;
    const item = button.closest("li");
    const other = button.dataset.move === "up" ? item.previousElementSibling : item.nextElementSibling;
    if (!other) return;
    if (button.dataset.move === "up") other.before(item);
    else other.after(item);
    button.focus();
    const place = [...item.parentElement.children].indexOf(item) + 1;
    document.dispatchEvent(new CustomEvent("announce", { detail: { value: `Column ${place}` } }));
  });
  let dragged = null;
  document.addEventListener("dragstart", (event) => {
    dragged = event.target instanceof Element ? event.target.closest("[data-orderly] > li") : null;
    dragged?.classList.add("dragged");
  });
  document.addEventListener("dragover", (event) => {
    const over = dragged && event.target instanceof Element && event.target.closest("[data-orderly] > li");
    if (!over || over.parentElement !== dragged.parentElement) return;
    event.preventDefault();
    const { top, height } = over.getBoundingClientRect();
    if (event.clientY < top + height / 2) over.before(dragged);
    else over.after(dragged);
  });
  document.addEventListener("dragend", () => {
    dragged?.classList.remove("dragged");
    dragged = null;
  });
})();
