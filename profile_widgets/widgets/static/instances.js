// The widget "instances": instance types compared in a picture (memory against vCPU) and in a table, with filters for both.

const slot = (globalThis[Symbol.for("pw.@KIT@")] ??= { kinds: {}, open: {} });
const need = (kind) => (slot.kinds[kind] ??= new Promise((done) => { slot.open[kind] = done; }));
const STEPS = [2, 4, 8, 16, 32, 48, 64, 96, 128, 192], SIZES = [4, 8, 16, 32, 64, 128, 256, 512, 1024];
const KINDS = [["", "Any"], ["gpu", "With a GPU"], ["trainium", "With Trainium"], ["none", "Without either"]], MARKS = [["none", "CPU only"], ["gpu", "GPU"], ["trainium", "Trainium"]];
let lib;

// ---- pure functions ----

// A row of the kernel's as an object; null and "" are what is not known.
export function typeOf([name, family, purpose, vcpu, memory, kind, count, chip, each, disk, network, detail]) {
  const device = count ? `${count} × ${chip}` : "";
  return { name, family, purpose, vcpu, memory, kind: kind || "none", device, chip, total: count * each, disk, network, detail, text: `${name} ${purpose} ${detail} ${network}`.toLowerCase() };
}

// The types that all filters let through: every word of `text`, a family, a kind, at least so many vCPU and GiB.
export function matching(types, { text = "", family = "", kind = "", vcpu = 0, memory = 0 }) {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  return types.filter((one) => (!family || one.family === family) && (!kind || one.kind === kind) && (one.vcpu ?? 0) >= vcpu && (one.memory ?? 0) >= memory && words.every((word) => one.text.includes(word)));
}

// Names in the order that people expect: m5.2xlarge before m5.12xlarge.
const byName = (one, other) => one.name.localeCompare(other.name, "en", { numeric: true });

// A copy of `types` in the order of what `of` gives; what has no such figure comes last either way.
export function ordered(types, of, down) {
  const sign = down ? -1 : 1, missing = (value) => value == null || value === "";
  return types.slice().sort((one, other) => {
    const [first, second] = [of(one), of(other)];
    if (missing(first) || missing(second)) return missing(first) - missing(second) || byName(one, other);
    const by = typeof first === "number" ? first - second : first.localeCompare(second, "en", { numeric: true });
    return sign * by || (one.memory ?? 0) - (other.memory ?? 0) || byName(one, other);
  });
}

// Where the types with figures stand in a picture of this size: {points: [{one, x, y}], x(vcpu), y(memory), size}. Types of the same
// figures stand side by side, so that each can be pointed at, in rows no longer than the way from 48 to 64 vCPU: 6.3 % of the width.
export function placed(types, { width, height, left = 46, right = 26, top = 14, bottom = 38 }) {
  const known = types.filter((one) => one.vcpu && one.memory), logs = (of) => known.map((one) => Math.log2(of(one)));
  const axis = (values, from, to) => {
    const low = Math.min(...values), span = Math.max(...values) - low || 1;
    return (value) => from + ((Math.log2(value) - low) / span) * (to - from);
  };
  const step = Math.max(4.8, Math.min(9, width / 82)), pad = 2 * step;
  const most = Math.max(2, Math.min(6, Math.floor(((width - left - right - 2 * pad) * 0.063) / step)));
  const x = axis(logs((one) => one.vcpu), left + pad, width - right - pad), y = axis(logs((one) => one.memory), height - bottom - pad, top + pad), spots = new Map();
  for (const one of known) {
    const key = `${one.vcpu} ${one.memory}`;
    spots.set(key, [...(spots.get(key) ?? []), one]);
  }
  const points = [...spots.values()].flatMap((group) => {
    const columns = Math.min(most, group.length > 3 ? Math.ceil(group.length / 2) : group.length), rows = Math.ceil(group.length / columns);
    return group.map((one, index) => ({
      one, x: x(one.vcpu) + ((index % columns) - (columns - 1) / 2) * step, y: y(one.memory) + (Math.floor(index / columns) - (rows - 1) / 2) * step,
    }));
  });
  return { points, x, y, size: step * 0.42 };
}

// The point next to `from` in a direction (dx, dy: -1, 0 or 1); `from` itself when there is none.
export function toward(points, from, dx, dy) {
  let best = from, least = Infinity;
  for (const point of points) {
    const ahead = (point.x - from.x) * dx + (point.y - from.y) * dy, aside = Math.abs((point.x - from.x) * dy) + Math.abs((point.y - from.y) * dx);
    if (ahead > 0.5 && ahead + 2.5 * aside < least) [best, least] = [point, ahead + 2.5 * aside];
  }
  return best;
}

// The point under the pointer, or the nearest one up to `reach` pixels away; undefined when there is none.
export function nearest(points, x, y, reach) {
  let best, least = reach;
  for (const point of points) {
    const far = Math.hypot(point.x - x, point.y - y);
    if (far <= least) [best, least] = [point, far];
  }
  return best;
}

// An amount of money, with `most` digits behind the point.
export function money(amount, currency, most = 4) {
  const digits = amount.toLocaleString("en-US", { minimumFractionDigits: Math.min(3, most), maximumFractionDigits: most });
  return currency === "USD" ? `$${digits}` : `${currency} ${digits}`;
}

// Everything that is known of a type, in a line.
export function told(one, rate, currency) {
  const disk = one.disk && `${one.disk.toLocaleString("en-US")} GB local disk`, price = rate != null && `${money(rate, currency)} an hour`;
  return [one.detail, one.purpose !== "GPU" && one.purpose, disk, one.network && `network ${one.network}`, price].filter(Boolean).join(" · ");
}

// Families for a list to choose from: [[purpose, [[family, words]]]], in the order of the types.
export function families(types) {
  const groups = new Map();
  for (const { family, purpose, chip } of types) {
    if (!purpose) continue;
    const group = groups.get(purpose) ?? new Map();
    groups.set(purpose, group.set(family, chip ? `${family} · ${chip}` : family));
  }
  return [...groups].map(([purpose, group]) => [purpose, [...group]]);
}

// ---- parts ----

const svg = (tag, props, ...kids) => {
  const node = lib.attr(document.createElementNS("http://www.w3.org/2000/svg", tag), props);
  node.append(...kids.filter(Boolean));
  return node;
};

// The sign of a kind: a circle, a diamond or a triangle.
function sign(kind, size, props) {
  if (kind === "none") return svg("circle", { r: size, ...props });
  return svg("path", { d: kind === "gpu" ? `M0 ${-size * 1.25}L${size * 1.25} 0 0 ${size * 1.25} ${-size * 1.25} 0z` : `M0 ${-size * 1.25}L${size * 1.25} ${size}H${-size * 1.25}z`, ...props });
}

// The filters: {node, values(), clear()}; `onchange` hears of every change.
function filterPart(types, onchange) {
  const { h, button } = lib, boxes = {};
  const labelled = (name, label, control, box) => {
    boxes[name] = control;
    const id = lib.fresh();
    lib.attr(control, { id });
    return h(`.pw-filter.pw-by-${name}`, h("label", { for: id }, label), box);
  };
  const select = (name, label, options) => {
    const control = h("select.pw-input", { onchange }, options);
    return labelled(name, label, control, h(".pw-box.pw-select", control, lib.icon("down")));
  };
  const option = ([value, words]) => h("option", { value }, words), least = (values, unit) => [["", "Any"], ...values.map((one) => [one, `${one.toLocaleString("en-US")}${unit} or more`])].map(option);
  const text = h("input.pw-input", { type: "search", placeholder: "g5, A10G, burstable…", autocomplete: "off", spellcheck: "false", oninput: onchange });
  const clear = () => { for (const box of Object.values(boxes)) box.value = ""; onchange(); boxes.text.focus(); };
  lib.keys(text, { Escape: () => { if (!text.value) return false; text.value = ""; onchange(); } });
  const used = new Set(types.map((one) => one.kind)), undo = button("link", "Clear filters", clear);
  const node = h(".pw-filters", labelled("text", "Search", text, h(".pw-box", text)),
    select("family", "Family", [option(["", "All families"]), families(types).map(([purpose, group]) => h("optgroup", { label: purpose }, group.map(option)))]),
    select("kind", "GPU", KINDS.filter(([kind]) => !kind || used.has(kind)).map(option)), select("vcpu", "vCPU", least(STEPS, "")), select("memory", "Memory", least(SIZES, " GiB")));
  return {
    node, undo,
    values: () => Object.fromEntries(Object.entries(boxes).map(([name, { value }]) => [name, value.trim()])),
  };
}

// The picture. `at(type)` hears what is pointed at (null: nothing), `take(type)` what is chosen; `mark` shows one as pointed at.
function picturePart(types, { at, take, words }, life) {
  const { h, attr, fill } = lib, legend = h("ul.pw-legend", { role: "list" }), frame = svg("g", { "aria-hidden": true }), faint = svg("g", { "aria-hidden": true }), above = svg("g", { "aria-hidden": true });
  const list = svg("g", {}), image = svg("svg", { class: "pw-plot" }, frame, faint, list, above), node = h(".pw-picture", image, legend);
  const prefix = lib.fresh();
  let shown = [], state = {}, points = [], size = 4, active = null, width = 0, plan;
  const pointOf = (name) => plan?.points.find(({ one }) => one.name === name), look = (one) => `pw-mark pw-kind-${one.kind}${state.hidden.has(one.name) ? " pw-hollow" : ""}`;
  const ring = (name, kind) => {
    const point = pointOf(name);
    if (!point) return [];
    const end = point.x > width - 150, label = svg("text", { x: point.x + (end ? -12 : 12), y: point.y + 4, class: "pw-name", "text-anchor": end ? "end" : "start" }, name);
    return [svg("circle", { cx: point.x, cy: point.y, r: size + 4, class: `pw-ring ${kind}` }), label];
  };
  const overlay = () => {
    const chosen = state.value || state.inherited, other = active && active.name !== chosen && active.name;
    fill(above, chosen && ring(chosen, state.value ? "" : "pw-dashed"), other && ring(other, "pw-thin"));
    attr(list, { "aria-activedescendant": active && pointOf(active.name)?.id });
  };
  const mark = (one) => { active = one; overlay(); };
  const draw = () => {
    width = node.clientWidth || width;
    if (!width) return;
    const height = width < 480 ? 290 : 350, narrow = width < 480;
    plan = placed(types, { width, height });
    size = plan.size;
    attr(image, { viewBox: `0 0 ${width} ${height}`, width, height });
    const bottom = height - 38, line = (x1, y1, x2, y2) => svg("line", { x1, y1, x2, y2, class: "pw-grid" }), label = (x, y, text, anchor) => svg("text", { x, y, "text-anchor": anchor, class: "pw-tick" }, text);
    fill(frame,
      [2, 4, 8, 16, 32, 64, 128, ...(narrow ? [] : [48, 96, 192])].flatMap((value) => [line(plan.x(value), 14, plan.x(value), bottom), label(plan.x(value), bottom + 15, value, "middle")]),
      [1, 4, 16, 64, 256, 1024].flatMap((value) => [line(46, plan.y(value), width - 26, plan.y(value)), label(38, plan.y(value) + 4, value.toLocaleString("en-US"), "end")]),
      label(width - 26, height - 5, "vCPU", "end"), label(8, 10, "GiB of memory", "start"));
    const visible = new Set(shown);
    points = plan.points.filter(({ one }) => visible.has(one));
    for (const point of plan.points) point.id = `${prefix}-${point.one.name}`;
    fill(faint, plan.points.filter(({ one }) => !visible.has(one)).map(({ one, x, y }) => sign(one.kind, size, { transform: `translate(${x} ${y})`, class: "pw-mark pw-faint" })));
    fill(list, points.map(({ one, x, y, id }) => sign(one.kind, size, { id, transform: `translate(${x} ${y})`, class: look(one), role: "option", "aria-selected": one.name === state.value, "aria-label": words(one) })));
    attr(list, points.length ? { role: "listbox", tabindex: 0, "aria-label": "Instance types by vCPU and memory. Arrow keys walk, Enter chooses." } : { role: null, tabindex: null, "aria-label": null });
    if (active && !visible.has(active)) active = null;
    overlay();
    const kinds = new Set(types.map((one) => one.kind)), sample = (words_, part) => h("li", svg("svg", { viewBox: "-8 -8 16 16", width: 16, height: 16, "aria-hidden": true }, part), words_);
    fill(legend, MARKS.filter(([kind]) => kinds.has(kind)).map(([kind, name]) => sample(name, sign(kind, 4, { class: `pw-mark pw-kind-${kind}` }))),
      state.hidden.size > 0 && sample("hidden in Studio", sign("none", 4, { class: "pw-mark pw-kind-none pw-hollow" })),
      state.value && sample("chosen", svg("circle", { r: 6, class: "pw-ring" })), !state.value && state.inherited && sample("from the domain", svg("circle", { r: 6, class: "pw-ring pw-dashed" })));
  };
  const under = (event, reach) => {
    const box = image.getBoundingClientRect();
    return nearest(points, event.clientX - box.left, event.clientY - box.top, reach)?.one;
  };
  image.addEventListener("pointermove", (event) => { if (event.pointerType !== "touch") at(under(event, 14) ?? null); });
  image.addEventListener("pointerleave", () => at(null));
  image.addEventListener("click", (event) => { const one = under(event, 18); if (one) { at(one); take(one); } });
  const step = (dx, dy) => () => {
    const from = active && pointOf(active.name);
    at(from ? toward(points, from, dx, dy).one : (pointOf(state.value || state.inherited) ?? points[0]).one);
  };
  const end = (last) => () => at(ordered(points.map(({ one }) => one), (one) => one.memory, last)[0]);
  const choose = () => { if (active) take(active); };
  lib.keys(list, { ArrowLeft: step(-1, 0), ArrowRight: step(1, 0), ArrowUp: step(0, -1), ArrowDown: step(0, 1), Home: end(false), End: end(true), Enter: choose, " ": choose });
  list.addEventListener("focus", () => { if (!active) step(0, 0)(); });
  list.addEventListener("blur", () => at(null));
  const eye = new ResizeObserver(() => { if (node.clientWidth !== width) draw(); });
  eye.observe(node);
  life.after(() => eye.disconnect());
  return { node, mark, show(next, now) { shown = next; state = now; draw(); } };
}

// The columns of the table: [key, heading, what it sorts by, what a cell shows, class].
const COLUMNS = [
  ["name", "Type", (one) => one.name], ["vcpu", "vCPU", (one) => (one.name === "system" ? 0 : one.vcpu), (one) => one.vcpu, "pw-figure"],
  ["memory", "Memory, GiB", (one) => one.memory, (one) => one.memory?.toLocaleString("en-US"), "pw-figure"], ["device", "GPU", (one) => one.device, (one) => one.device],
  ["total", "GPU memory, GiB", (one) => one.total || null, (one) => one.total && one.total.toLocaleString("en-US"), "pw-figure.pw-less"],
  ["disk", "Local disk, GB", (one) => one.disk, (one) => one.disk?.toLocaleString("en-US"), "pw-figure.pw-spare"], ["network", "Network", (one) => one.network && parseFloat(one.network.replace(/[^\d.×]/g, "").split("×").reduce((product, part) => product * part, 1)), (one) => one.network, "pw-spare"],
];

// The table, the equal of the picture for who cannot see or point. Its buttons are one stop of the Tab key; arrows walk.
function tablePart({ at, take, locked }, life) {
  const { h, fill, button, pill } = lib, head = h("tr"), body = h("tbody");
  const node = h(".pw-types", { role: "region", "aria-label": "Table of instance types", tabindex: "0" }, h("table", h("caption.pw-sr", "Instance types. The buttons in the headings sort, the button in a row chooses its type."), h("thead", head), body));
  let shown = [], state = {}, sort = "vcpu", down = false, active = "";
  const columns = () => {
    const price = ["rate", `${state.currency} an hour`, (one) => state.rates[one.name], (one) => state.rates[one.name] != null && money(state.rates[one.name], state.currency, 3), "pw-figure"];
    return Object.keys(state.rates).length ? [...COLUMNS.slice(0, 3), price, ...COLUMNS.slice(3)] : COLUMNS;
  };
  const heading = ([key, words, , , look]) => h(`th${look ? `.${look}` : ""}`, { scope: "col", "aria-sort": key === sort ? (down ? "descending" : "ascending") : "none" },
    button("sort", [words, key === sort && lib.icon(down ? "low" : "up")], () => { [sort, down] = [key, key === sort && !down]; draw(); head.querySelector("[aria-sort=ascending] button, [aria-sort=descending] button")?.focus(); }));
  const buttons = () => [...body.querySelectorAll("button")];
  const walk = (to) => {
    const all = buttons(), one = all[Math.max(0, Math.min(all.length - 1, to(all.indexOf(document.activeElement), all.length)))];
    for (const each of all) each.tabIndex = each === one ? 0 : -1;
    one?.focus();
  };
  const row = (one) => {
    const chosen = one.name === state.value, opener = button("type", one.name, () => take(one), { "aria-pressed": chosen, "aria-disabled": !!locked(), onfocus: () => { active = one.name; at(one); }, tabindex: "-1" });
    const pills = [chosen && pill("set", "chosen"), !state.value && one.name === state.inherited && pill("plain", "from the domain"), state.hidden.has(one.name) && pill("plain", "hidden in Studio")];
    return h(`tr${chosen ? ".pw-chosen" : ""}`, { onpointerenter: () => at(one), onpointerleave: () => at(null) }, h("th", { scope: "row" }, opener, pills), columns().slice(1).map(([, , , cell, look]) => h(`td${look ? `.${look}` : ""}`, String(cell(one) || "–"))));
  };
  const draw = () => {
    const had = body.contains(document.activeElement), [, , of] = columns().find(([key]) => key === sort) ?? COLUMNS[1];
    fill(head, columns().map(heading));
    fill(body, ordered(shown, of, down).map(row), !shown.length && h("tr", h("td", { colspan: columns().length }, "No type fits these filters.")));
    const all = buttons(), stop = all.find((one) => one.textContent === active) ?? all.find((one) => one.ariaPressed === "true") ?? all[0];
    if (stop) stop.tabIndex = 0;
    if (had) stop?.focus();
  };
  lib.keys(body, { ArrowDown: () => walk((now) => now + 1), ArrowUp: () => walk((now) => now - 1), Home: () => walk(() => 0), End: () => walk((_, length) => length - 1) });
  // The chosen row is in sight as soon as there is something to be seen of the table.
  const eye = new ResizeObserver(() => {
    if (!node.clientHeight) return;
    eye.disconnect();
    node.scrollTop = (body.querySelector(".pw-chosen")?.offsetTop ?? 0) - 90;
  });
  eye.observe(node);
  life.after(() => eye.disconnect());
  return { node, show(next, now) { shown = next; state = now; draw(); } };
}

// ---- the widget ----

// The button for prices, and what there is to say of them.
function pricePart(model, life) {
  const { h, fill } = lib, said = h("span.pw-help", { role: "status" }), ask = lib.button("button", "Show prices", () => { if (ask.ariaDisabled !== "true") model.send({ do: "prices" }); });
  lib.follow(model, ["prices"], () => {
    const now = model.get("prices"), some = now && Object.keys(now.rates).length;
    ask.hidden = !now || !!some;
    if (!now) return;
    lib.attr(ask, { "aria-disabled": !!now.busy });
    fill(ask, now.note && !some ? "Ask for prices again" : "Show prices");
    fill(said, h("span", now.busy ? [lib.icon("working"), now.busy] : now.note));
  }, life);
  return h(".pw-prices", said, ask);
}

function instances({ model, el }) {
  const { h, fill } = lib, life = lib.begin(el, "instances", model), types = (model.get("rows") ?? []).map(typeOf), locked = () => model.get("locked");
  const found = h("span.pw-count"), facts = h("p.pw-facts-line"), system = h("p.pw-help"), hidden = h("p.pw-help"), lock = h(".pw-locked"), pictured = types.filter((one) => one.vcpu).length;
  const state = () => ({ value: model.get("value"), inherited: model.get("inherited"), hidden: new Set(model.get("hidden")), rates: {}, currency: "USD", ...model.get("prices") });
  const named = (name) => types.find((one) => one.name === name);
  const flags = (one, now) => [one.name === now.value && "chosen", now.hidden.has(one.name) && "hidden in Studio"].filter(Boolean);
  const words = (one) => [one.name, told(one, state().rates[one.name], state().currency), ...flags(one, state())].join(", ");
  const describe = (one) => {
    const now = state(), shown = one ?? named(now.value || now.inherited);
    fill(facts, shown ? [h("b", shown.name), ` ${[told(shown, now.rates[shown.name], now.currency), ...flags(shown, now)].join(" · ")}`] : "Point at a type to see what it has.");
  };
  const at = (one) => { picture.mark(one); describe(one); };
  const take = (one) => {
    if (locked()) return;
    lib.say(`${one.name} chosen`);
    model.send({ do: "choose", value: one.name });
  };
  let timer = 0;
  const draw = () => {
    const shown = matching(types, filters.values()), now = state(), some = shown.length < types.length;
    picture.show(shown, now);
    table.show(shown, now);
    describe(null);
    fill(found, some ? `${shown.length} of ${types.length} types` : `${types.length} types`);
    filters.undo.hidden = !some;
  };
  const filtered = () => {
    draw();
    clearTimeout(timer);
    timer = setTimeout(() => lib.say(found.textContent), 500);
  };
  const filters = filterPart(types, filtered), picture = picturePart(types, { at, take, words }, life), table = tablePart({ at, take, locked }, life);
  const leave = () => { el.closest(".pw-field")?.querySelector(".pw-compare")?.focus(); model.send({ do: "close" }); };
  const rest = types.length - pictured, source = lib.helpLine("these figures", `${rest ? `${lib.count(rest, "type")} without figures ${rest === 1 ? "stands" : "stand"} in the table only. ` : ""}Figures are those of the EC2 types of the same name.`, "Where EC2 counts less memory on a GPU than it is sold with, both numbers are given. A type that is not offered in your region is refused when an app starts.");
  life.after(() => clearTimeout(timer));
  lib.attr(el, { role: "group", "aria-label": "Compare instance types" });
  lib.keys(el, { Escape: leave });
  el.append(lock, filters.node, h(".pw-count-line", found, filters.undo, pricePart(model, life)), picture.node, facts, table.node, h(".pw-notes", hidden, system, source));
  lib.follow(model, ["value", "inherited", "hidden", "prices"], draw, life);
  lib.follow(model, ["note", "system", "locked"], () => {
    fill(hidden, h("span", model.get("note")));
    fill(system, h("span", model.get("system")));
    fill(lock, locked() && [lib.icon("lock"), locked()]);
  }, life);
  lib.listen(model, "change:locked", draw, life);
  return life.end;
}

export default {
  initialize() {
    need("lib").then((kit) => {
      lib = kit;
      lib.provide({ instances });
    });
  },
};
