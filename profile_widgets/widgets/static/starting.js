// What is in the closed part "Start from another": where settings are copied from ("starting"), which of them, and how.

const slot = (globalThis[Symbol.for("pw.@KIT@")] ??= { kinds: {}, open: {} });
const need = (kind) => (slot.kinds[kind] ??= new Promise((done) => { slot.open[kind] = done; }));
let lib, app, parts;

// ---- pure functions ----

// What the copy button says, and why it does nothing ("" when it works), for the rows that are ticked.
export function copyWords(rows, { into, stop }) {
  const ticked = rows.length, text = `Copy ${ticked === 1 ? "1 part" : `${ticked} parts`} into ${into || "the form"}`;
  if (stop) return { text, reason: stop };
  if (!ticked) return { text: "Copy", reason: "Tick what shall be copied." };
  return { text, reason: rows.some(({ changes }) => changes) ? "" : `The form of ${into} holds all of it already.` };
}

// What copying a part does here, in words.
export function effectWords({ changes, reason }, way) {
  if (reason) return reason;
  if (changes == null) return "";
  if (!changes) return way === "add" ? "nothing to add" : "same as here";
  return changes === 1 ? "1 change" : `${changes} changes`;
}

// The rows that are ticked: as the person left them, else as the kernel proposes.
export const tickedOf = (rows, ticks) => rows.filter(({ name, on, reason }) => !reason && (ticks[name] ?? on));

// What the two ways do: of a stored profile nothing can be taken out.
export const waysFor = (create) => [
  ["replace", "Replace", `These parts become as they are there.${create ? "" : " What is stored here besides stays: AWS unsets nothing that is left out."}`],
  ["add", "Add", "Only what is not set here yet is copied."],
];

// ---- parts ----

// The element that fits `what` and is nearest to `el`: another editor may be on the page.
function near(el, what) {
  for (let at = el; at; at = at.parentElement) {
    const found = at.querySelector(what);
    if (found) return found;
  }
  return null;
}

// Choices of which one holds, each with a line about it: {node, show(rows, chosen)}; rows are [value, words, about].
function radios(label, choose, look) {
  const { h, fill } = lib, name = lib.fresh(), node = h(`.pw-radios.${look}`, { role: "radiogroup", "aria-label": label });
  const row = ([value, words, about], at) => {
    const id = `${name}-${at}`, input = h("input", { type: "radio", name, value, onchange: () => choose(value), "aria-describedby": about && id });
    return h("label.pw-radio", input, h("span", h("span", words), about && h("small", { id }, about)));
  };
  return {
    node,
    show(rows, chosen) {
      app.once(node, rows, () => fill(node, rows.map(row)));
      for (const input of node.querySelectorAll("input")) input.checked = input.value === chosen;
    },
  };
}

// What the source offers, with a box before each part: {node, show(state), names()}. What is ticked is the page's own until another source is read.
function partList(onhold) {
  const { h, fill, button } = lib, id = lib.fresh(), title = h("h3", { id }), hint = h("p.pw-help"), said = h("div"), list = h("ul.pw-ticks", { "aria-labelledby": id }), bulk = h(".pw-bulk");
  const node = h(".pw-offer", h(".pw-tab-bar", title, bulk), hint, said, list);
  let rows = [], ticks = {}, shown = new Set(), serial, way, boxes = {};
  const all = (yes) => { for (const { name, reason } of rows) ticks[name] = yes && !reason; draw(); };
  const build = ({ name, label, words, reason }) => {
    const told = `${id}-${name}`, effect = h("span.pw-effect"), moves = h("ul.pw-moves", { id: `${told}-a`, "aria-label": `What copying ${label} changes` }), tick = h("input", { type: "checkbox", disabled: !!reason, "aria-describedby": told, onchange: () => { ticks[name] = tick.checked; draw(); } });
    boxes[name] = { tick, effect, moves, label };
    return h(`li${reason ? ".pw-blocked" : ""}`, h("label.pw-check", tick, h("span", label)), h("span.pw-holds", h("span", { id: told }, words), effect), moves);
  };
  const toggle = (name) => {
    if (!shown.delete(name)) shown.add(name);
    draw();
  };
  const move = ([label, before, after]) => h("li", label && `${label}: `, h("span.pw-mono", before), lib.spoken(" becomes "), h("span", { "aria-hidden": true }, " → "), h("span.pw-mono", after));
  const draw = () => {
    const on = new Set(tickedOf(rows, ticks).map(({ name }) => name));
    for (const row of rows) {
      const { tick, effect, moves, label } = boxes[row.name], words = effectWords(row, way), open = shown.has(row.name) && row.moves?.length > 0;
      tick.checked = on.has(row.name);
      app.once(effect, [words, !!row.moves?.length], () => fill(effect, row.moves?.length ? button("link.pw-disclose", [lib.icon("chevron"), words], () => toggle(row.name), { "aria-controls": moves.id, "aria-label": `${words} in ${label}` }) : words));
      if (row.moves?.length) lib.attr(effect.firstChild, { "aria-expanded": open });
      moves.hidden = !open;
      app.once(moves, open ? row.moves : null, () => fill(moves, open && row.moves.map(move)));
    }
    onhold();
  };
  fill(bulk, button("link", "All", () => all(true), { "aria-label": "Tick all parts" }), button("link", "None", () => all(false), { "aria-label": "Tick no part" }));
  return {
    node, ticked: () => tickedOf(rows, ticks),
    show({ source, parts: next, way: how }, problems) {
      node.hidden = !source;
      if (!source) return;
      if (serial !== source.serial) {
        ticks = {};
        shown.clear();
        lib.say(`${lib.count(next.length, "part")} to copy`);
      }
      serial = source.serial;
      rows = next;
      way = how;
      fill(title, `From ${source.title}`);
      fill(hint, source.hint && h("span", source.hint));
      app.once(said, source.rows, () => fill(said, problems(source.rows)));
      app.once(list, [serial, rows.map(({ name, label, words, reason }) => [name, label, words, reason])], () => { boxes = {}; fill(list, rows.map(build)); });
      bulk.hidden = rows.length < 2;
      draw();
    },
  };
}

const KINDS = [["profile", "Another profile"], ["domain", "The domain's defaults"], ["preset", "A preset"], ["organisation", "Your organisation's values"]];

function starting({ model, el }) {
  const { h, fill } = lib, life = lib.begin(el, "starting", model), id = lib.fresh(), state = () => model.get("state") ?? {}, send = (message) => model.send(message);
  const kinds = radios("Copy settings from", (value) => send({ do: "kind", value }), "pw-kinds"), ways = radios("How", (value) => send({ do: "way", value }), "pw-ways");
  const presets = radios("Preset", (value) => send({ do: "preset", value }), "pw-presets"), broken = h("div"), choosers = h(".pw-flow-row");
  const report = parts.reportPart(model), offer = partList(() => words()), reason = h("span.pw-reason", { id }), wait = h("p.pw-wait", { role: "status" });
  let asked = false, seen = "null";
  const file = lib.button("link", "A file, or a text? Load a request", () => {
    send({ do: "file" });
    near(el, ".pw-loader .pw-opener")?.focus();
  });
  const look = lib.button("link", "See the changes", () => {
    const title = near(el, ".pw-review h2");
    title?.focus({ preventScroll: true });
    if (title) lib.scrollTo(title, "start");
  });
  const copy = lib.button("button.pw-primary", "", () => {
    if (copy.getAttribute("aria-disabled") === "true") return;
    asked = true;
    send({ do: "copy", names: offer.ticked().map(({ name }) => name) });
  }, { "aria-describedby": id });
  const words = () => {
    const told = copyWords(offer.ticked(), state());
    fill(copy, told.text);
    fill(reason, told.reason);
    lib.attr(copy, { "aria-disabled": !!told.reason });
  };
  const last = h(".pw-last", ways.node, h(".pw-acts", copy, reason, look));
  el.append(h(".pw-from", kinds.node, file), choosers, presets.node, broken, wait, offer.node, last, report.node);
  lib.childViews(model, choosers, life);
  lib.follow(model, ["state"], () => {
    const { kind, busy, presets: shelf = [], broken: bad = [], way, report: said = null } = state(), key = JSON.stringify(said);
    kinds.show(KINDS.filter(([one]) => state().kinds?.includes(one) ?? one !== "organisation"), kind);
    ways.show(waysFor(state().create), way);
    presets.show(shelf.map(({ name, title, about }) => [name, title, about]), shelf.find(({ chosen }) => chosen)?.name);
    presets.node.hidden = broken.hidden = kind !== "preset";
    choosers.hidden = kind === "preset" || kind === "organisation";
    app.once(broken, bad, () => fill(broken, lib.problemList(bad.map((message) => ({ severity: "warning", message })))));
    fill(wait, busy && [lib.icon("working"), busy]);
    offer.show({ parts: [], ...state() }, (rows) => lib.problemList(rows, model, parts.goLink(model)));
    last.hidden = !state().parts?.length;
    words();
    look.hidden = said?.severity !== "success";
    if (key === seen && !asked) return;
    report.show(said, asked && el.matches(":focus-within"));
    if (said) asked = false;
    seen = key;
  }, life);
  return life.end;
}

export default {
  initialize() {
    Promise.all([need("lib"), need("sharing"), need("paneling")]).then((found) => {
      [lib, app, parts] = found;
      lib.provide({ starting });
    });
  },
};
