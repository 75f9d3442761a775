// The widgets "field" (one value: text, integer, choice or list of texts) and "items" (a list of structures), and the
// searchable box that they share with the choosers. A value leaves the page as a trait; null is absent, "" and [] are explicitly empty.

const slot = (globalThis[Symbol.for("profile-widgets @KIT@")] ??= { kinds: {}, open: {} });
const need = (kind) => (slot.kinds[kind] ??= new Promise((done) => { slot.open[kind] = done; }));
const provide = (kind, part) => { need(kind); slot.open[kind](part); };
const MOST_ROWS = 200, SHORT_LIST = 12;
let lib;

// ---- pure functions ----

// How well a row [value, detail] fits the typed words: 0 best, -1 not at all. Every word must be in the value or begin a word of the detail.
export function fit([value, detail = ""], text) {
  const typed = text.toLowerCase().trim(), name = value.toLowerCase(), rest = detail.toLowerCase();
  const words = rest.split(/[^a-z0-9.]+/);
  if (!typed.split(/\s+/).every((word) => name.includes(word) || words.some((one) => one.startsWith(word)))) return -1;
  if (name.startsWith(typed)) return 0;
  if (name.includes(typed)) return 1;
  return ` ${rest}`.includes(` ${typed}`) ? 2 : 3;
}

// The rows that fit, best first and otherwise in their order, at most `limit` of them: {rows, total}.
export function filterRows(rows, text, limit = MOST_ROWS) {
  if (!text.trim()) return { rows: rows.slice(0, limit), total: rows.length };
  const ranked = rows.map((row) => [fit(row, text), row]).filter(([rank]) => rank >= 0);
  ranked.sort((one, other) => one[0] - other[0]);
  return { rows: ranked.slice(0, limit).map(([, row]) => row), total: ranked.length };
}

// Text with commas, semicolons, spaces or lines between the entries, as entries.
export function splitEntries(text) {
  return text.split(/[\s,;]+/).filter(Boolean);
}

// `list` with the new entries of `text` at its end; exact repeats are left out.
export function addEntries(list, text) {
  return [...new Set([...list, ...splitEntries(text)])];
}

// `list` with the entry at `from` moved to `to`; the same list when `to` is outside it.
export function moved(list, from, to) {
  if (to < 0 || to >= list.length || from === to) return list;
  const copy = list.slice();
  copy.splice(to, 0, ...copy.splice(from, 1));
  return copy;
}

// What a box shows while it holds nothing: the inherited value and where it comes from, or that nothing is set.
export function emptyWords(value, entry, nothing = "not set") {
  if (value !== null) return "explicitly empty";
  if (entry.ghost == null) return nothing;
  return entry.origin === "default" ? `${entry.ghost}, the AWS default` : `${entry.ghost}, from the domain`;
}

// The part of an ARN that people know it by; other text as it is.
export function shortName(text) {
  return /^arn:[^/]*\/./.test(text) ? text.slice(text.lastIndexOf("/") + 1) || text : text;
}

// Typed text as a value: the listed value when it differs in case only, null when nothing is typed.
export function typedValue(text, rows) {
  const typed = text.trim(), same = typed.toLowerCase();
  if (!typed) return null;
  return rows.some(([value]) => value === typed) ? typed : rows.find(([value]) => value.toLowerCase() === same)?.[0] ?? typed;
}

// Which control a field takes.
export function controlOf({ input, locked, many, from }) {
  if (input === "list") return "list";
  return input === "choice" && !from && many <= SHORT_LIST && !locked ? "select" : "box";
}

// Origin in a word: [tone, text], or null for a field with nothing to say.
export function originPill(entry) {
  return { set: ["set", "set here"], domain: ["plain", "from the domain"], empty: ["set", "empty"], default: ["plain", "AWS default"] }[entry.origin] ?? null;
}

// ---- the searchable box ----

// The floating list of a searchable box. o: {input, anchor, label, rows(): [[value, detail, label]], typed(): string, current(): string, note(found): string, pick(row), life}.
function suggestions(o) {
  const { h, fresh, float } = lib, id = fresh("list");
  const list = h("div", { role: "listbox", id, "aria-label": o.label }), note = h("div", { class: "pw-note" });
  const pop = h("div", { class: "pw-pop", popover: "manual", hidden: true }, list, note), live = h("span", { class: "pw-sr", role: "status" });
  let shown = [], at = -1, timer = 0;
  const self = float(o.anchor, pop, o.life, { wide: true, onhide: () => { o.input.setAttribute("aria-expanded", "false"); mark(-1); live.textContent = ""; } });
  function mark(to, roll = true) {
    list.children[at]?.classList.remove("pw-at");
    at = to;
    const row = list.children[at];
    row?.classList.add("pw-at");
    if (row && roll) row.scrollIntoView({ block: "nearest" });
    if (row) o.input.setAttribute("aria-activedescendant", row.id);
    else o.input.removeAttribute("aria-activedescendant");
  }
  function draw() {
    const typed = o.typed(), { rows, total } = o.filter === false ? { rows: o.rows(), total: o.rows().length } : filterRows(o.rows(), typed);
    const now = o.current();
    shown = rows;
    list.replaceChildren(...rows.map((row, index) => h("div", { role: "option", id: `${id}-${index}`, "aria-selected": String(row[0] === now), class: row[3] ?? "", onclick: () => o.pick(row), onpointermove: () => { if (at !== index) mark(index, false); } },
      h("span", { text: row[2] ?? row[0] }), row[1] && h("small", { text: row[1] }))));
    note.textContent = o.note?.() || (total > rows.length ? `${rows.length} of ${total} shown; type to search` : rows.length ? "" : "Nothing listed fits; what you type is kept as it is.");
    note.hidden = !note.textContent;
    mark(typed ? (o.first ? rows.findIndex((row) => !row[3]) : -1) : rows.findIndex((row) => row[0] === now));
    clearTimeout(timer);
    timer = setTimeout(() => { if (self.open) live.textContent = rows.length ? `${lib.count(total, "choice")}` : note.textContent; }, 400);
  }
  return Object.assign(self, {
    nodes: [pop, live], id, draw,
    chosen: () => shown[at],
    step: (by) => mark(Math.max(0, Math.min(shown.length - 1, at < 0 && by < 0 ? shown.length - 1 : at + by))),
    reveal() {
      o.input.setAttribute("aria-expanded", "true");
      self.show();
      draw();
      self.move();
    },
  });
}

// A box for one text, with a searchable list when `rows` is given. o: {id, label, rows?, filter?, first?, note?, inside?, anchor?, open?(), type?(text), enter(text), leave(text), pick(row), life}.
export function searchBox(o) {
  const { h, icon } = lib;
  const input = h("input", { id: o.id, type: "text", autocomplete: "off", autocapitalize: "off", spellcheck: "false", class: "pw-input", "data-focus": true });
  const after = h("span", { class: "pw-after", "aria-hidden": "true" });
  const node = h("div", { class: "pw-box" }, input, after);
  const state = { text: "", dirty: false, current: "" };
  let list = null;
  const shut = () => list?.hide();
  const ask = () => { if (!list || input.readOnly) return; o.open?.(); list.reveal(); };
  const take = (row) => { state.dirty = false; shut(); o.pick(row); input.focus(); };
  const self = {
    node, input, ask, shut, state,
    redraw() { if (list?.open) list.reveal(); },
    show(text, detail = "", current = text) {
      state.current = current;
      if (state.dirty && document.activeElement === input) return;
      Object.assign(state, { text, dirty: false });
      input.value = text;
      after.replaceChildren(...(text && detail ? [h("i", { text }), h("span", { text: detail })] : []));
    },
  };
  if (o.rows) {
    list = suggestions({ ...o, input, anchor: o.anchor ?? node, typed: () => (state.dirty ? input.value.trim() : ""), current: () => state.current, pick: take });
    const opener = h("button", { type: "button", tabindex: "-1", class: "pw-open", "aria-label": `Choices for ${o.label}`, onclick: () => { input.focus(); if (list.open) shut(); else ask(); } }, icon("down"));
    for (const [name, value] of Object.entries({ role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-haspopup": "listbox", "aria-controls": list.id })) input.setAttribute(name, value);
    node.append(opener, ...list.nodes);
    input.addEventListener("click", ask);
  }
  const revert = () => { state.dirty = false; input.value = state.text; o.type?.(""); };
  const keys = {
    Enter: () => {
      const row = list?.open && list.chosen();
      if (row) return take(row);
      shut();
      if (state.dirty || o.always) { state.dirty = false; o.enter(input.value); }
    },
    Escape: () => { if (list?.open) shut(); else if (state.dirty) revert(); else return false; },
    ArrowDown: (event) => { if (!list) return false; if (!list.open || event.altKey) ask(); else list.step(1); },
    ArrowUp: (event) => { if (!list) return false; if (event.altKey) shut(); else if (!list.open) ask(); else list.step(-1); },
    PageDown: () => (list?.open ? list.step(10) : false),
    PageUp: () => (list?.open ? list.step(-10) : false),
  };
  input.addEventListener("keydown", (event) => {
    if (event.isComposing || !keys[event.key] || keys[event.key](event) === false) return;
    event.preventDefault();
    event.stopPropagation();
  });
  input.addEventListener("input", () => {
    state.dirty = true;
    after.replaceChildren();
    o.type?.(input.value);
    if (list) list.reveal();
  });
  input.addEventListener("blur", () => {
    shut();
    if (!state.dirty) return;
    state.dirty = false;
    o.leave(input.value);
  });
  node.addEventListener("mousedown", (event) => { if (event.target.closest(".pw-pop")) event.preventDefault(); });
  return self;
}

// ---- controls: each gives {node, input, show(value, entry)} ----

function textControl(f) {
  const commit = (text) => f.commit(typedValue(text, f.rows()));
  const box = searchBox({ id: f.id, label: f.label, life: f.life, rows: f.suggests ? f.rows : null, open: f.fetch, enter: commit, leave: commit, pick: (row) => f.commit(row[0]) });
  if (f.input === "integer") box.input.inputMode = "numeric";
  if (f.locked) Object.assign(box.input, { readOnly: true });
  return {
    node: box.node, input: box.input,
    show(value, entry) {
      box.input.placeholder = emptyWords(value, entry);
      box.show(value ?? "", f.rows().find((row) => row[0] === value)?.[1]);
      box.redraw();
    },
  };
}

function selectControl(f) {
  const { h, icon } = lib;
  const input = h("select", { id: f.id, class: "pw-input", "data-focus": true, onchange: () => f.commit(values[input.selectedIndex]) });
  let values = [];
  return {
    node: h("div", { class: "pw-box pw-select" }, input, icon("down")), input,
    show(value, entry) {
      const rows = f.rows().map(([one, detail]) => [one, detail ? `${one} · ${detail}` : one]);
      if (value !== null && !rows.some(([one]) => one === value)) rows.push([value, value === "" ? "explicitly empty" : `${value} (not in this list)`]);
      rows.unshift([null, emptyWords(null, entry)]);
      values = rows.map(([one]) => one);
      input.replaceChildren(...rows.map(([, text]) => h("option", { text })));
      input.selectedIndex = values.indexOf(value);
      input.classList.toggle("pw-unset", value === null);
    },
  };
}

// One entry of a list. Its remove button carries the keys: arrows walk, Alt+arrows move, Delete removes.
function chip(f, value, index, list, bad, act) {
  const { h, icon } = lib;
  const move = (by, name, sign) => h("button", { type: "button", tabindex: "-1", class: "pw-shift", "aria-label": `Move ${value} ${name}`, title: `Move ${name} (Alt+${name === "back" ? "Left" : "Right"})`, onclick: () => act.move(index, by), disabled: index + by < 0 || index + by >= list.length }, icon(sign));
  const remove = h("button", { type: "button", class: "pw-x", tabindex: "-1", "aria-label": `Remove ${value}`, "aria-keyshortcuts": "Delete Alt+ArrowLeft Alt+ArrowRight", title: "Remove", onclick: () => act.remove(index), onkeydown: (event) => act.key(event, index) }, icon("cross"));
  const node = h("li", { class: bad ? "pw-chip pw-wrong" : "pw-chip", onclick: (event) => { if (!event.target.closest("button")) remove.focus(); } }, h("span", { text: shortName(value), title: value }));
  if (!f.locked) node.append(remove, h("span", { class: "pw-shifts" }, move(-1, "back", "left"), move(1, "on", "chevron")));
  return node;
}

function listControl(f) {
  const { h } = lib;
  const chips = h("ul", { class: "pw-chips", role: "list", "aria-label": `${f.label}, entries` }), live = h("span", { class: "pw-sr", role: "status" });
  const node = h("div", { class: "pw-box pw-list" }, chips);
  let list = [], entry = {};
  const rows = () => f.rows().filter((row) => !list.includes(row[0]));
  const put = (next, say, at) => {
    live.textContent = say;
    f.commit(next);
    control.show(next, entry);
    const to = chips.children[Math.min(at, next.length - 1)]?.querySelector(".pw-x");
    if (at === undefined) return;
    (to ?? box.input).focus();
  };
  const add = (text) => {
    const next = addEntries(list, text);
    box.show("");
    if (next.length > list.length) put(next, `Added ${next.slice(list.length).join(", ")}`);
    box.redraw();
  };
  const act = {
    remove: (at) => put(list.filter((_, index) => index !== at), `Removed ${list[at]}`, at),
    move(at, by) {
      const next = moved(list, at, at + by);
      if (next !== list) put(next, `${list[at]}: position ${at + by + 1} of ${list.length}`, at + by);
    },
    key(event, at) {
      const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
      if (by && event.altKey) act.move(at, by);
      else if (by || event.key === "Home" || event.key === "End") focusChip(event.key === "Home" ? 0 : by ? at + by : list.length);
      else if (event.key === "Delete" || event.key === "Backspace") act.remove(at);
      else return;
      event.preventDefault();
      event.stopPropagation();
    },
  };
  const focusChip = (at) => {
    const to = chips.children[at]?.querySelector(".pw-x");
    for (const one of chips.querySelectorAll(".pw-x")) one.tabIndex = one === to ? 0 : -1;
    (to ?? (at < 0 ? null : box.input))?.focus();
  };
  const box = searchBox({
    id: f.id, label: f.label, life: f.life, rows: f.suggests ? rows : null, anchor: node, open: f.fetch, enter: add, leave: add,
    pick: (row) => { add(row[0]); box.ask(); },
    type: (text) => { if (/[,;\n]/.test(text)) { box.state.dirty = false; add(text); } },
  });
  box.input.addEventListener("paste", (event) => {
    const text = event.clipboardData.getData("text");
    if (splitEntries(text).length < 2) return;
    event.preventDefault();
    box.state.dirty = false;
    add(`${box.input.value} ${text}`);
  });
  box.input.addEventListener("keydown", (event) => {
    if (box.input.value || !list.length || event.defaultPrevented) return;
    if (event.key === "Backspace") { act.remove(list.length - 1); box.input.focus(); } else if (event.key === "ArrowLeft") focusChip(list.length - 1); else return;
    event.preventDefault();
    event.stopPropagation();
  });
  node.append(box.node, live);
  node.addEventListener("click", (event) => { if (event.target === node || event.target === chips) box.input.focus(); });
  if (f.locked) box.input.readOnly = true;
  const control = {
    node, input: box.input,
    show(value, now) {
      const bad = new Set(Object.keys(now.at ?? {}));
      const same = JSON.stringify([value, [...bad], f.locked]);
      entry = now;
      list = value ?? [];
      box.input.placeholder = list.length ? (f.locked ? "" : "add…") : value === null && now.ghost == null ? (f.locked ? "not set" : "add…") : emptyWords(value, now);
      if (same === control.last) return;
      control.last = same;
      chips.replaceChildren(...list.map((one, index) => chip(f, one, index, list, bad.has(String(index)), act)));
      const first = chips.querySelector(".pw-x");
      if (first) first.tabIndex = 0;
      box.redraw();
    },
  };
  return control;
}

// ---- the widget "field" ----

// The field's choices: those it carries, or the shared rows of another model, fetched when first asked for.
function choicesOf(model, life, ready) {
  let shared = null;
  return {
    rows: () => (model.get("choices_from") ? shared?.get("rows") ?? [] : model.get("choices") ?? []),
    async fetch() {
      const from = model.get("choices_from");
      if (!from || shared) return;
      const found = await model.widget_manager.get_model(lib.idOf(from));
      if (shared || life.signal.aborted) return;
      shared = found;
      lib.follow(shared, ["rows"], ready, life);
    },
  };
}

// The board's words for one field; a list also takes those of its entries (`at`: problems by index).
export function entryOf(board, path, isList) {
  const own = board[path] ?? {}, at = {};
  if (!isList) return own;
  for (const [key, entry] of Object.entries(board)) {
    const index = key.startsWith(`${path}[`) && key.slice(path.length).match(/^\[(\d+)\]$/)?.[1];
    if (index && entry.problems?.length) at[index] = entry.problems;
  }
  return { ...own, at, problems: [...(own.problems ?? []), ...Object.values(at).flat()] };
}

function fieldNotes(model, id) {
  const { h, helpLine, icon } = lib, label = model.get("label"), hint = model.get("hint");
  const was = h("span", { class: "pw-was" }), wrong = h("div", { "aria-live": "polite", id: `${id}-wrong` });
  const help = helpLine(label, model.get("help") ?? "", model.get("more") ?? "", hint && h("span", { class: "pw-hint", text: hint }), was);
  const locked = h("div", { class: "pw-locked", hidden: true });
  help.id = `${id}-help`;
  return {
    nodes: [wrong, locked, help],
    lock(reason) {
      locked.hidden = !reason;
      locked.replaceChildren(icon("lock"), reason);
    },
    show(entry) {
      was.replaceChildren(...(!entry.changed ? [] : entry.was == null ? ["Was not set."] : ["Was ", h("b", { text: entry.was || "explicitly empty" }), "."]));
      const problems = entry.problems ?? [], said = JSON.stringify(problems);
      if (wrong.dataset.said !== said) wrong.replaceChildren(lib.problemList(problems));
      wrong.dataset.said = said;
    },
  };
}

async function field({ model, el }) {
  lib = await need("lib");
  const { h, begin, follow, onBoard, pill, fresh } = lib;
  const life = begin(el, "field", model.get("path")), id = fresh("field"), label = model.get("label"), input = model.get("input");
  const main = h("div", { class: "pw-main" }), pills = h("span", { class: "pw-pills" }), notes = fieldNotes(model, id);
  let control = null, entry = {};
  const show = () => control?.show(model.get("value") ?? null, entry);
  const choices = choicesOf(model, life, show);
  const commit = (value) => {
    if (JSON.stringify(value) !== JSON.stringify(model.get("value") ?? null)) lib.save(model, "value", value);
    show();
  };
  el.append(h("div", { class: "pw-row" },
    h("div", { class: "pw-label" }, h("label", { for: id, text: label }), h("code", { text: model.get("api") })),
    main, h("div", { class: "pw-side" }, pills, lib.dots(model, label, life))));
  const build = () => {
    const locked = model.get("locked") ?? "", from = model.get("choices_from"), many = model.get("choices")?.length ?? 0;
    const f = { id, label, input, locked, life, commit, rows: choices.rows, fetch: choices.fetch, suggests: !locked && Boolean(from || many) };
    control = { list: listControl, select: selectControl, box: textControl }[controlOf({ input, locked, many, from })](f);
    control.input.setAttribute("aria-describedby", `${id}-wrong ${id}-help`);
    main.replaceChildren(control.node, ...notes.nodes);
    main.classList.toggle("pw-is-locked", Boolean(locked));
    notes.lock(locked);
    if (model.get("value")?.length && input === "choice") choices.fetch();
  };
  follow(model, ["choices", "choices_from", "locked"], () => { build(); show(); }, life);
  lib.listen(model, "change:value", show, life);
  onBoard(model, (board) => {
    const next = entryOf(board, model.get("path"), input === "list");
    if (JSON.stringify(next) === JSON.stringify(entry)) return;
    entry = next;
    const origin = originPill(entry), bad = (entry.problems ?? []).some((problem) => problem.severity === "error");
    pills.replaceChildren(...[(!entry.changed || entry.origin === "empty") && origin && pill(...origin), entry.changed && pill("changed", "changed")].filter(Boolean));
    main.classList.toggle("pw-invalid", bad);
    show();
    control.input.setAttribute("aria-invalid", String(bad));
    notes.show(entry);
  }, life);
  return life.end;
}

// ---- the widget "items" ----

function itemTools(model, box, ids, say) {
  const { h, icon, button } = lib;
  const at = () => ids().indexOf(box.dataset.id);
  const tool = (name, sign, act) => button(icon(sign), (event) => { if (event.currentTarget.getAttribute("aria-disabled") !== "true") act(at()); }, { class: "pw-tool", title: name, "data-tool": name });
  const move = (by, word) => (index) => { say(`Moved ${word}, position ${index + by + 1} of ${ids().length}`); model.send({ do: "move", index, to: index + by }); };
  return h("div", { class: "pw-item-tools" }, tool("Move up", "up", move(-1, "up")), tool("Move down", "low", move(1, "down")), tool("Remove", "cross", (index) => {
    box.parentElement.dataset.gone = index;
    model.send({ do: "remove", index });
  }));
}

async function items({ model, el }) {
  lib = await need("lib");
  const { h, icon, button, begin, follow, onBoard, childViews, helpLine, problemList, menu, idOf, pill } = lib;
  const life = begin(el, "items", model.get("path")), label = model.get("label"), kinds = model.get("kinds") ?? [];
  const told = h("span", { class: "pw-summary" }), pills = h("span", { class: "pw-pills" }), wrong = h("div", { "aria-live": "polite" }), parts = h("div", { class: "pw-parts" });
  const live = h("span", { class: "pw-sr", role: "status" }), say = (text) => { live.textContent = text; };
  const ids = () => (model.get("children") ?? []).map(idOf);
  let asked = 0;
  const ask = (kind) => { asked = ids().length + 1; model.send(kind ? { do: "add", kind } : { do: "add" }); };
  const add = button("Add", kinds.length ? null : () => ask(), { class: "pw-button pw-add", "aria-label": `Add to ${label}`, "data-focus": true }, icon("plus"));
  const adder = kinds.length ? menu(add, `Kind to add to ${label}`, () => kinds, ask, life) : add;
  const wrap = (id) => {
    const box = h("div", { class: "pw-item", role: "group", "data-id": id });
    box.append(itemTools(model, box, ids, say));
    return box;
  };
  el.append(h("div", { class: "pw-items-head" }, h("div", { class: "pw-label" }, h("span", { class: "pw-name", text: label }), h("code", { text: model.get("api") })), told, pills, lib.dots(model, label, life)),
    helpLine(label, model.get("help") ?? "", model.get("more") ?? ""), wrong, parts, h("div", { class: "pw-adder" }, adder), live);
  el.setAttribute("role", "group");
  el.setAttribute("aria-label", label);
  const number = (entries) => entries.forEach(({ box }, index) => {
    box.setAttribute("aria-label", `${label}, ${index + 1} of ${entries.length}`);
    for (const tool of box.querySelectorAll(":scope > .pw-item-tools > [data-tool]")) {
      const name = tool.dataset.tool, end = (name === "Move up" && index === 0) || (name === "Move down" && index === entries.length - 1);
      tool.setAttribute("aria-label", `${name}: ${label} ${index + 1}`);
      tool.setAttribute("aria-disabled", String(end));
    }
  });
  const settle = (entries) => {
    number(entries);
    const gone = parts.dataset.gone, made = asked && entries.length >= asked && entries[asked - 1].box.querySelector("[data-focus]");
    if (made) { asked = 0; made.focus(); }
    if (gone === undefined || (document.activeElement && document.activeElement !== document.body)) return;
    delete parts.dataset.gone;
    (entries[Math.min(gone, entries.length - 1)]?.box.querySelector("[data-focus]") ?? add).focus();
  };
  childViews(model, parts, life, { wrap, change: settle });
  follow(model, ["state", "children"], () => {
    const state = model.get("state");
    told.textContent = state === "absent" ? "not set" : state === "empty" ? "explicitly empty" : lib.count(ids().length, "item");
  }, life);
  onBoard(model, (board) => {
    const entry = board[model.get("path")] ?? {}, origin = originPill(entry);
    pills.replaceChildren(...[!entry.changed && origin && pill(...origin), entry.changed && pill("changed", "changed")].filter(Boolean));
    wrong.replaceChildren(problemList(entry.problems ?? []));
  }, life);
  return life.end;
}

export default {
  initialize() {
    need("lib").then((parts) => { lib = parts; provide("searchBox", searchBox); });
    provide("field", field);
    provide("items", items);
  },
};
