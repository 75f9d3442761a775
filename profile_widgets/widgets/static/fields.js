// The widgets "field" (one value: text, integer, choice or list of texts) and "items" (a list of structures).
// A value leaves the page as a trait: null is absent, "" and [] are explicitly empty.

const slot = (globalThis[Symbol.for("pw.@KIT@")] ??= { kinds: {}, open: {} });
const need = (kind) => (slot.kinds[kind] ??= new Promise((done) => { slot.open[kind] = done; }));
let lib, searchBox, filterRows, typedValue, LESS;

// ---- pure functions ----

// Text with commas, semicolons, spaces or lines between the entries, as entries.
export const splitEntries = (text) => text.split(/[\s,;]+/).filter(Boolean);

// `list` with the new entries of `text` at its end; exact repeats are left out.
export function addEntries(list, text) {
  return [...list, ...new Set(splitEntries(text).filter((one) => !list.includes(one)))];
}

// A copy of `list` with the entry at `from` moved to `to`, if that is a place in it.
export function moved(list, from, to) {
  const copy = list.slice();
  if (to in list) copy.splice(to, 0, ...copy.splice(from, 1));
  return copy;
}

// What a box shows while it holds nothing: the value inherited from the domain, or `nothing`.
export function emptyWords(value, entry, nothing = "not set") {
  if (value?.length === 0) return "explicitly empty";
  return entry.ghost == null ? nothing : `${entry.ghost.split(", ").map(shortName).join(", ")}, from the domain`;
}

// The whole of an inherited value that an empty box shows by its name only.
export const ghostTitle = (value, { ghost }) => (value === null && ghost?.includes("arn:") ? ghost : null);

// The part of an ARN that people know it by, of a version with what it is a version of; other text as it is.
const isArn = (text) => text.startsWith("arn:");
export const shortName = (text) => (isArn(text) ? text.split("/").slice(/[^/]\/\d+$/.test(text) ? -2 : -1).join("/") || text : text);

// Which control a field takes: "list", "select" (up to twelve choices) or "box".
export function controlOf({ input, locked, many, from }) {
  if (input === "list") return "list";
  return input === "choice" && !from && many <= 12 && !locked ? "select" : "box";
}

// Where a value comes from as the tone and words of a pill; null for a field with nothing to say.
export function originPill({ origin, unset }) {
  return { set: ["set", "set here"], domain: ["plain", "from the domain"], empty: ["set", "empty"] }[origin] ?? (!origin && unset ? ["faint", unset] : null);
}

const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);

// What a field that nobody set holds, as the board says it for all of them.
const unset = (board, path) => /^UserSettings\.[^[]+$/.test(path) && board[""]?.unset;

function marks(entry) {
  const origin = originPill(entry);
  if (entry.refused) return [lib.pill("error", "not taken")];
  return [origin && (!entry.changed || entry.origin === "empty") && lib.pill(...origin), entry.changed && lib.pill("changed", "changed")];
}

// The board's words for one field; a list also takes those of its entries (`at`: the indices with problems).
export function entryOf(board, path, isList) {
  const own = board[path] ?? {}, at = [], problems = [...(own.problems ?? [])];
  for (const [key, entry] of isList ? Object.entries(board) : []) {
    const index = /^\[(\d+)\]$/.exec(key.replace(path, ""));
    if (!index || !entry.problems?.length) continue;
    at.push(Number(index[1]));
    problems.push(...entry.problems);
  }
  return { ...own, at, problems };
}

// ---- controls: each gives {node, input, show(value, entry)} ----

// What exists in the account, for one field: the page asks with the typed text, and the answer is a message. What was answered before is
// searched until then. `told(value)` is what was learned of a value: [name, detail].
function supply(model, life, redraw) {
  const words = model.get("catalog_words"), names = new Map(), again = "\nagain";
  let said = { rows: [] }, wanted = null, timer = 0, text = "", anew = true;
  // A list that is read for the first time, or again, is said to be read; a question that the kernel answers at once is not.
  const waits = () => wanted !== null && anew;
  const ask = (next, refresh = false) => {
    clearTimeout(timer);
    text = wanted = next.slice(0, 1024);
    anew ||= refresh;
    model.send({ do: "suggest", text, refresh });
  };
  const rows = () => (wanted !== null ? filterRows(said.rows, text).rows : said.rows);
  lib.listen(model, "msg:custom", (answer) => {
    if (answer?.do !== "suggested" || answer.text !== text) return;
    wanted = null;
    anew = false;
    said = { ...answer, rows: answer.rows.map(([value, name, detail, fits]) => [value, detail, name, fits ? undefined : LESS]) };
    for (const [value, detail, name] of said.rows) names.set(value, [name, detail]);
    redraw();
  }, life);
  life.after(() => clearTimeout(timer));
  return {
    rows, told: (value) => names.get(value), refusal: () => said.refused && said.note,
    box: {
      remote: true, aloud: true, waits, onward: again,
      rows: () => [...rows(), ...(waits() ? [] : [[again, "", "Read the list again", ".pw-again"]])],
      total: () => (wanted !== null ? rows().length : said.total ?? said.rows.length),
      note: () => (waits() ? `Reading the ${words}…` : said.note || (rows().length ? "" : "Nothing listed fits. What you type is kept.")),
      codes: ([value, detail, name]) => value !== again && ![name, detail].some((said) => said.includes(value)) && !isArn(value) && !value.includes(":/"),
      quiet: () => said.refused && !waits(),
      opened: (typed) => ask(typed),
      typing: (typed) => {
        clearTimeout(timer);
        text = wanted = typed.trim();
        timer = setTimeout(() => { ask(text); redraw(); }, 200);
      },
      goOn: () => { ask(text, true); redraw(); },
    },
  };
}

function textControl(f) {
  const box = searchBox({ ...f, rows: f.suggests && f.rows, ...f.supply?.box, commit: (text) => f.commit(typedValue(text, f.rows())), take: (row) => f.commit(row[0]) });
  const known = f.supply && lib.h(".pw-known", { id: `${f.id}-c` });
  return {
    ...box, node: [box.node, known], also: [known?.id, f.suggests && `${f.id}-n`],
    show(value, entry) {
      const told = f.supply?.told(value), row = f.supply ? [] : f.rows().find((one) => one[0] === value);
      lib.attr(box.input, { placeholder: emptyWords(value, entry), title: ghostTitle(value, entry) });
      box.show(value ?? "", row?.[1]);
      const [name, detail] = told ?? [shortName(value ?? "")];
      if (known) lib.fill(known, value && (isArn(value) ? name !== value : !value.endsWith(name)) && lib.h("b", name), detail && lib.h("span", detail));
      box.redraw();
    },
  };
}

function selectControl(f) {
  const { h, fill } = lib, input = h("select.pw-input", { id: f.id, onchange: () => f.commit(values[input.selectedIndex]) });
  let values = [];
  return {
    node: h(".pw-box.pw-select", input, lib.icon("down")), input,
    show(value, entry) {
      const rows = f.rows().map(([one, detail]) => [one, detail ? `${one} · ${detail}` : one]);
      if (value !== null && !rows.some(([one]) => one === value)) rows.push([value, `${value || "empty"} (not in this list)`]);
      rows.unshift([null, emptyWords(null, entry)]);
      values = rows.map(([one]) => one);
      fill(input, rows.map(([, text]) => h("option", text)));
      input.selectedIndex = values.indexOf(value);
      input.classList.toggle("pw-unset", value === null);
    },
  };
}

// One entry of a list. Its remove button carries the keys: arrows walk, Alt+arrows move, Delete removes.
function chip(f, list, index, bad, act) {
  const { h, icon, button } = lib, value = list[index], name = f.supply?.told(value)?.[0], also = name && name !== value && !isArn(value) && h("small", ` ${name}`);
  const node = h(`li.pw-chip${bad ? ".pw-wrong" : ""}`, h("span", { title: value, onclick: () => node.querySelector("button")?.focus() }, shortName(value), also));
  if (f.locked) return node;
  const drop = () => act.remove(index), shift = (by, name, sign) => button("shift", icon(sign), () => act.move(index, by), { tabindex: "-1", "aria-label": `Move ${value} ${name}`, disabled: !list[index + by] });
  const remove = button("x", icon("cross"), drop, { tabindex: index ? "-1" : "0", "aria-label": `Remove ${value}`, title: "Remove (Alt+arrows move it)" });
  const walk = (by) => (event) => (event.altKey ? act.move(index, by) : act.focus(index + by));
  lib.keys(remove, { ArrowLeft: walk(-1), ArrowRight: walk(1), Home: () => act.focus(0), End: () => act.focus(list.length - 1), Delete: drop, Backspace: drop });
  node.append(remove, h("span.pw-shifts", shift(-1, "back", "left"), shift(1, "on", "chevron")));
  return node;
}

function listControl(f) {
  const { h, fill } = lib, chips = h("ul.pw-chips", { "aria-label": `${f.label}, entries`, role: "list" }), node = h(".pw-box.pw-list", { onclick: ({ target }) => { if (target === node) box.input.focus(); } }, chips);
  let list = [], last;
  const put = (next, words) => { lib.say(words); f.commit(next); };
  const act = {
    focus(at) {
      const all = [...chips.querySelectorAll(".pw-x")], to = all[Math.max(0, at)];
      for (const one of all) one.tabIndex = one === (to ?? all[0]) ? 0 : -1;
      (to ?? box.input).focus();
    },
    remove(at) {
      put(list.filter((_, index) => index !== at), `Removed ${list[at]}`);
    },
    move(at, by) {
      if (!(at + by in list)) return;
      put(moved(list, at, at + by), `Position ${at + by + 1} of ${list.length}`);
      act.focus(at + by);
    },
  };
  const add = (text) => {
    const next = addEntries(list, text), fresh = next.slice(list.length);
    box.input.dirty = false;
    box.show("");
    if (fresh.length) put(next, `Added ${fresh.join(", ")}`);
  };
  const box = searchBox({
    ...f, ...f.supply?.box, rows: f.suggests && (() => (f.supply?.box.rows ?? f.rows)().filter((row) => !list.includes(row[0]))), anchor: node,
    commit: (text) => add(f.supply && splitEntries(text).length === 1 ? typedValue(text, f.rows()) : text),
    take: (row) => { add(row[0]); setTimeout(box.ask); },
    typing: (text) => { if (/[,;]/.test(text)) add(text); else f.supply?.box.typing(text); },
  });
  lib.attr(box.input, { onpaste: (event) => {
    const text = event.clipboardData.getData("text");
    if (splitEntries(text).length < 2) return;
    event.preventDefault();
    add(`${box.input.value} ${text}`);
  } });
  const toLast = (go) => () => { if (box.input.value || !list.length || f.locked) return false; act[go](list.length - 1); };
  lib.keys(box.input, { Backspace: toLast("remove"), ArrowLeft: toLast("focus") });
  node.append(box.node);
  return {
    node, input: box.input, also: f.suggests && `${f.id}-n`,
    show(value, now) {
      const key = [value, now.at, value?.map((one) => f.supply?.told(one))], { locked } = f;
      list = value ?? [];
      lib.attr(box.input, { placeholder: list.length ? (locked ? "" : "add…") : emptyWords(value, now, locked ? "not set" : "add…"), title: ghostTitle(value, now) });
      if (same(key, last)) return box.redraw();
      last = key;
      const at = [...chips.children].findIndex((one) => one.contains(document.activeElement));
      fill(chips, list.map((_, index) => chip(f, list, index, now.at?.includes(index), act)));
      if (at >= 0) act.focus(Math.min(at, list.length - 1));
      box.redraw();
    },
  };
}

// ---- the widget "field" ----

// Why this cannot be edited, if so. A reason that many fields share stands behind a button.
function lockLine(model, id, life) {
  const { h, icon, fill, attr } = lib, node = h(".pw-locked", { id }), why = h("span.pw-why", { id: `${id}-w`, hidden: true });
  const opener = lib.button("link", ["Why?", lib.spoken(` (${model.get("label")})`)], () => { why.hidden = !why.hidden; attr(opener, { "aria-expanded": !why.hidden }); }, { "aria-expanded": false, "aria-controls": why.id });
  lib.follow(model, ["locked", "reason"], () => {
    const locked = model.get("locked"), reason = model.get("reason");
    fill(why, reason);
    fill(node, locked && [icon("lock"), h("span", locked), reason && opener, reason && why]);
  }, life);
  return node;
}

// What stands under a field's input: problems, the reason of a lock, help, the value before.
function fieldNotes(model, id, life) {
  const { h, fill } = lib, hint = model.get("hint"), was = h("span.pw-was"), [wrong, advice] = ["a", "d"].map((part) => h("div", { "aria-live": "polite", id: `${id}-${part}` }));
  const help = lib.helpLine(model.get("label"), model.get("help"), model.get("more"), hint && h("span.pw-hint", hint), was);
  help.id = `${id}-b`;
  lib.follow(model, ["advice"], () => fill(advice, lib.problemList(model.get("advice"), model)), life);
  return {
    nodes: [wrong, advice, lockLine(model, `${id}-l`, life), help],
    show(entry, form) {
      fill(was, entry.changed && ["Was ", h("b", entry.was ?? "not set"), ". "], entry.force);
      fill(wrong, lib.problemList(entry.problems, form));
    },
  };
}

// The button of a field that has a panel (`panel`: its words), which opens and closes it under the field; null for the others.
function panelOf(model, el, life) {
  if (!model.get("panel")) return null;
  const into = lib.h(".pw-under", { id: lib.fresh() });
  const opener = lib.button("link.pw-compare", [lib.icon("chevron"), model.get("panel"), lib.spoken(` for ${model.get("label")}`)], () => model.send({ do: "panel" }), { "aria-controls": into.id });
  el.append(into);
  lib.childViews(model, into, life);
  lib.follow(model, ["children"], () => lib.attr(opener, { "aria-expanded": !!model.get("children")?.length }), life);
  return opener;
}

function field({ model, el }) {
  const { h, fill, attr } = lib, life = lib.begin(el, "field", model), id = lib.fresh(), label = model.get("label"), input = model.get("input");
  const main = h(".pw-main"), pills = h("span.pw-pills"), kept = h(".pw-help", { id: `${id}-e` }), notes = fieldNotes(model, id, life), value = () => model.get("value") ?? null;
  let control, form, entry = {}, built = "", shared, from = "";
  const listed = model.get("catalog") ? supply(model, life, () => show()) : null;
  // Why a list could not be read stays under the field until it can be.
  const show = () => {
    const refusal = !model.get("locked") && listed?.refusal();
    control.show(value(), entry);
    fill(kept, refusal && h("span", refusal));
  };
  const rows = () => listed?.rows() ?? (from ? shared?.get("rows") : model.get("choices")) ?? [];
  const load = (found) => {
    shared = found;
    if (!life.signal.aborted) lib.follow(found, ["rows"], show, life);
  };
  const commit = (next) => {
    if (!same(next, value())) lib.save(model, "value", next);
    show();
  };
  el.append(h(".pw-row", h(".pw-label", h("label", { for: id }, label), h("code", model.get("api"))), main, h(".pw-side", pills, lib.dots(model, life))));
  notes.nodes.splice(1, 0, panelOf(model, el, life), kept);
  // A control is made anew when it must be another one, and not while the person is in it.
  const build = () => {
    const locked = model.get("locked"), many = model.get("choices").length;
    if (model.get("choices_from") !== from) {
      from = model.get("choices_from");
      if (from) model.widget_manager.get_model(lib.idOf(from)).then(load);
    }
    const suggests = !locked && !!(from || many || listed), type = controlOf({ input, locked, many, from }), key = `${type} ${suggests} ${locked}`;
    if (key === built) return show();
    if (main.contains(document.activeElement)) return main.addEventListener("focusout", build, { once: true });
    built = key;
    control = { list: listControl, select: selectControl, box: textControl }[type]({ id, label, input, locked, life, commit, rows, suggests, supply: suggests ? listed : null });
    fill(main, control.node, notes.nodes);
    mark();
  };
  const mark = () => {
    fill(pills, marks(entry));
    attr(control.input, { "aria-invalid": entry.problems?.some(({ severity }) => severity === "error") ?? false, "aria-describedby": [`${id}-a ${id}-d ${id}-e ${id}-l ${id}-b`, control.also].flat().filter(Boolean).join(" ") });
    notes.show(entry, form);
    show();
  };
  lib.follow(model, ["choices", "choices_from", "locked"], build, life);
  lib.listen(model, "change:value", show, life);
  lib.onBoard(model, el, (board, root) => {
    form = root;
    const path = model.get("path"), next = { ...entryOf(board, path, input === "list"), unset: unset(board, path) };
    if (same(next, entry)) return;
    entry = next;
    mark();
  }, life);
  return life.end;
}

// ---- the widget "items" ----

// "Paste several…": a text area whose text goes to the kernel as it is. It stays open until items come of it (`taken`), and says
// why when a notice of the form is the answer instead.
function pasting(model, label, begun, life) {
  const { h, fill, button } = lib, id = lib.fresh(), wrong = h("div");
  const area = h("textarea.pw-input", { id, rows: 5, spellcheck: "false", "aria-describedby": `${id}-a`, oninput: () => { asked = false; } });
  let asked = false;
  const show = (open) => {
    asked = false;
    area.value = "";
    fill(wrong);
    box.hidden = !open;
    opener.hidden = open;
    (open ? area : opener).focus();
  };
  const send = () => {
    if (asked || !area.value.trim()) return area.focus();
    asked = true;
    begun();
    model.send({ do: "paste", text: area.value });
  };
  const opener = button("link", ["Paste several…", lib.spoken(` for ${label}`)], () => show(true));
  const shut = () => show(false), acts = h(".pw-acts", button("button", "Add them", send), button("button", "Cancel", shut));
  const box = h(".pw-paste", { hidden: true }, h("label", { for: id }, `${label}, several at once`), h(".pw-box", area), h("div", { id: `${id}-a` }, wrong, lib.helpLine(label, model.get("paste_hint"))), acts);
  lib.keys(box, { Escape: shut });
  lib.onForm(model, ["notice"], (form) => {
    const { severity, text } = form.get("notice") ?? {};
    if (!asked || !text) return;
    asked = false;
    fill(wrong, lib.problemList([{ severity, message: text }]));
    area.focus();
  }, life);
  return { nodes: [opener, box], taken: () => { if (asked) shut(); } };
}

function items({ model, el }) {
  const { h, attr, fill, icon, button } = lib, life = lib.begin(el, "items", model), label = model.get("label"), kinds = model.get("kinds");
  const told = h("span.pw-summary"), pills = h("span.pw-pills"), wrong = h("div", { "aria-live": "polite" }), parts = h(".pw-parts");
  const ids = () => model.get("children").map(lib.idOf);
  let wanted = -1;
  const ask = (kind) => { wanted = ids().length; model.send({ do: "add", kind }); };
  const add = button("button.pw-add", [icon("plus"), "Add"], kinds.length ? null : () => ask(), { "aria-label": `Add to ${label}` });
  const paste = model.get("paste_hint") && pasting(model, label, () => { wanted = ids().length; }, life);
  const tools = (id) => {
    const tool = (name, sign, act) => button("tool", icon(sign), ({ currentTarget }) => { if (currentTarget.ariaDisabled !== "true") act(ids().indexOf(id)); }, { title: name });
    const move = (by) => (index) => { lib.say(`Position ${index + by + 1} of ${ids().length}`); model.send({ do: "move", index, to: index + by }); };
    return h(".pw-item-tools", tool("Move up", "up", move(-1)), tool("Move down", "low", move(1)), tool("Remove", "cross", (index) => {
      wanted = Math.min(index, ids().length - 2);
      add.focus();
      lib.say("Removed");
      model.send({ do: "remove", index });
    }));
  };
  const settle = (entries) => entries.forEach(({ box }, index) => {
    attr(box, { "aria-label": `${label}, ${index + 1} of ${entries.length}` });
    [...box.querySelector(".pw-item-tools").children].forEach((tool, at) => attr(tool, { "aria-label": `${tool.title}: ${label} ${index + 1}`, "aria-disabled": index === [0, entries.length - 1][at] }));
  });
  el.append(h(".pw-items-head", h(".pw-label", h("b", label), h("code", model.get("api"))), told, pills, lib.dots(model, life)),
    lib.helpLine(label, model.get("help"), model.get("more")), wrong, lockLine(model, lib.fresh(), life), parts, h(".pw-adder", kinds.length ? lib.menu(add, "Kind", () => kinds, ask, life) : add, paste?.nodes));
  attr(el, { role: "group", "aria-label": label });
  lib.childViews(model, parts, life, { wrap: (id) => h(".pw-item", { role: "group" }, tools(id)), change: settle });
  lib.listen(model, "change:children", () => {
    paste?.taken();
    if (ids()[wanted]) lib.goTo(el, `${model.get("path")}[${wanted}]`, life);
    wanted = -1;
  }, life);
  lib.follow(model, ["state", "children"], () => {
    fill(told, { absent: "not set", empty: "explicitly empty" }[model.get("state")] ?? lib.count(ids().length, "item"));
  }, life);
  lib.onBoard(model, el, (board, form) => {
    const path = model.get("path"), entry = { ...board[path], unset: unset(board, path) };
    fill(pills, marks(entry));
    fill(wrong, lib.problemList(entry.problems, form));
  }, life);
  return life.end;
}

export default {
  initialize() {
    Promise.all([need("lib"), need("searching")]).then((found) => {
      [lib, { searchBox, filterRows, typedValue, LESS }] = found;
      lib.provide({ field, items });
    });
  },
};
