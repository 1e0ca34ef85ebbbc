// The pages work without this; here is what makes them quicker to use. No state but what the page holds.
(() => {
  const live = (text) => {
    const region = document.getElementById("live");
    if (region && region.textContent !== text) region.textContent = text; // a list that looks again by itself says nothing twice
  };

  // Toasts: from the server as Django messages, from here when a request fails.
  function toast(text, tone = "bad") {
    const box = document.getElementById("messages") ?? document.body;
    if ([...box.querySelectorAll("[data-toast] p")].some((said) => said.textContent === text)) return; // a page that looks again by itself
    const line = document.createElement("div");
    line.className = `float toast-line is-${tone}`;
    line.dataset.toast = "";
    if (tone === "bad") line.setAttribute("role", "alert");
    const words = document.createElement("p");
    words.textContent = text;
    const close = document.createElement("button");
    close.type = "button";
    close.className = "btn-close";
    close.dataset.dismiss = "";
    close.setAttribute("aria-label", "Close");
    line.append(words, close);
    box.append(line);
  }

  document.addEventListener("click", (event) => {
    const target = event.target instanceof Element ? event.target : null;
    if (!target) return;
    target.closest("[data-dismiss]")?.closest("[data-toast], .note")?.remove();
    for (const menu of document.querySelectorAll("details.menu[open]")) {
      if (!menu.contains(target)) menu.open = false;
    }
    if (target.closest("[data-theme-switch]")) switchTheme();
    const copy = target.closest("[data-copy]");
    if (copy) copyText(copy.dataset.copy);
    const fill = target.closest("[data-fill]");
    if (fill) fillIn(document.getElementById(fill.dataset.fill), fill.value);
  });

  // Pressed instead of typed.
  function fillIn(field, value) {
    field.value = value;
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.focus();
  }

  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") closeMenus();
  });

  function closeMenus() {
    for (const menu of document.querySelectorAll("details.menu[open]")) {
      const inside = menu.contains(document.activeElement);
      menu.open = false;
      if (inside) menu.querySelector("summary")?.focus();
    }
  }

  function switchTheme() {
    const next = document.documentElement.dataset.bsTheme === "dark" ? "light" : "dark";
    document.documentElement.dataset.bsTheme = next;
    try {
      localStorage.setItem("theme", next);
    } catch {
      // storage can be forbidden; the choice then lasts as long as the page
    }
    live(next === "dark" ? "Dark mode" : "Light mode");
  }

  async function copyText(text) {
    try {
      await navigator.clipboard.writeText(text);
      live("Copied");
      toast("Copied.", "good");
    } catch {
      toast("Could not copy. Select the text and copy it by hand.");
    }
  }

  // What is typed beside a choice is chosen with it.
  document.addEventListener("input", (event) => {
    const choice = event.target.matches?.("[type=radio]") ? null : event.target.closest?.(".choice")?.querySelector("[type=radio]");
    if (choice) choice.checked = true;
  });

  // A form marked data-guard asks before it is left with something typed in it.
  let unsaved = null;
  document.addEventListener("input", (event) => {
    unsaved = event.target.closest?.("form[data-guard]") ?? unsaved;
  });
  document.addEventListener("submit", () => {
    unsaved = null;
  });
  addEventListener("beforeunload", (event) => {
    if (unsaved?.isConnected) event.preventDefault();
  });

  // A swap must not throw the keyboard back to the top of the page: focus goes to what stands where it stood, else to
  // the menu it was in, else to the head of what was swapped. After turning a page it goes to the rows.
  let lost = null;
  let asked = null; // what held the focus when a request began, and whose request it is: a button is disabled meanwhile
  const words = (item) => `${item.tagName} ${item.getAttribute("aria-label") ?? item.textContent.trim()}`;
  document.addEventListener("htmx:configRequest", (event) => {
    if (event.target.contains(document.activeElement)) asked = { item: document.activeElement, by: event.target };
  });
  document.addEventListener("htmx:beforeSwap", (event) => {
    const { target, requestConfig } = event.detail;
    const resting = document.activeElement === document.body;
    const held = resting && asked?.by === requestConfig.elt ? asked.item : document.activeElement;
    if (held === document.body || !target.contains(held)) return;
    lost = { place: target.id, around: target.parentElement, turned: held.closest("[rel=next], [rel=prev]"), words: words(held) };
    lost.menu = held.closest("details.menu")?.querySelector("summary")?.id;
  });
  document.addEventListener("htmx:afterSettle", () => {
    if (!lost) return;
    const { place, around, turned, words: said, menu } = lost;
    lost = null;
    const box = document.getElementById(place) ?? around;
    if (!box?.isConnected || document.activeElement !== document.body) return;
    const open = [...box.querySelectorAll("a[href], button, summary, select, input:not([type=hidden])")].filter((item) => item.checkVisibility());
    const next = (turned && box.querySelector("[role=region]")) || document.getElementById(menu) || open.find((item) => words(item) === said) || open[0];
    next?.focus({ preventScroll: true });
  });

  document.addEventListener("htmx:afterRequest", (event) => {
    if (asked?.by !== event.detail.requestConfig?.elt) return; // another one, in the background
    const held = asked?.item;
    asked = null;
    setTimeout(() => {
      if (document.activeElement === document.body) held?.focus({ preventScroll: true });
    });
  });

  // What a swap brings in is said aloud where it asks for it.
  document.addEventListener("htmx:afterSettle", (event) => {
    const said = event.target.matches?.("[data-announce]") ? event.target : event.target.querySelector?.("[data-announce]");
    if (said) live(said.dataset.announce || said.textContent.trim());
  });
  document.addEventListener("announce", (event) => live(String(event.detail?.value ?? "")));

  // What somebody waits for shows itself once it takes a moment (portal.css says how long); what runs in the background
  // does not. A page on its way counts too, unless it turns out to be a file.
  const waiting = new Set();
  const GIVEN_UP = 10_000; // milliseconds: a file was saved, and this page stays
  const inBackground = (item) => /\b(load|every|from:body)\b/.test(item.closest?.("[hx-trigger]")?.getAttribute("hx-trigger") ?? "");
  const show = () => document.documentElement.toggleAttribute("data-waiting", waiting.size > 0);
  const wait = (what) => {
    waiting.add(what);
    show();
  };
  const done = (what) => {
    waiting.delete(what);
    show();
  };
  document.addEventListener("htmx:beforeRequest", (event) => {
    const { xhr, elt, requestConfig } = event.detail;
    if (requestConfig.triggeringEvent?.isTrusted || !inBackground(elt)) wait(xhr);
  });
  document.addEventListener("htmx:afterRequest", (event) => done(event.detail.xhr));
  addEventListener("beforeunload", () => {
    wait("page");
    setTimeout(() => done("page"), GIVEN_UP);
  });
  addEventListener("pageshow", () => done("page"));

  document.addEventListener("htmx:sendError", () => toast("Not done: the portal cannot be reached. What you typed is still here."));
  document.addEventListener("htmx:timeout", () => toast("The portal took too long to answer. Try once more."));
  document.addEventListener("htmx:responseError", (event) => {
    const { status } = event.detail.xhr;
    if (status === 401) toast("You were signed out. Copy what you have typed, then reload the page to sign in.");
    else if (status === 403) toast("This is not open to you.");
    else if (status === 404) toast("This is no longer there. Reload the page.");
    else if (status === 429) toast("That was quick. Wait a moment and try again.", "wait");
    else toast("Something broke on our side. What you typed is still here; it has been reported.");
  });

  for (const line of document.querySelectorAll("[data-toast].is-good")) setTimeout(() => line.remove(), 8000);
})();
