// The widgets over the form: "place" (where we are), "chooser" (domain, profile), and "stack", a plain container for a page.

const slot = (globalThis[Symbol.for("pw.@KIT@")] ??= { kinds: {}, open: {} });
const need = (kind) => (slot.kinds[kind] ??= new Promise((done) => { slot.open[kind] = done; }));
let lib;

// ---- pure functions ----

// "123456789012" as "1234-5678-9012"; anything else as it is.
export function accountWords(account) {
  return /^\d{12}$/.test(account) ? account.replace(/(\d{4})(?=\d)/g, "$1-") : account;
}

// The line of the place: region, account, caller; what is not known is left out.
export function placeLine({ region, account, caller }) {
  return [region, account && `account ${accountWords(account)}`, caller].filter(Boolean).join(" · ");
}

// ---- place, stack ----

// Somebody's head and shoulders.
const PERSON = { person: "M8 2.5a2.6 2.6 0 1 1 0 5.2 2.6 2.6 0 0 1 0-5.2M3 13.5c.4-5 9.6-5 10 0" };

function place({ model, el }) {
  Object.assign(lib.icons, PERSON);
  const { h, fill, icon } = lib, life = lib.begin(el, "place", model);
  const bar = h(".pw-bar"), acting = h("p.pw-acting"), standing = h("div"), title = h("h1"), subtitle = h("p.pw-sub"), said = h("div");
  el.append(bar, acting, standing, title, subtitle, said);
  lib.follow(model, ["state"], () => {
    const state = model.get("state") ?? {};
    fill(bar, state.sandbox && lib.pill("sandbox", "Sandbox"), h("span", placeLine(state)));
    fill(acting, state.acting && icon("person"), state.acting);
    fill(standing, state.standing?.map(([severity, text]) => h(`.pw-notice.pw-say-${severity}`, { role: "note" }, icon(severity), h("div", text))));
    fill(title, state.title);
    fill(subtitle, state.subtitle);
    title.hidden = !state.title;
    lib.notice(said, state.notice);
  }, life);
  return life.end;
}

// `children` in a column, or side by side while there is room (`flow: "row"`).
function stack({ model, el }) {
  const life = lib.begin(el, "stack", model), parts = lib.h(`.pw-parts.pw-flow-${model.get("flow") ?? "column"}`);
  el.append(parts);
  lib.childViews(model, parts, life);
  return life.end;
}

// ---- chooser ----

function statusPill(said) {
  if (!said) return [];
  const [tone, sign] = { good: ["ok", "check"], bad: ["error", "error"], busy: ["warning", "working"] }[said.tone] ?? ["plain"];
  return [lib.pill(tone, said.text, sign), said.detail && lib.h("span", said.detail)];
}

// The row that reads on; no value of AWS's begins so.
const MORE = "+more";

// What a list shows while it waits for the answer to `wanted`: of the rows that answer `sought`, those that hold it too.
export function meanwhile(rows, sought, wanted) {
  const text = wanted.toLowerCase();
  return text.includes(sought.toLowerCase()) ? rows.filter(([value, , words]) => `${words} ${value}`.toLowerCase().includes(text)) : [];
}

// How what is chosen came to be chosen, and a link that offers the others.
function originLine(model, box, life) {
  const node = lib.h(".pw-help.pw-origin", { id: lib.fresh() }), offer = () => { box.input.focus(); box.input.select(); box.ask(); };
  lib.follow(model, ["origin"], () => {
    const { text, link } = model.get("origin") ?? {};
    lib.fill(node, text && lib.h("span", text), link && lib.button("link", [link, lib.spoken(` (${model.get("label")})`)], offer));
  }, life);
  return node;
}

async function chooser({ model, el }) {
  const { searchBox } = await need("searching"), { h, fill } = lib, life = lib.begin(el, "chooser", model);
  const id = lib.fresh(), label = model.get("label"), status = h(".pw-status", { role: "status" }), note = h(".pw-help", { id: `${id}-a` }), busy = h("span.pw-box-busy", lib.icon("working"));
  const where = h("span.pw-where", { id: `${id}-b` });
  const rows = (part, look) => (model.get(part) ?? []).map(([value, words, detail, tone]) => [value, detail, words, look ?? (tone ? `.pw-tone-${tone}` : undefined)]);
  const pinned = () => rows("pinned", ".pw-pinned"), all = () => [...pinned(), ...rows("rows")];
  // The text that is searched for, from the key that was pressed on; null before the list was first opened.
  let timer = 0, wanted = null;
  const waits = () => wanted !== null && wanted !== model.get("sought");
  const found = () => (waits() ? meanwhile(rows("rows"), model.get("sought") ?? "", wanted) : rows("rows"));
  const onward = () => (waits() || !model.get("more")?.length ? [] : [[MORE, model.get("more")[1], model.get("more")[0], ".pw-onward"]]);
  const choose = (value) => { clearTimeout(timer); model.send({ do: "choose", value }); show(); };
  const search = (text) => { clearTimeout(timer); wanted = text; model.send({ do: "search", text }); };
  const box = searchBox({
    id, label, life, remote: true, waits, onward: MORE,
    rows: () => [...pinned(), ...found(), ...onward()],
    total: () => found().length,
    note: () => (waits() ? (wanted ? "Searching…" : "Loading…") : model.get("note") || (found().length ? "" : model.get("busy") ? "Loading…" : "Nothing found.")),
    opened: (typed) => search((typed ?? "").trim()),
    typing: (text) => { clearTimeout(timer); wanted = text.trim(); timer = setTimeout(search, 250, wanted); },
    goOn: () => model.send({ do: "more" }),
    take: (row) => choose(row[0]),
    commit: (text) => {
      const typed = text.trim(), row = all().find(([value, , words]) => value === typed || words === typed);
      if (typed) choose(row ? row[0] : typed);
      else show();
    },
  });
  // Where there is nothing else to choose, the box is a plain one.
  const combo = Object.fromEntries(["role", "aria-autocomplete", "aria-expanded", "aria-haspopup", "aria-controls"].map((name) => [name, box.input.getAttribute(name)]));
  const show = () => {
    const value = model.get("value"), shown = model.get("shown") || value || "", fixed = pinned().find(([one]) => one === value);
    const alone = !!model.get("fixed");
    box.input.placeholder = model.get("placeholder") ?? "";
    box.input.readOnly = alone;
    lib.attr(box.input, Object.fromEntries(Object.entries(combo).map(([name, held]) => [name, alone ? null : held])));
    box.node.querySelector(".pw-open").hidden = alone;
    box.show(shown, model.get("status") ? "" : fixed ? fixed[1] : value === shown ? "" : value, value);
  };
  const origin = originLine(model, box, life);
  lib.attr(box.input, { maxlength: 512, "aria-describedby": `${where.id} ${note.id} ${origin.id}` });
  box.node.append(busy);
  el.append(h(".pw-chooser-head", h("label", { for: id }, label), where), h(".pw-choice", box.node, status), note, origin);
  lib.follow(model, ["value", "shown", "placeholder", "pinned", "status", "fixed"], show, life);
  lib.follow(model, ["rows", "pinned", "more", "note", "busy", "sought"], () => {
    busy.hidden = !model.get("busy");
    fill(note, !model.get("rows")?.length && model.get("note"));
    box.redraw();
  }, life);
  lib.follow(model, ["status"], () => fill(status, statusPill(model.get("status"))), life);
  lib.follow(model, ["where"], () => fill(where, placeLine(model.get("where") ?? {})), life);
  life.after(() => clearTimeout(timer));
  return life.end;
}

export default {
  initialize() {
    need("lib").then((kit) => {
      lib = kit;
      lib.provide({ place, stack, chooser });
    });
  },
};
