// What all widgets of the kit share: elements, child views, floating lists, menus, theme. Parts meet in the slot: `kinds` holds a
// promise for each, `open` fulfils those that wait. All text reaches the page as text nodes, through `h`.
const slot = (globalThis[Symbol.for("pw.@KIT@")] ??= { kinds: {}, open: {} });

function provide(parts) {
  for (const [kind, part] of Object.entries(parts)) {
    slot.open[kind]?.(part);
    slot.kinds[kind] ??= Promise.resolve(part);
  }
}

// ---- pure functions ----
// Whether a computed colour ("rgb(...)" or "color(srgb ...)") is dark; null when it is transparent or not understood.
export function isDark(color) {
  const [red, green, blue, alpha] = String(color).match(/[\d.]+/g)?.map(Number) ?? [];
  if (blue === undefined || alpha === 0) return null;
  return (0.299 * red + 0.587 * green + 0.114 * blue) * (color.startsWith("color(") ? 255 : 1) < 128;
}

// "1 problem", "2 problems".
export const count = (number, word) => `${number} ${word}${number === 1 ? "" : "s"}`;

// Whether the board's path `key` is `path` or lies under it.
export const under = (path, key) => path === "" || key === path || (key.startsWith(path) && ".[".includes(key[path.length]));

// The paths that a section, field or list speaks for.
const places = (model) => (model.get("covers")?.length ? model.get("covers") : [model.get("path")]);

// Whether a form that shows parts `only` (null: all; {paths}) shows something at, over or under one of these paths.
export const shows = (only, paths) => !only || paths.some((path) => only.paths.some((one) => under(path, one) || under(one, path)));

// What a closed section says of its part of the board: {text, changed, error, warning}. What lies inside an item of a list
// (`inner`) counts for the sections of that item alone: its list speaks for it elsewhere.
export function summary(board, paths) {
  const seen = { set: 0, domain: 0, empty: 0, changed: 0, error: 0, warning: 0, information: 0 };
  for (const [key, entry] of Object.entries(board)) {
    const path = paths.find((one) => under(one, key));
    if (path === undefined) continue;
    for (const { severity, passing } of entry.problems ?? []) seen[severity] += passing ? 0 : 1;
    if (entry.inner && !path.includes("[")) continue;
    if (entry.origin in seen) seen[entry.origin] += 1;
    if (entry.changed) seen.changed += 1;
  }
  const { set, domain, empty, changed, error, warning } = seen;
  const said = [set && `${set} set here`, empty && `${empty} explicitly empty`, domain && `${domain} from the domain`].filter(Boolean);
  const text = said.length === 1 && domain ? "from the domain" : said.join(", ") || "nothing set";
  return { text, changed, error, warning };
}

// Where a floating box goes: under its anchor, or above when there is more room; inside the window in both directions.
export function spot(anchor, { offsetWidth: width, offsetHeight: height }, { innerWidth, innerHeight }, alignEnd) {
  const below = innerHeight - anchor.bottom - 8, above = anchor.top - 8;
  const up = below < Math.min(height, 260) && above > below;
  const maxHeight = Math.max(96, Math.min(360, up ? above : below));
  const left = Math.max(8, Math.min(alignEnd ? anchor.right - width : anchor.left, innerWidth - width - 8));
  return { left, top: up ? anchor.top - Math.min(height, maxHeight) - 4 : anchor.bottom + 4, maxHeight };
}

// The model id in a widget reference ("IPY_MODEL_<id>" or a bare id).
export const idOf = (reference) => String(reference).replace(/^IPY_MODEL_/, "");

// ---- elements ----
const RING = "M8 1.8a6.2 6.2 0 1 0 .01 0z";
const ICONS = {
  check: "M3 8.5 6.5 12 13 4.5",
  chevron: "M6 3.5 10.5 8 6 12.5", down: "M3.5 6 8 10.5 12.5 6", cross: "M4.5 4.5l7 7M11.5 4.5l-7 7",
  plus: "M8 3v10M3 8h10", up: "M8 13V3M4 7l4-4 4 4", low: "M8 3v10M4 9l4 4 4-4", left: "M10 3.5 5.5 8 10 12.5",
  dots: "M3 8h.01M8 8h.01M13 8h.01", warning: "M8 2 1.5 13.5h13zM8 6.3v3.4M8 11.5h.01",
  error: `${RING}M8 4.8v3.8M8 11.1h.01`, information: `${RING}M8 7.4v3.8M8 4.9h.01`, lock: "M4 7.5h8v6H4zM5.5 7.5V5a2.5 2.5 0 0 1 5 0v2.5",
};

// Set attributes and `on<event>` listeners; null and false take an attribute away, except that aria's say "false".
function attr(node, props) {
  for (const [name, value] of Object.entries(props)) {
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (value == null || (value === false && !name.startsWith("aria-"))) node.removeAttribute(name);
    else node.setAttribute(name, value);
  }
  return node;
}

// Put these children, and no others, into a node: strings become text; null, false, 0 and "" are skipped.
function fill(node, ...kids) {
  node.replaceChildren(...kids.flat(9).filter(Boolean));
  return node;
}

// Make an element from "tag.class.class", attributes (may be left out) and children.
function h(spec, props, ...kids) {
  const [tag, ...names] = spec.split("."), plain = props?.constructor === Object;
  const node = fill(document.createElement(tag || "div"), plain ? [] : [props], kids);
  if (names.length) node.className = names.join(" ");
  return plain ? attr(node, props) : node;
}

function icon(name) {
  if (name === "working") return h("span.pw-spin", { "aria-hidden": true });
  const make = (tag, props) => attr(document.createElementNS("http://www.w3.org/2000/svg", tag), props);
  const svg = make("svg", { viewBox: "0 0 16 16", class: `pw-icon pw-i-${name}`, "aria-hidden": true });
  svg.append(make("path", { d: ICONS[name] }));
  return svg;
}

// A button of a class ("link", "button", "tool" ...), what is in it and what it does.
const button = (look, content, onclick, props = {}) => attr(h(`button.pw-${look}`, { type: "button", onclick }, content), props);

// Keys a node takes: {key: act(event)}; an act that returns false leaves the key to others.
function keys(node, acts) {
  node.addEventListener("keydown", (event) => {
    if (event.isComposing || !acts[event.key] || acts[event.key](event) === false) return;
    event.preventDefault();
    event.stopPropagation();
  });
}

const fresh = () => `pw-${slot.ids = (slot.ids ?? 0) + 1}`;
const pill = (tone, text, sign) => h(`span.pw-pill.pw-${tone}`, sign && icon(sign), text);

// Words that only a screen reader speaks.
const spoken = (text) => h("span.pw-sr", text);

// Have a screen reader say something, when it has time.
function say(text) {
  if (!slot.voice?.isConnected) document.body.append(slot.voice = h(".pw-sr", { role: "status" }));
  fill(slot.voice, text);
}

// Problems in words, each with its sign: never by colour alone. The kernel's `model` hears which of their fixes is pressed; the
// focus goes to the field before its problem leaves.
const problemList = (problems, model, also) => problems?.length && h("ul.pw-problems", problems.map((one) => (
  h(`li.pw-say-${one.severity}`, icon(one.severity), h("span", spoken(`${one.severity}: `), one.message, " ", also?.(one), one.fixes?.map(([id, label]) => (
    button("fix", label, ({ target }) => { target.closest("[data-path]")?.querySelector(FOCUS)?.focus(); model.send({ do: "fix", id }); })
  ))))
)));

function notice(box, said) {
  box.hidden = !said;
  if (!said) return;
  box.className = `pw-notice pw-say-${said.severity}`;
  attr(box, { role: said.severity === "error" ? "alert" : "status" });
  fill(box, icon(ICONS[said.severity] ? said.severity : "information"), h("div", said.title && h("strong", `${said.title} `), said.text));
}

// A sentence of help and a button that shows the rest.
function helpLine(name, help, more, ...rest) {
  const id = fresh(), long = h(".pw-more", { id, hidden: true }, more);
  const show = (word) => attr(fill(toggle, word), { "aria-label": `${word} about ${name}`, "aria-expanded": !long.hidden });
  const toggle = button("link", "", () => { long.hidden = !long.hidden; show(long.hidden ? "more" : "less"); }, { "aria-controls": id });
  show("more");
  return h(".pw-help", help && h("span", help), rest, more && [toggle, long]);
}

// ---- life of a view ----
// Prepare a root element; the returned controller ends with the view: `render` returns its `end`.
function begin(el, kind, model) {
  const life = new AbortController();
  el.classList.add("pw", `pw-${kind}`);
  life.end = () => life.abort();
  life.after = (act) => life.signal.addEventListener("abort", act);
  theme(el, life);
  follow(model, ["path"], () => attr(el, { "data-path": model.get("path") || null }), life);
  // JupyterLab takes letters as commands unless the very node that has the focus says no.
  el.addEventListener("focusin", (event) => attr(event.target, { "data-lm-suppress-shortcuts": true }));
  return life;
}

const listen = (model, event, act, life) => { model.on(event, act); life.after(() => model.off(event, act)); };

// Run `draw` now and whenever one of the traits changes.
function follow(model, traits, draw, life) {
  for (const trait of traits) listen(model, `change:${trait}`, draw, life);
  draw();
}

const save = (model, trait, value) => { model.set(trait, value); model.save_changes(); };

// Call `draw(form)` with the model of the root form, now and when one of its traits changes.
async function onForm(model, traits, draw, life) {
  const form = await model.widget_manager.get_model(idOf(model.get("_form")));
  if (!life.signal.aborted) follow(form, traits, () => draw(form), life);
}

// Whether a form shows a part; what has the focus stays until it is left.
const seen = (form, model, el) => shows(form.get("only"), places(model)) || el.contains(document.activeElement);

// Call `draw(board, form)`, and hide a part that the form does not show now.
const onBoard = (model, el, draw, life) => onForm(model, ["board", "only"], (form) => {
  el.hidden = !seen(form, model, el);
  draw(form.get("board"), form);
}, life);

// Keep `into` showing the views of the model's `children`, in order; views that stay keep their elements, state and focus.
function childViews(model, into, life, { wrap = () => h(".pw-child"), change } = {}) {
  const kept = new Map();
  async function show(entry, id) {
    try {
      entry.model = await model.widget_manager.get_model(id);
      entry.view = await model.widget_manager.create_view(entry.model);
      if (entry.gone) return entry.view.remove();
      entry.box.append(entry.view.el);
    } catch (error) {
      console.error(error);
      entry.box.append(h("p.pw-say-error", "This part could not be shown. Reload the page."));
    }
    change?.([...kept.values()]);
  }
  function drop(id, entry) {
    entry.gone = true;
    entry.view?.remove();
    entry.box.remove();
    kept.delete(id);
  }
  function sync() {
    const ids = (model.get("children") ?? []).map(idOf), focus = document.activeElement;
    for (const [id, entry] of [...kept]) if (!ids.includes(id)) drop(id, entry);
    ids.forEach((id, at) => {
      const entry = kept.get(id) ?? { box: wrap(id) };
      kept.delete(id);
      kept.set(id, entry);
      if (into.children[at] !== entry.box) into.insertBefore(entry.box, into.children[at] ?? null);
      entry.shown ??= show(entry, id);
    });
    if (focus !== document.activeElement && into.contains(focus)) focus.focus({ preventScroll: true });
    change?.([...kept.values()]);
  }
  follow(model, ["children"], sync, life);
  life.after(() => [...kept].forEach(([id, entry]) => drop(id, entry)));
}

// ---- light and dark ----
function pageIsDark() {
  const probe = h("i", { hidden: true }), color = (node, name) => isDark(getComputedStyle(node)[name]);
  document.body.append(probe);
  probe.style.color = "var(--jp-layout-color0, transparent)";
  const dark = color(probe, "color") ?? color(document.body, "backgroundColor") ?? color(document.documentElement, "backgroundColor");
  probe.remove();
  return dark;
}

// Give the root the class of a dark page, and again when the page's theme changes.
function theme(el, life) {
  if (!slot.roots) {
    slot.roots = new Set();
    const paint = () => {
      slot.dark = pageIsDark();
      for (const root of slot.roots) root.classList.toggle("pw-dark", slot.dark);
    };
    const eye = new MutationObserver(() => { paint(); setTimeout(paint, 400); });
    for (const node of [document.body, document.documentElement]) eye.observe(node, { attributes: true });
    paint();
  }
  slot.roots.add(el);
  el.classList.toggle("pw-dark", slot.dark);
  life.after(() => {
    slot.roots.delete(el);
    if (!slot.roots.size) slot.voice?.remove();
  });
}

// ---- what floats ----
// Show `node` beside `anchor` in the browser's top layer, so that no output area cuts it off.
function float(anchor, node, life, { wide, alignEnd, onhide }) {
  let open = null;
  const move = () => {
    const box = anchor.getBoundingClientRect(), style = node.style;
    if (wide) style.width = `${box.width}px`;
    style.maxHeight = "";
    const at = spot(box, node, window, alignEnd);
    for (const side in at) style[side] = `${at[side]}px`;
  };
  const hide = () => {
    if (!open) return;
    open.abort();
    open = null;
    node.hidden = true;
    node.hidePopover?.();
    onhide();
  };
  const show = () => {
    if (open) return move();
    open = new AbortController();
    const how = { capture: true, passive: true, signal: open.signal }, inside = (event) => node.contains(event.target);
    node.hidden = false;
    node.showPopover?.();
    move();
    addEventListener("resize", move, how);
    addEventListener("scroll", (event) => { if (!inside(event)) move(); }, how);
    document.addEventListener("pointerdown", (press) => { if (!inside(press) && !anchor.contains(press.target)) hide(); }, how);
  };
  life.after(hide);
  return { show, hide, get open() { return open !== null; } };
}

// Turn `opener` into a menu button. `items()` gives [action, label, reason why it is not possible or ""]; `choose(action)` acts.
function menu(opener, name, items, choose, life) {
  const list = h(".pw-pop.pw-menu", { role: "menu", "aria-label": name, popover: "manual", hidden: true });
  const box = float(opener, list, life, { alignEnd: true, onhide: () => attr(opener, { "aria-expanded": false }) });
  const rows = list.children, at = () => [...rows].indexOf(document.activeElement), step = (to) => rows[(to + rows.length) % rows.length]?.focus();
  const shut = () => { box.hide(); opener.focus(); }, press = () => document.activeElement.click();
  const row = ([action, label, reason]) => h(".pw-menu-row", {
    role: "menuitem", tabindex: "-1", "aria-disabled": reason ? true : null, onclick: () => { if (!reason) { shut(); choose(action); } },
  }, h("span", label), reason && h("small", reason));
  const show = (first) => {
    fill(list, items().map(row));
    attr(opener, { "aria-expanded": true });
    box.show();
    step(first);
  };
  keys(list, {
    ArrowDown: () => step(at() + 1), ArrowUp: () => step(at() - 1), Home: () => step(0), End: () => step(-1), Escape: shut, Enter: press, " ": press,
    Tab: () => { shut(); return false; },
  });
  list.addEventListener("focusout", (event) => { if (!list.contains(event.relatedTarget)) box.hide(); });
  attr(opener, { "aria-haspopup": "menu", "aria-expanded": false, onclick: () => (box.open ? shut() : show(0)) });
  keys(opener, { ArrowDown: () => show(0), ArrowUp: () => show(-1) });
  return h("span.pw-menu-box", opener, list);
}

// The "..." button of a field or section; hidden while its menu is empty.
function dots(model, life) {
  const opener = button("dots", icon("dots"), null, { title: "Actions" });
  const box = menu(opener, "Actions", () => model.get("menu"), (action) => model.send({ do: action }), life);
  follow(model, ["menu", "title"], () => {
    box.hidden = !model.get("menu")?.length;
    attr(opener, { "aria-label": `Actions for ${model.get("title") ?? model.get("label")}` });
  }, life);
  return box;
}

// ---- where the focus goes ----
const FOCUS = ".pw-opener, .pw-input, .pw-add";
const scrollTo = (node, block) => node.scrollIntoView({ block, behavior: matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth" });

const lib = { provide, h, attr, fill, keys, icon, icons: ICONS, button, fresh, pill, spoken, say, count, idOf, problemList, notice, helpLine, begin, listen, follow, save, onForm, onBoard, childViews, float, menu, dots, scrollTo, FOCUS, summary, places, seen };

export default { initialize() { provide({ lib }); } };
