// The widgets around the form: "place" (where we are), "chooser" (domain, profile), "review" (what will be sent) and "result" (what came of it).

const slot = (globalThis[Symbol.for("profile-widgets @KIT@")] ??= { kinds: {}, open: {} });
const need = (kind) => (slot.kinds[kind] ??= new Promise((done) => { slot.open[kind] = done; }));
const provide = (kind, part) => { need(kind); slot.open[kind](part); };

// ---- pure functions ----

// "123456789012" as "1234-5678-9012"; anything else as it is.
export function accountWords(account) {
  return /^\d{12}$/.test(account) ? account.replace(/(\d{4})(?=\d)/g, "$1-") : account;
}

// The line of the place: region, account, caller; what is not known is left out.
export function placeLine({ region, account, caller }) {
  return [region, account && `account ${accountWords(account)}`, caller].filter(Boolean).join(" · ");
}

// A file name for the request in a format, safe on every system.
export function fileName(format, text) {
  const kinds = { yaml: "yaml", cli: "sh", boto3: "py", python: "py", cloudformation: "yaml", terraform: "tf", hcl: "tf", json: "json" };
  const name = String(format).toLowerCase().replace(/[^a-z0-9]+/g, "-").replace(/^-+|-+$/g, "") || "request";
  const kind = /^\s*[{[]/.test(text) ? "json" : kinds[name] ?? "txt";
  return `user-profile-${name}.${kind}`;
}

// Seconds in words: "4 s", "1 min 05 s".
export function elapsed(seconds) {
  const whole = Math.max(0, Math.floor(seconds));
  return whole < 60 ? `${whole} s` : `${Math.floor(whole / 60)} min ${String(whole % 60).padStart(2, "0")} s`;
}

// Seconds since `started` by the page's clock; counted from `seen` when the two clocks disagree.
export function since(started, seen, now) {
  return started != null && started <= now && now - started < 3600 + (now - seen) ? now - started : now - seen;
}

// Problems with the blockers first, otherwise in their order, and a heading: {heading, list}.
export function judged(problems) {
  const rank = { error: 0, warning: 1, information: 2 };
  const list = [...problems].sort((one, other) => rank[one.severity] - rank[other.severity]);
  const stop = list.filter((one) => one.severity === "error").length;
  const heading = stop ? `${stop} problem${stop === 1 ? " stops" : "s stop"} this.` : list.some((one) => one.severity === "warning") ? "Worth a look before you send this." : "Good to know.";
  return { heading, list, worst: list[0]?.severity ?? "" };
}

// ---- parts ----

// Copy text; without the clipboard's permission, by way of a text area.
async function copy(text, near) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const area = near.appendChild(document.createElement("textarea"));
    area.className = "pw-sr";
    area.value = text;
    area.select();
    const done = document.execCommand("copy");
    area.remove();
    return done;
  }
}

function copyButton(lib, text, name, words = "Copy") {
  const label = document.createTextNode(words), live = lib.h("span", { class: "pw-sr", role: "status" });
  const act = async () => {
    const done = await copy(text(), node);
    label.data = done ? "Copied" : "Not copied";
    live.textContent = done ? "Copied" : "Could not copy; select the text instead";
    node.querySelector("button").focus({ preventScroll: true });
    setTimeout(() => { label.data = words; live.textContent = ""; }, 2000);
  };
  const node = lib.h("span", { class: "pw-copy" }, lib.button(label, act, { class: "pw-link", "aria-label": `Copy ${name}` }, lib.icon("copy")), live);
  return node;
}

function download(text, name) {
  const url = URL.createObjectURL(new Blob([text], { type: "text/plain;charset=utf-8" })), link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 1000);
}

// ---- place ----

async function place({ model, el }) {
  const lib = await need("lib"), { h, pill } = lib, life = lib.begin(el, "place");
  const bar = h("div", { class: "pw-bar" }), title = h("h1"), subtitle = h("p", { class: "pw-sub" }), said = h("div", { hidden: true });
  el.append(bar, title, subtitle, said);
  lib.follow(model, ["state"], () => {
    const state = model.get("state") ?? {};
    bar.replaceChildren(...[state.sandbox && pill("sandbox", "Sandbox"), h("span", { text: placeLine(state) })].filter(Boolean));
    title.textContent = state.title ?? "";
    subtitle.textContent = state.subtitle ?? "";
    title.hidden = !state.title;
    subtitle.hidden = !state.subtitle;
    lib.notice(said, state.notice);
  }, life);
  return life.end;
}

// ---- chooser ----

async function chooser({ model, el }) {
  const [lib, searchBox] = [await need("lib"), await need("searchBox")], { h, icon, pill } = lib;
  const life = lib.begin(el, "chooser"), id = lib.fresh("chooser"), label = model.get("label");
  const status = h("div", { class: "pw-status", role: "status" }), note = h("div", { class: "pw-help", id: `${id}-note` }), busy = h("span", { class: "pw-box-busy", hidden: true }, icon("working"));
  let timer = 0, opened = false;
  const rows = () => [...(model.get("pinned") ?? []).map(([value, words, detail]) => [value, detail, words, "pw-pinned"]), ...(model.get("rows") ?? []).map(([value, words, detail]) => [value, detail, words])];
  const search = (text, wait) => { clearTimeout(timer); timer = setTimeout(() => model.send({ do: "search", text: text.trim() }), wait); };
  const typed = (text) => {
    const same = text.trim();
    const row = rows().find(([value, , words]) => value === same || words === same);
    if (row) model.send({ do: "choose", value: row[0] });
    else if (same && model.get("free")) model.send({ do: "choose", value: same });
    show();
  };
  const box = searchBox({
    id, label, life, rows, filter: false, first: !model.get("free"),
    note: () => (model.get("busy") ? "Loading…" : model.get("note") || (model.get("rows")?.length ? "" : "Nothing found.")),
    open: () => { if (!opened) { opened = true; search("", 0); } },
    type: (text) => search(text, 250),
    enter: typed, leave: typed,
    pick: (row) => { model.send({ do: "choose", value: row[0] }); show(); },
  });
  const show = () => {
    const value = model.get("value"), row = rows().find((one) => one[0] === value);
    box.input.placeholder = model.get("placeholder") ?? "";
    box.show(model.get("shown") || value || "", row?.[1], value);
  };
  box.input.setAttribute("aria-describedby", note.id);
  box.node.append(busy);
  el.append(h("label", { for: id, text: label }), h("div", { class: "pw-choice" }, box.node, status), note);
  lib.follow(model, ["value", "shown", "placeholder", "rows", "pinned"], show, life);
  lib.follow(model, ["rows", "pinned", "note", "busy"], () => {
    busy.hidden = !model.get("busy");
    note.textContent = model.get("note") ?? "";
    box.redraw();
  }, life);
  lib.follow(model, ["status"], () => {
    const said = model.get("status");
    const sign = { good: "check", bad: "error", busy: "working" }[said?.tone];
    status.replaceChildren(...(said ? [pill({ good: "ok", bad: "error", busy: "warning" }[said.tone] ?? "plain", said.text, sign), h("span", { text: said.detail ?? "" })] : []));
  }, life);
  life.signal.addEventListener("abort", () => clearTimeout(timer));
  return life.end;
}

// ---- review ----

function reviewProblems(lib, model, problems) {
  const { h, icon, button } = lib;
  if (!problems.length) return [];
  const { heading, list, worst } = judged(problems);
  const line = (one) => h("li", { class: `pw-say-${one.severity}` }, icon(one.severity), h("span", {}, h("span", { class: "pw-sr", text: `${one.severity}: ` }), `${one.message} `,
    one.path && button(`Go to ${one.label}`, () => model.send({ do: "go", path: one.path }), { class: "pw-link" })));
  return [h("div", { class: `pw-notice pw-say-${worst} pw-judged` }, h("div", {}, h("strong", { text: heading }), h("ul", { class: "pw-problems" }, list.map(line))))];
}

function changesTable(lib, model, changes) {
  const { h, button } = lib, heads = ["Setting", "Now", "Will be", "What it does"];
  const value = (text, head) => h("td", { role: "cell", "data-head": head }, text == null ? h("span", { class: "pw-faint", text: "not set" }) : h("span", { class: "pw-mono", text: text === "" ? "explicitly empty" : text }));
  const row = (one) => h("tr", { role: "row" }, h("th", { scope: "row", role: "rowheader" }, button(one.label, () => model.send({ do: "go", path: one.path }), { class: "pw-link pw-quiet", title: one.path })),
    value(one.before, heads[1]), value(one.after, heads[2]), h("td", { role: "cell", "data-head": heads[3], text: one.note ?? "" }));
  return h("table", { role: "table" }, h("caption", { class: "pw-sr", text: "Changes" }), h("thead", { role: "rowgroup" }, h("tr", { role: "row" }, heads.map((text) => h("th", { scope: "col", role: "columnheader", text })))), h("tbody", { role: "rowgroup" }, changes.map(row)));
}

// The tabs of the request's formats with copy and download; {node, show()}.
function formatTabs(lib, model, life) {
  const { h, icon, button, fresh } = lib, id = fresh("formats");
  const tabs = h("div", { role: "tablist", class: "pw-tabs", "aria-label": "The request as" });
  const code = h("pre", { role: "tabpanel", id, tabindex: "0", class: "pw-code" });
  const text = () => model.get("text") ?? "", formats = () => model.get("formats") ?? [];
  const act = h("div", { class: "pw-tab-acts" }, copyButton(lib, text, "the request"), button("Download", () => download(text(), fileName(model.get("format"), text())), { class: "pw-link", "aria-label": "Download the request" }, icon("download")));
  const choose = (at) => {
    const to = formats()[(at + formats().length) % formats().length][0];
    lib.save(model, "format", to);
    tabs.querySelector("[aria-selected=true]")?.focus();
  };
  const draw = () => {
    const now = model.get("format"), focused = tabs.contains(document.activeElement);
    tabs.replaceChildren(...formats().map(([one, label], at) => h("button", { type: "button", role: "tab", id: `${id}-${at}`, class: "pw-tab", "aria-controls": id, "aria-selected": String(one === now), tabindex: one === now ? "0" : "-1", onclick: () => choose(at), text: label })));
    const on = tabs.querySelector("[aria-selected=true]");
    code.setAttribute("aria-labelledby", on?.id ?? tabs.id);
    if (focused) on?.focus();
  };
  tabs.addEventListener("keydown", (event) => {
    const at = formats().findIndex(([one]) => one === model.get("format")), to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: -1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    choose(to);
  });
  lib.follow(model, ["formats", "format"], draw, life);
  lib.follow(model, ["text"], () => { code.textContent = text(); }, life);
  return h("div", { class: "pw-formats" }, h("div", { class: "pw-tab-bar" }, tabs, act), code);
}

async function review({ model, el }) {
  const lib = await need("lib"), { h, icon, button, fresh } = lib, life = lib.begin(el, "review"), id = fresh("review");
  const title = h("h2"), sub = h("p", { class: "pw-sub" }), told = h("div", { "aria-live": "polite" }), table = h("div"), formats = formatTabs(lib, model, life);
  const reason = h("span", { class: "pw-reason", id }), note = h("span", { class: "pw-note-end", role: "status" }), words = document.createTextNode("");
  const state = () => model.get("state") ?? {};
  const submit = button(words, () => {
    const { button: can, problems = [] } = state(), stop = judged(problems).list[0];
    if (can?.enabled && !can.busy) model.send({ do: "submit" });
    else if (!can?.busy && stop?.severity === "error" && stop.path) model.send({ do: "go", path: stop.path });
  }, { class: "pw-button pw-primary", "aria-describedby": id });
  const discard = button("Discard changes", () => model.send({ do: "discard" }));
  el.append(title, sub, told, table, formats, h("div", { class: "pw-acts" }, submit, discard, reason, note));
  lib.follow(model, ["state"], () => {
    const { button: can, problems = [], changes = [], ...rest } = state();
    title.textContent = rest.title ?? "Review";
    sub.textContent = rest.subtitle ?? "";
    sub.hidden = !rest.subtitle;
    told.replaceChildren(...reviewProblems(lib, model, problems));
    table.replaceChildren(changes.length ? changesTable(lib, model, changes) : h("p", { class: "pw-calm", text: "Nothing to send yet. What you change above is listed here first." }));
    submit.hidden = !can;
    words.data = can?.text ?? "";
    submit.firstChild !== words && submit.firstChild.remove();
    if (can?.busy) submit.prepend(icon("working"));
    submit.setAttribute("aria-disabled", String(!can?.enabled || Boolean(can?.busy)));
    reason.textContent = can && !can.enabled ? can.reason ?? "" : "";
    discard.hidden = !rest.discard;
    note.textContent = rest.note ?? "";
  }, life);
  lib.follow(model, ["text", "formats"], () => { formats.hidden = !model.get("text") || !model.get("formats")?.length; }, life);
  return life.end;
}

// ---- result ----

function stepRow(lib, step, seen) {
  const { h, icon } = lib, took = h("span", { class: "pw-took", "aria-hidden": step.state === "working" ? "true" : null });
  const row = h("li", { class: `pw-step pw-step-${step.state}` }, icon({ done: "check", failed: "error" }[step.state] ?? step.state), h("span", { text: step.text }), h("span", { class: "pw-sr", text: ` (${step.state})` }), took);
  row.tick = (now) => { if (step.state === "working") took.textContent = elapsed(since(step.started, seen, now)); };
  if (step.seconds != null && step.state !== "working") took.textContent = elapsed(step.seconds);
  row.tick(Date.now() / 1000);
  return row;
}

function factRows(lib, facts) {
  const { h } = lib;
  return facts.map(([label, value]) => h("div", { class: "pw-fact" }, h("dt", { text: label }), h("dd", {}, h("span", { class: "pw-mono", text: value }), copyButton(lib, () => value, label, ""))));
}

function responsePart(lib, text) {
  const { h, icon, button, fresh } = lib, id = fresh("response"), code = h("pre", { class: "pw-code", tabindex: "0", text, id, hidden: true, "aria-label": "Response", role: "region" });
  const opener = button("Response", () => {
    code.hidden = !code.hidden;
    opener.setAttribute("aria-expanded", String(!code.hidden));
  }, { class: "pw-link pw-disclose", "aria-expanded": "false", "aria-controls": id }, icon("chevron"));
  return [h("div", { class: "pw-tab-bar" }, opener, copyButton(lib, () => text, "the response")), code];
}

async function result({ model, el }) {
  const lib = await need("lib"), { h, icon, button } = lib, life = lib.begin(el, "result");
  const sign = h("span", { class: "pw-sign" }), title = h("h2", { tabindex: "-1" }), text = h("p", { class: "pw-sub" }), said = h("div", {}, h("div", { class: "pw-result-head" }, sign, title), text);
  const steps = h("ol", { class: "pw-steps", role: "list" }), facts = h("dl", { class: "pw-facts" }), response = h("div"), acts = h("div", { class: "pw-acts" });
  const known = [];
  let before, shown = "";
  el.append(said, steps, facts, response, acts);
  const drawSteps = (list) => {
    known.length = Math.min(known.length, list.length);
    list.forEach((step, at) => {
      const key = JSON.stringify(step);
      if (known[at]?.key === key) return;
      const seen = known[at]?.state === step.state ? known[at].seen : Date.now() / 1000;
      known[at] = { key, state: step.state, seen, row: stepRow(lib, step, seen) };
      if (steps.children[at]) steps.children[at].replaceWith(known[at].row);
      else steps.append(known[at].row);
    });
    while (steps.children.length > list.length) steps.lastChild.remove();
  };
  lib.follow(model, ["state"], () => {
    const state = model.get("state"), outcome = state?.outcome ?? "", began = outcome === "working" && before !== undefined && before !== "working";
    before = outcome;
    el.hidden = !state;
    if (!state) return;
    el.dataset.outcome = outcome;
    said.setAttribute("role", outcome === "failed" ? "alert" : "status");
    sign.replaceChildren(icon({ done: "check", failed: "error", working: "working" }[outcome] ?? "warning"));
    title.textContent = state.title ?? "";
    text.textContent = state.text ?? "";
    drawSteps(state.steps ?? []);
    const key = JSON.stringify([state.facts, state.response, state.actions]);
    if (key !== shown) {
      shown = key;
      facts.replaceChildren(...factRows(lib, state.facts ?? []));
      response.replaceChildren(...(state.response ? responsePart(lib, state.response) : []));
      acts.replaceChildren(...(state.actions ?? []).map(([id, label]) => button(label, () => model.send({ do: id }))));
    }
    if (began) {
      title.focus({ preventScroll: true });
      el.scrollIntoView({ block: "nearest", behavior: matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth" });
    }
  }, life);
  const clock = setInterval(() => known.forEach(({ row }) => row.tick(Date.now() / 1000)), 1000);
  life.signal.addEventListener("abort", () => clearInterval(clock));
  return life.end;
}

export default {
  initialize() {
    for (const [kind, draw] of Object.entries({ place, chooser, review, result })) provide(kind, draw);
  },
};
