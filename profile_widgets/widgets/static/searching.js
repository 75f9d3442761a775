// The searchable box that fields and choosers share, and the search in its rows.

const slot = (globalThis[Symbol.for("pw.@KIT@")] ??= { kinds: {}, open: {} });
// The class of a row that exists and suits less.
const LESS = ".pw-less";
let lib;

// ---- pure functions ----

// How well a row [value, detail] fits the typed words: 0 best, -1 not at all. Every word must be somewhere in it.
export function fit([value, detail], text) {
  const typed = text.toLowerCase().trim(), all = `${value} ${detail ?? ""}`.toLowerCase();
  if (!typed.split(/\s+/).every((word) => all.includes(word))) return -1;
  return all.startsWith(typed) ? 0 : value.toLowerCase().includes(typed) ? 1 : 2;
}

// The rows that fit, best first and otherwise in their order, at most `limit` of them: {rows, total}.
export function filterRows(rows, text, limit = 200) {
  const ranked = text.trim() ? rows.map((row) => [fit(row, text), row]).filter(([rank]) => rank >= 0).sort((one, other) => one[0] - other[0]).map(([, row]) => row) : rows;
  return { rows: ranked.slice(0, limit), total: ranked.length };
}

// Typed text as a value: the listed value when it differs in case only or is the only one of that name, null when nothing is typed.
export function typedValue(text, rows) {
  const typed = text.trim(), listed = rows.map(([value]) => value), named = rows.filter(([, , name]) => name && name === typed);
  if (listed.includes(typed)) return typed;
  return listed.find((value) => value.toLowerCase() === typed.toLowerCase()) ?? (named.length === 1 ? named[0][0] : typed || null);
}

// ---- the searchable box ----

// The floating list of a searchable box. o: that of `searchBox`, and {input, typed(), current()}; rows are [value, detail, words, class].
function suggestions(o) {
  const { h, attr, fill } = lib, id = lib.fresh(), note = h(".pw-note");
  const list = h(".pw-options", { role: "listbox", id, "aria-label": "Choices" }), pop = h(".pw-pop", { popover: "manual", hidden: true }, list, note);
  let shown = [], nodes = [], drawn = "", at = -1, timer = 0;
  const mark = (to, roll = true) => {
    nodes[at]?.classList.remove("pw-at");
    at = to;
    const row = nodes[at];
    row?.classList.add("pw-at");
    if (roll) row?.scrollIntoView({ block: "nearest" });
    attr(o.input, { "aria-activedescendant": row?.id });
  };
  const self = lib.float(o.anchor, pop, o.life, { wide: true, onhide: () => { attr(o.input, { "aria-expanded": false }); fill(note); mark(-1); } });
  const option = (row, index) => h(row[3] ?? "div", {
    role: "option", id: `${id}-${index}`, "aria-selected": row[0] === o.current(), onclick: () => o.take(row), onpointermove: () => { if (at !== index) mark(index, false); },
    title: o.codes && row[0] !== row[2] && row[0] !== o.onward ? row[0] : null,
  }, h("span", row[2] ?? row[0]), o.codes?.(row) && h("code", row[0]), row[1] && h("small", row[1]), row[3] === LESS && lib.spoken(", may not suit this field"));
  // What suits less stands under a line that says so; each of its rows says so to a screen reader.
  const split = (rows) => { const at = rows.findIndex(([, , , look]) => look === LESS); return at < 0 ? rows.length : at; };
  return Object.assign(self, {
    pop, id,
    chosen: () => shown[at],
    step: (by) => mark(Math.max(0, Math.min(shown.length - 1, at < 0 && by < 0 ? shown.length - 1 : at + by))),
    // Show what there is now; with `stay`, the row that the person walked to remains the one marked.
    reveal(stay) {
      const typed = o.typed(), all = o.rows(), { rows, total } = o.remote ? { rows: all, total: o.total?.() ?? all.length } : filterRows(all, typed);
      const words = o.note ? o.note() : (total > rows.length ? `${rows.length} of ${total} shown; type to search` : rows.length ? "" : "Nothing listed fits. What you type is kept.");
      const active = stay && shown[at] ? shown[at][0] : typed ? null : o.current(), next = JSON.stringify([rows, o.current()]);
      shown = rows;
      if (next !== drawn) {
        const at = split(rows);
        nodes = rows.map(option);
        fill(list, nodes.slice(0, at), rows[at] && h(".pw-divide", { "aria-hidden": true }, "May not suit this field"), nodes.slice(at));
      }
      drawn = next;
      attr(list, { "aria-busy": o.waits?.() ? true : null });
      fill(note, o.waits?.() && lib.icon("working"), words);
      note.hidden = !words;
      // A note that also stands under the field is not described twice.
      attr(note, { id: o.quiet?.() ? null : `${o.id}-n` });
      attr(o.input, { "aria-expanded": true });
      self.show();
      mark(o.onward && active === o.onward ? at : rows.findIndex(([value]) => value === active));
      clearTimeout(timer);
      timer = setTimeout(() => { if (self.open) lib.say(!total || o.waits?.() ? words : [lib.count(total, "choice"), o.aloud && words].filter(Boolean).join(". ")); }, 400);
    },
  });
}

// A box for one text, with a searchable list when `rows` is given.
// o: {id, label, life, take(row), commit(text), and as wanted rows(), anchor, remote, note(), opened(typed), typing(text), and of a
// list from the account total(), waits(), codes(row), quiet(), aloud}; `opened` is called when the list opens. A `quiet` one opens when
// asked alone; of one that is `aloud` the note is spoken too, and not the number of rows alone.
function searchBox(o) {
  const { h, attr, fill, keys, icon } = lib, after = h("span.pw-after", { "aria-hidden": true });
  const input = h("input.pw-input", {
    id: o.id, autocomplete: "off", spellcheck: "false", readonly: !!o.locked, inputmode: o.input === "integer" ? "numeric" : null,
    oninput: () => { input.dirty = input.value !== last[0]; fill(after); self.show(...last); o.typing?.(input.value); if (list?.open || !o.quiet?.()) list?.reveal(); },
    onblur: () => { shut(); commit(); },
  });
  const node = h(".pw-box", input, after), typed = () => (input.dirty ? input.value.trim() : "");
  let list, last = [""];
  const shut = () => list?.hide();
  const ask = () => {
    if (!list || input.readOnly) return;
    if (!list.open) {
      if (o.waits || !typed()) o.opened?.(typed());
      // What is typed next searches in the place of the value; what the person marked stays marked.
      if (!input.dirty && input.selectionStart === input.selectionEnd) input.select();
    }
    list.reveal();
  };
  // A row that leads on to more rows (`o.onward`) leaves the list open, and what was typed.
  const take = (row) => { if (row[0] === o.onward) return o.goOn(); input.dirty = false; shut(); o.take(row); input.focus(); };
  const commit = () => { if (input.dirty) { input.dirty = false; o.commit(input.value); } };
  if (o.rows) {
    list = suggestions({ anchor: node, ...o, input, take, typed, current: () => last[2] });
    attr(input, { role: "combobox", "aria-autocomplete": "list", "aria-expanded": false, "aria-haspopup": "listbox", "aria-controls": list.id, onclick: () => { if (!o.quiet?.()) ask(); } });
    node.append(lib.button("open", icon("down"), () => { input.focus(); if (list.open) shut(); else ask(); }, { tabindex: "-1", "aria-label": "Show choices" }), list.pop);
    list.pop.addEventListener("mousedown", (event) => event.preventDefault());
    keys(input, { ArrowDown: () => (list.open ? list.step(1) : ask()), ArrowUp: (event) => (event.altKey ? shut() : list.open ? list.step(-1) : ask()), PageDown: () => list.open && list.step(10), PageUp: () => list.open && list.step(-10) });
  }
  keys(input, {
    Enter: () => { const row = list?.open && list.chosen(); if (row) return take(row); shut(); commit(); },
    Escape: () => {
      const open = !!list?.open;
      shut();
      // A search over a value ends with the value; text in a box that held none stays for another press.
      if (open ? !input.dirty || !last[0] : !input.dirty) return open;
      input.dirty = false;
      self.show(...last);
      o.typing?.("");
    },
  });
  const self = {
    node, input, ask,
    redraw() { if (list?.open) list.reveal(true); },
    // Show the value that the kernel holds; what is being typed stays.
    show(text, detail, current = text) {
      last = [text, detail, current];
      if (input.dirty) return;
      input.value = text;
      fill(after, text && detail && [h("i", text), h("span", detail)]);
    },
  };
  return self;
}

export default {
  initialize() {
    (slot.kinds.lib ??= new Promise((done) => { slot.open.lib = done; })).then((kit) => {
      lib = kit;
      lib.provide({ searching: { searchBox, filterRows, typedValue, LESS } });
    });
  },
};
