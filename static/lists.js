// Lists: the chosen record opens beside its list where there is room, what is done to it is done there, and the list
// follows. Columns change places. Where there is no script a row leads to the record's own page, as do its forms, and
// columns stand in the order of the list of them.
(() => {
  const ROOM = matchMedia("(min-width: 75rem)");
  const panel = () => document.getElementById("panel");
  const rows = () => [...document.querySelectorAll(".beside tbody a[data-panel]")];
  const pathOf = (address) => new URL(address, location.href).pathname;
  const isRecord = (path) => path.startsWith(location.pathname) && /^\d+\/$/.test(path.slice(location.pathname.length));

  let record = null; // the path of what stands in the panel
  let form = null; // the address of one of its forms, while that stands there instead
  let closed = false; // what was asked for before it was closed does not open it again

  function remember(path) {
    const address = new URL(location.href);
    const pk = path?.match(/(\d+)\/$/)?.[1];
    if (pk) address.searchParams.set("open", pk);
    else address.searchParams.delete("open");
    history.replaceState(history.state, "", address);
  }

  function mark(path) {
    for (const link of rows()) {
      const here = path !== null && pathOf(link.href) === path;
      link.closest("tr").classList.toggle("open", here);
      if (here) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    }
  }

  // What was typed and not saved is not thrown away unasked.
  function mayLeave() {
    const typed = panel().querySelector("form[data-typed]");
    return !typed || confirm("Leave without saving what you typed?");
  }

  // Each asks on its own behalf: of two that ask on one's behalf at once, htmx lets the later wait, and forgets others.
  function ask(verb, address, source = panel(), values = undefined) {
    closed = false;
    panel().removeAttribute("hx-trigger"); // what it was first filled by, in the background
    return htmx.ajax(verb, address, { source, values, target: "#panel", swap: "innerHTML" }).then(() => {
      if (closed || !panel()) return;
      panel().scrollTop = 0;
      if (!panel().contains(document.activeElement)) panel().focus({ preventScroll: true });
    });
  }

  function close() {
    const was = rows().find((link) => link.hasAttribute("aria-current"));
    closed = true;
    record = form = null;
    panel().replaceChildren();
    mark(null);
    remember(null);
    (was ?? document.querySelector("[data-slash]"))?.focus({ preventScroll: true });
  }

  // The list as it is now, where one stood in it. What is beside it stays.
  let following = false;
  let again = false; // something was saved while the list was on its way
  function follow() {
    const table = document.querySelector(".beside > section [id$=-table]");
    again = Boolean(table) && following;
    if (!table || following) return;
    following = true;
    const from = table.querySelector(".sheet")?.scrollTop ?? 0;
    const address = location.pathname + location.search;
    const come = () => {
      following = false;
      const sheet = document.querySelector(`#${table.id} .sheet`);
      if (sheet) sheet.scrollTop = from;
      if (again) follow();
    };
    htmx.ajax("GET", address, { source: table, target: `#${table.id}`, swap: "outerHTML" }).then(come, come);
  }

  // Beside a record a list has less room: columns that it cannot show whole are left out, the last ones first.
  function fit() {
    const table = document.querySelector(".beside > section .sheet > table");
    if (!table) return;
    for (const cell of table.querySelectorAll(".left-out")) cell.classList.remove("left-out");
    if (!ROOM.matches || !panel()?.firstElementChild) return;
    const further = [...table.tHead.rows[0].cells].filter((heading) => heading.matches(".d-lg-table-cell"));
    const sheet = table.parentElement;
    while (further.length && sheet.scrollWidth > sheet.clientWidth) {
      const place = further.pop().cellIndex;
      for (const row of table.rows) row.cells[place]?.classList.add("left-out");
    }
  }
  if (panel()) new ResizeObserver(fit).observe(panel()); // it opens and closes; what is in it leaves the list alone
  addEventListener("resize", fit);
  document.addEventListener("htmx:afterSwap", ({ detail }) => {
    if (detail.target !== panel()) fit();
  });

  // A link within the panel: to another record of the list, back to this one, or to a form of it.
  function within(link) {
    const path = pathOf(link.href);
    if (link.matches("[data-panel]")) return "record";
    if (!record || !panel().contains(link) || link.hasAttribute("download")) return "";
    if (path === record) return form ? "record" : "";
    return path.startsWith(record) ? "form" : "";
  }

  document.addEventListener("click", (event) => {
    if (!(event.target instanceof Element) || !panel() || !ROOM.matches) return;
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    const link = event.target.closest("a[href]");
    const shut = event.target.closest("[data-panel-close]");
    const kind = link && !shut ? within(link) : "";
    if (!kind && !shut) return;
    event.preventDefault();
    if (!mayLeave()) return;
    if (shut) close();
    else ask("GET", link.href);
  });
  document.addEventListener("submit", (event) => {
    const sent = event.target;
    if (!panel()?.contains(sent) || event.defaultPrevented || sent.matches("[hx-post]") || sent.method !== "post" || !ROOM.matches) return;
    event.preventDefault();
    const by = event.submitter;
    const address = by?.hasAttribute("formaction") ? by.formAction : sent.hasAttribute("action") ? sent.action : (form ?? record);
    ask("POST", address, sent, by?.name ? { [by.name]: by.value } : {});
  });
  document.addEventListener("input", (event) => {
    const typed = event.target.closest?.("#panel form[data-guard]");
    if (typed) typed.dataset.typed = "";
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && panel()?.contains(document.activeElement) && !event.defaultPrevented && mayLeave()) close();
  });

  // Who types into a menu is not disturbed by a page that looks again by itself.
  const typedIn = (box) => box.querySelector?.("details.menu[open]");
  document.addEventListener("htmx:oobBeforeSwap", (event) => {
    if (event.detail.target.matches(".tab-bar") && typedIn(event.detail.target)) event.detail.shouldSwap = false;
  });
  document.addEventListener("htmx:beforeSwap", ({ detail }) => {
    const again = detail.requestConfig.elt.getAttribute?.("hx-trigger")?.startsWith("every");
    if (again && typedIn(detail.target)) detail.shouldSwap = false;
  });

  // What comes for the panel is a record, or a whole page of which the form is taken. Anything else is gone to.
  document.addEventListener("htmx:beforeSwap", (event) => {
    const { detail } = event;
    if (!panel() || detail.target !== panel()) return;
    if (closed) {
      detail.shouldSwap = false;
      return;
    }
    if (detail.isError) return;
    const { responseURL } = detail.xhr;
    const path = pathOf(responseURL);
    const whole = detail.serverResponse.includes('<main id="main"');
    if (whole) detail.selectOverride = "#main > *";
    detail.ignoreTitle = true;
    if (isRecord(path) && !whole) [record, form] = [path, null];
    else if (record && path.startsWith(record)) form = responseURL;
    else {
      detail.shouldSwap = false;
      location.assign(responseURL);
    }
  });
  document.addEventListener("htmx:afterSettle", (event) => {
    const { target, requestConfig } = event.detail;
    if (!panel()) return;
    if (target === panel() && record) remember(record);
    if (record && panel().firstElementChild) mark(record);
    if (!panel().contains(target)) return;
    const sent = requestConfig.verb === "post";
    if (sent && form) panel().querySelector("form[data-guard]")?.setAttribute("data-typed", ""); // refused: it is still to be saved
    if ((sent && !form) || target.querySelector?.("[data-follow]")) follow();
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
