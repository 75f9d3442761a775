// What stands over a form: "tools" (search, filter, undo and redo, open and close, reset) and "effective", the table of all settings
// in force.

const slot = (globalThis[Symbol.for("pw.@KIT@")] ??= { kinds: {}, open: {} });
const need = (kind) => (slot.kinds[kind] ??= new Promise((done) => { slot.open[kind] = done; }));
let lib;

// ---- pure functions ----

// What a key press asks for: "undo", "redo" or null.
export function asked({ key, ctrlKey, metaKey, shiftKey, altKey }) {
  const letter = String(key).toLowerCase();
  if (altKey || !(ctrlKey || metaKey)) return null;
  if (letter === "z") return shiftKey ? "redo" : "undo";
  return letter === "y" && ctrlKey && !shiftKey ? "redo" : null;
}

// Whether what has the focus holds typing that nobody has taken yet: there the browser's own undo works.
export function typing({ dirty, localName, type, value }) {
  return Boolean(dirty || (value && (localName === "textarea" || type === "search")));
}

// What a button with something to undo or redo says of itself.
export function deedWords(verb, { enabled, label } = {}) {
  if (!enabled) return `Nothing to ${verb.toLowerCase()}`;
  return label ? `${verb}: ${label}` : verb;
}

// Rows [group, ...row] as [[group, rows]], each group where it comes first.
export function byGroup(rows) {
  const groups = new Map();
  for (const [group, ...row] of rows) groups.set(group, [...(groups.get(group) ?? []), row]);
  return [...groups];
}

// ---- tools ----

// The box for the words that are looked for. The kernel hears of them 200 ms after the last key, or at once with Enter or Escape.
function searchPart(model, life) {
  const { h, button, icon } = lib, query = () => model.get("query") ?? "";
  let timer = 0;
  const tell = () => {
    clearTimeout(timer);
    timer = 0;
    const text = input.value.trim();
    if (text === query()) return;
    lib.save(model, "query", text);
    model.send({ do: "search", text });
  };
  const typed = () => {
    clear.hidden = !input.value;
    clearTimeout(timer);
    timer = setTimeout(tell, 200);
  };
  const empty = () => {
    input.value = "";
    typed();
    tell();
    input.focus();
  };
  const input = h("input.pw-input", {
    type: "search", "aria-label": "Search settings", placeholder: "Search settings, names, values", autocomplete: "off", spellcheck: "false", oninput: typed,
  });
  const clear = button("open.pw-clear", icon("cross"), empty, { "aria-label": "Clear the search", title: "Clear (Escape)" });
  lib.keys(input, { Enter: tell, Escape: () => { if (!input.value) return false; empty(); } });
  lib.follow(model, ["query"], () => {
    if (timer) return;
    if (input.value.trim() !== query()) input.value = query();
    clear.hidden = !input.value;
  }, life);
  life.after(() => clearTimeout(timer));
  return h(".pw-box.pw-search", icon("search"), input, clear);
}

// The filters as a row of buttons; they stay while only their counts change, and with them the focus.
function filterPart(model) {
  const { h, fill, attr, button } = lib, node = h(".pw-segments", { role: "group", "aria-label": "Which settings to show" });
  let known = "";
  return {
    node,
    show({ filter, filters = [] }) {
      const ids = JSON.stringify(filters.map(([id]) => id));
      if (ids !== known) fill(node, filters.map(([id]) => button("segment", "", () => model.send({ do: "filter", value: id }))));
      known = ids;
      filters.forEach(([id, label, count], at) => {
        const one = attr(node.children[at], { "aria-pressed": id === filter });
        fill(one, label, count != null && [" ", h("span", `${count}`)]);
        one.classList.toggle("pw-some", count > 0);
      });
    },
  };
}

// Ctrl+Z, Ctrl+Shift+Z and Ctrl+Y (with the command key on a Mac) anywhere on the page that the tools belong to.
function undoKeys(el, press, life) {
  const page = () => {
    let top = el;
    for (let up = el; up; up = up.parentElement?.closest(".pw-stack")) top = up;
    return top;
  };
  document.addEventListener("keydown", (event) => {
    const deed = asked(event), { target } = event;
    if (!deed || event.isComposing || event.defaultPrevented || typing(target) || !page().contains(target)) return;
    event.preventDefault();
    event.stopPropagation();
    press(deed);
  }, { capture: true, signal: life.signal });
}

function tools({ model, el }) {
  const { h, fill, attr, icon } = lib, life = lib.begin(el, "tools", model), state = () => model.get("state") ?? {};
  const acts = {}, filters = filterPart(model), note = h("p.pw-found", { role: "status" });
  let held = null;
  const press = (deed) => {
    const back = deed === "undo" || deed === "redo", off = acts[deed].getAttribute("aria-disabled") === "true";
    if (off) lib.say(acts[deed].title);
    // A key may come before the news of the last step: whether there is something to undo is for the kernel to say.
    if (off && !back) return;
    if (back) held = document.activeElement;
    model.send({ do: deed });
  };
  const act = (deed, sign, words, props) => (acts[deed] = lib.button("act", [icon(sign), words], () => press(deed), props));
  const steps = h(".pw-deeds", act("undo", "undo", "Undo", { "aria-keyshortcuts": "Control+Z Meta+Z" }), act("redo", "redo", "Redo", { "aria-keyshortcuts": "Control+Shift+Z Control+Y Meta+Shift+Z" }));
  const rest = h(".pw-deeds", act("expand", "down", "Expand all"), act("collapse", "fold", "Collapse all"), act("reset", "reset", "Reset all"), act("effective", "table", "Effective settings"), act("earlier", "back", "Put back …"));
  acts.effective.classList.add("pw-in-force");
  el.append(h(".pw-find", searchPart(model, life), filters.node, steps), h(".pw-find", note, rest));
  attr(el, { role: "group", "aria-label": "Find and change settings" });
  lib.follow(model, ["state"], () => {
    const { undo, redo, reset, effective, earlier } = state();
    filters.show(state());
    fill(note, state().note);
    attr(acts.undo, { title: deedWords("Undo", undo), "aria-disabled": !undo?.enabled });
    attr(acts.redo, { title: deedWords("Redo", redo), "aria-disabled": !redo?.enabled });
    attr(acts.reset, { title: reset?.enabled ? "Every setting back to the loaded value; can be undone" : "Nothing is changed", "aria-disabled": !reset?.enabled });
    attr(acts.effective, { title: "What is in force: the domain's settings under the profile's own", "aria-pressed": Boolean(effective) });
    attr(acts.earlier, { title: "What an earlier submit from here replaced" }).hidden = !earlier;
    // What had the focus may have been undone itself; what is drawn anew comes with other messages than this one.
    const was = held;
    held = null;
    if (was) setTimeout(() => { if (!was.isConnected && document.activeElement === document.body) acts.undo.focus({ preventScroll: true }); }, 150);
  }, life);
  undoKeys(el, press, life);
  return life.end;
}

// ---- effective ----

async function effective({ model, el }) {
  const table = await need("table"), { h, fill, attr, button } = lib, life = lib.begin(el, "effective", model), id = lib.fresh();
  const title = h("h2", { id }), note = h("p.pw-sub"), box = h(".pw-scroll");
  const close = () => {
    document.querySelector(".pw-in-force[aria-pressed=true]")?.focus();
    model.send({ do: "close" });
  };
  const row = ([label, path, value, origin]) => [
    path ? button("link.pw-quiet", label, () => model.send({ do: "go", path }), { title: path }) : label,
    value == null || value === "" ? h("span.pw-faint", value == null ? "not set" : "explicitly empty") : h("span.pw-mono", value), origin,
  ];
  el.append(h(".pw-effective-head", title, button("button", [lib.icon("cross"), "Close"], close, { "aria-label": "Close the effective settings" })), note, box);
  attr(el, { role: "region", "aria-labelledby": id });
  lib.keys(el, { Escape: close });
  lib.follow(model, ["state"], () => {
    const state = model.get("state"), begun = el.hidden && state, at = box.contains(document.activeElement) && document.activeElement.title;
    el.hidden = !state;
    if (!state) return;
    fill(title, state.title);
    fill(note, state.note);
    const parts = byGroup(state.rows ?? []).map(([group, rows]) => [group, rows.map(row)]);
    fill(box, table(state.title, ["Setting", "In force", "Where it comes from"], parts));
    if (at) [...box.querySelectorAll("button")].find((one) => one.title === at)?.focus({ preventScroll: true });
    if (begun) lib.say(`${state.title}: ${lib.count(state.rows?.length ?? 0, "row")}`);
  }, life);
  return life.end;
}

export default {
  initialize() {
    need("lib").then((kit) => {
      lib = kit;
      Object.assign(lib.icons, {
        search: "M7 2.5a4.5 4.5 0 1 0 .01 0zM10.3 10.3 14 14", undo: "M6 3 2.5 6.5 6 10M2.5 6.5H10a3.5 3.5 0 0 1 0 7H7", redo: "M10 3l3.5 3.5L10 10M13.5 6.5H6a3.5 3.5 0 0 0 0 7h3",
        back: "M5.5 3 2.5 6l3 3M2.5 6h7a3.5 3.5 0 0 1 0 7h-3", fold: "M3.5 10 8 5.5 12.5 10", reset: "M3 3v3.5h3.5M3.4 6.3A5.2 5.2 0 1 1 3 9.5", table: "M2.5 3h11v10h-11zM2.5 6.4h11M6.5 6.4V13",
      });
      lib.provide({ tools, effective });
    });
  },
};
