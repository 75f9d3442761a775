// The widgets under the form: "review" (what will be sent) and "result" (what came of it). Their parts that hand text over are for other
// modules too: "sharing".

const slot = (globalThis[Symbol.for("pw.@KIT@")] ??= { kinds: {}, open: {} });
let lib;

// ---- pure functions ----

// A file name for the request, or the response, in a format; safe on every system.
export function fileName(format, text) {
  const kinds = { yaml: "yaml", cli: "sh", boto3: "py", python: "py", cloudformation: "yaml", terraform: "tf", hcl: "tf", json: "json" };
  const name = String(format).toLowerCase().replace(/[^a-z0-9]+/g, "-").replace(/^-+|-+$/g, "") || "request";
  const kind = /^\s*[{[]/.test(text) ? "json" : name.split("-").map((word) => kinds[word]).find(Boolean) ?? "txt";
  return `user-profile-${name}.${kind}`;
}

// Seconds in words: "under 1 s", "4 s", "1 min 05 s".
export function elapsed(seconds) {
  const whole = Math.floor(seconds);
  if (whole < 1) return "under 1 s";
  return whole < 60 ? `${whole} s` : `${Math.floor(whole / 60)} min ${String(whole % 60).padStart(2, "0")} s`;
}

// Seconds since `started` by the page's clock; counted from `seen` when the two clocks disagree.
export function since(started, seen, now) {
  return started != null && started <= now && now - started < 3600 + (now - seen) ? now - started : now - seen;
}

// Problems in boxes, the blockers first, each in their order: [{severity, heading, list}].
export function judged(problems) {
  const of = (fits) => problems.filter(({ severity }) => fits(severity)), stop = of((one) => one === "error");
  return [
    { severity: "error", heading: `${stop.length} problem${stop.length === 1 ? " stops" : "s stop"} this.`, list: stop },
    { severity: "warning", heading: "Worth a look before you send this.", list: of((one) => one === "warning") },
    { severity: "information", heading: "Good to know.", list: of((one) => one !== "error" && one !== "warning") },
  ].filter(({ list }) => list.length);
}

// ---- parts ----

// Copy text; without the clipboard's permission by way of a text area.
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

function copyButton(text, name, words = "Copy") {
  const said = lib.h("span", words), node = lib.h("span.pw-copy");
  const press = lib.button("link", [lib.icon("copy"), said], async () => {
    const done = await copy(text(), node);
    lib.fill(said, done ? "Copied" : "Not copied");
    lib.say(done ? "Copied" : "Could not copy. Select the text instead.");
    press.focus({ preventScroll: true });
    setTimeout(() => lib.fill(said, words), 2000);
  }, { "aria-label": `Copy ${name}`, title: `Copy ${name}` });
  node.append(press);
  return node;
}

function download(text, name) {
  const url = URL.createObjectURL(new Blob([text], { type: "text/plain;charset=utf-8" })), link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 1000);
}

// Copy and download of what `text()` gives, as a file `name()`; `also` stands before them.
function handing(text, name, what, also) {
  const save = lib.button("link", [lib.icon("download"), "Download"], () => download(text(), name()), { "aria-label": `Download ${what}` });
  return lib.h(".pw-tab-acts", also, copyButton(text, what), save);
}

// A button that opens what is behind it: {opener, body, open(yes)}.
function disclosure(words) {
  const body = lib.h("div", { id: lib.fresh() }), opener = lib.button("link.pw-disclose", [lib.icon("chevron"), words], () => open(body.hidden), { "aria-controls": body.id });
  const open = (yes) => {
    body.hidden = !yes;
    lib.attr(opener, { "aria-expanded": yes });
  };
  open(false);
  return { opener, body, open };
}

// Draw what is said when it is another thing than before: a screen reader hears it once.
function once(node, said, draw) {
  const key = JSON.stringify(said ?? null);
  if (node.dataset.said !== key) draw(said);
  node.dataset.said = key;
}

// A checkbox and its words: {node, input}.
function check(words, onchange, props) {
  const input = lib.h("input", { type: "checkbox", onchange, ...props });
  return { node: lib.h("label.pw-check", input, lib.h("span", words)), input };
}

const fact = ([name, value]) => lib.h(".pw-fact", lib.h("dt", name), lib.h("dd", lib.h("span.pw-mono", value), copyButton(() => value, name, "")));

// The rows [id, label] of one trait as tabs over `panel`; the id that is chosen is another trait.
function tabList(model, [rows, chosen], label, panel, life) {
  const id = lib.fresh(), tabs = lib.h(".pw-tabs", { role: "tablist", "aria-label": label }), all = () => model.get(rows) ?? [];
  const choose = (at) => {
    lib.save(model, chosen, all().at(at % all().length)[0]);
    tabs.querySelector("[aria-selected=true]")?.focus();
  };
  const tab = ([one, words], at) => {
    const on = one === model.get(chosen);
    return lib.button("tab", words, () => choose(at), { role: "tab", id: `${id}-${at}`, "aria-controls": panel.id, "aria-selected": on, tabindex: on ? "0" : "-1" });
  };
  const step = (by) => () => choose(all().findIndex(([one]) => one === model.get(chosen)) + by);
  lib.keys(tabs, { ArrowRight: step(1), ArrowLeft: step(-1), Home: () => choose(0), End: () => choose(-1) });
  lib.follow(model, [rows, chosen], () => {
    lib.fill(tabs, all().map(tab));
    lib.attr(panel, { "aria-labelledby": tabs.querySelector("[aria-selected=true]")?.id });
  }, life);
  return tabs;
}

const valueText = (text) => ([null, undefined, "not set", "as loaded"].includes(text) ? lib.h("span.pw-faint", text ?? "not set") : lib.h("span.pw-mono", text || "explicitly empty"));

// A table whose cells stand one under the other where it is narrow. `parts`: [heading or "", rows of cells]; a row's first cell names it.
function table(label, heads, parts) {
  const { h } = lib, line = (kids) => h("tr", { role: "row" }, kids), head = (scope, kid, more) => h("th", { scope, role: scope === "col" ? "columnheader" : "rowheader", ...more }, kid);
  const row = ([name, ...cells]) => line([head("row", name), cells.map((kid, at) => h("td", { role: "cell", "data-head": heads[at + 1] }, kid))]);
  const part = ([heading, rows]) => h("tbody", { role: "rowgroup" }, heading && line(head("rowgroup", heading, { colspan: heads.length, class: "pw-part" })), rows.map(row));
  return h("table", { role: "table", "aria-label": label }, h("thead", { role: "rowgroup" }, line(heads.map((text) => head("col", text)))), parts.map(part));
}

// ---- review ----

function problemBoxes(model, problems) {
  const go = (one) => one.path && [lib.button("link", `Go to ${one.label}`, () => model.send({ do: "go", path: one.path })), " "];
  return judged(problems).map(({ severity, heading, list }) => lib.h(`.pw-notice.pw-say-${severity}`, lib.h("div", lib.h("strong", heading), lib.problemList(list, model, go))));
}

function changesTable(model, changes) {
  const setting = ({ path, label }) => lib.button("link.pw-quiet", label, () => model.send({ do: "go", path }), { title: path });
  const rows = changes.map((one) => [setting(one), valueText(one.before), valueText(one.after), one.note]);
  return table("Changes", ["Setting", "Now", "Will be", "What it does"], [["", rows]]);
}

// The tabs of the request's formats, the text, copy and download; account ids may be hidden in all of them.
function formatTabs(model, life) {
  const { h } = lib, code = h("pre.pw-code", { role: "tabpanel", id: lib.fresh(), tabindex: "0" }), text = () => model.get("text") ?? "";
  const hide = check("Hide account ids", () => lib.save(model, "hide", hide.input.checked));
  const tabs = tabList(model, ["formats", "format"], "The request as", code, life);
  lib.follow(model, ["text"], () => lib.fill(code, text()), life);
  lib.follow(model, ["hide"], () => {
    hide.input.checked = model.get("hide");
    hide.node.hidden = model.get("hide") == null;
  }, life);
  return h(".pw-formats", h(".pw-tab-bar", tabs, handing(text, () => fileName(model.get("format"), text()), "the request", hide.node)), code);
}

function review({ model, el }) {
  const { h, fill, button } = lib, life = lib.begin(el, "review", model), id = lib.fresh();
  const title = h("h2", { tabindex: "-1" }), subtitle = h("p.pw-sub"), told = h("div", { "aria-live": "polite" }), list = h("div"), formats = formatTabs(model, life);
  const reason = h("span.pw-reason", { id }), note = h("span.pw-reason.pw-kept"), state = () => model.get("state") ?? {};
  const submit = button("button.pw-primary", "", () => {
    const { button: can, problems = [] } = state(), stop = problems.find(({ severity, path }) => severity === "error" && path);
    if (can.busy) return;
    if (!can.enabled) return stop && model.send({ do: "go", path: stop.path });
    if (can.kind !== "export") return model.send({ do: "submit" });
    hand();
  }, { "aria-describedby": id });
  const hand = () => {
    const text = model.get("text") ?? "";
    download(text, state().button?.file || fileName(model.get("format"), text));
    model.send({ do: "exported" });
  };
  lib.listen(model, "msg:custom", (message) => { if (message?.do === "download") hand(); }, life);
  const discard = button("button", "Discard changes", () => model.send({ do: "discard" }));
  el.append(title, subtitle, told, list, formats, h(".pw-acts", submit, discard, reason, note));
  lib.follow(model, ["state"], () => {
    const { button: can, problems = [], changes = [], ...rest } = state();
    // The page around the widgets reads these when the kernel is gone.
    Object.assign(el.dataset, { pwUnsent: changes.length, pwNote: rest.note ?? "" });
    fill(title, rest.title ?? "Review");
    fill(subtitle, rest.subtitle);
    fill(note, rest.note);
    once(told, problems, () => {
      // Where a fix was pressed, the focus goes on to what is left.
      const inside = told.contains(document.activeElement);
      fill(told, problemBoxes(model, problems));
      if (inside) (told.querySelector("button") ?? title).focus({ preventScroll: true });
    });
    fill(list, changes.length ? changesTable(model, changes) : h("p.pw-calm", "Nothing to send yet. What you change above is listed here first."));
    submit.hidden = !can;
    fill(submit, can?.busy ? lib.icon("working") : can?.kind === "export" && lib.icon("download"), can?.text);
    lib.attr(submit, { "aria-disabled": !can?.enabled || Boolean(can.busy) });
    fill(reason, (!can?.enabled || can.kind === "export") && can?.reason);
    discard.hidden = !rest.discard;
  }, life);
  lib.follow(model, ["text", "formats", "state"], () => { formats.hidden = !model.get("text") || !model.get("formats")?.length || !state().changes?.length; }, life);
  return life.end;
}

// ---- result ----

function stepRow(step, seen) {
  const running = step.state === "working", took = lib.h("span.pw-took", { "aria-hidden": running ? true : null });
  const row = lib.h(`li.pw-step.pw-step-${step.state}`, lib.icon({ done: "check", failed: "error" }[step.state] ?? step.state), lib.h("span", step.text), lib.spoken(`: ${step.state}`), took);
  row.tick = (now) => { if (running) lib.fill(took, elapsed(since(step.started, seen, now))); };
  row.tick(Date.now() / 1000);
  if (!running && step.seconds != null) lib.fill(took, elapsed(step.seconds));
  return row;
}

// The steps so far; rows that say the same stay, so that a screen reader hears only what is new.
function stepList(life) {
  const node = lib.h("ol.pw-steps", { role: "list" });
  let known = [];
  const clock = setInterval(() => known.forEach(({ row }) => row.tick(Date.now() / 1000)), 1000);
  life.after(() => clearInterval(clock));
  return {
    node,
    show(steps) {
      known = steps.map((step, at) => {
        const key = JSON.stringify(step), old = known[at];
        if (old?.key === key) return old;
        const seen = old?.state === step.state ? old.seen : Date.now() / 1000;
        return { key, seen, state: step.state, row: stepRow(step, seen) };
      });
      known.forEach(({ row }, at) => { if (node.children[at] !== row) node.insertBefore(row, node.children[at] ?? null); });
      while (node.children.length > known.length) node.lastChild.remove();
    },
  };
}

// What was loaded, what somebody else made of it and what is wanted here, by setting.
function conflictTable({ label, heads, rows }) {
  const node = table(label, heads, [["", rows.map(([name, ...values]) => [name, ...values.map(valueText)])]]);
  node.prepend(lib.h("caption", label));
  return node;
}

// The query over the response: a box that tells the kernel on Enter or when it is left, and what is wrong with what it holds.
function queryBox(model, life) {
  const { h } = lib, id = lib.fresh(), wrong = h("div", { id: `${id}-a`, "aria-live": "polite" }), query = () => model.get("query") ?? "";
  const tell = () => { if (input.value.trim() !== query()) lib.save(model, "query", input.value.trim()); };
  const input = h("input.pw-input", { id, placeholder: "all of it", autocomplete: "off", spellcheck: "false", onchange: tell, "aria-describedby": wrong.id });
  lib.keys(input, { Enter: tell, Escape: () => { if (input.value === query()) return false; input.value = query(); } });
  lib.follow(model, ["query"], () => { input.value = query(); }, life);
  lib.follow(model, ["query_problem"], () => {
    const message = model.get("query_problem");
    lib.fill(wrong, message && lib.problemList([{ severity: "error", message }]));
    lib.attr(input, { "aria-invalid": Boolean(message) });
  }, life);
  return { node: h(".pw-query", h("label", { for: id }, "Query"), h(".pw-box", input), wrong), input };
}

// The response behind a button: as printed in one of the `outputs`, with a query, or else the text of the state.
function responsePart(model, life) {
  const { h } = lib, code = h("pre.pw-code", { tabindex: "0", id: lib.fresh() }), { opener, body } = disclosure("Response");
  const printed = () => model.get("outputs")?.length > 0, text = () => (printed() ? model.get("text") : model.get("state")?.response) ?? "";
  const query = queryBox(model, life), choice = h(".pw-tab-bar", tabList(model, ["outputs", "output"], "The response as", code, life), query.node);
  const node = h(".pw-response", h(".pw-tab-bar", opener, handing(text, () => fileName(`response-${printed() ? model.get("output") : "json"}`, text()), "the response")), body);
  lib.fill(body, choice, code);
  lib.follow(model, ["outputs", "output", "text", "query", "query_problem", "state"], () => {
    const words = text();
    node.hidden = !words && !(printed() && (model.get("query") || model.get("query_problem")));
    choice.hidden = !printed();
    lib.attr(code, printed() ? { role: "tabpanel", "aria-label": null } : { role: "region", "aria-label": "Response", "aria-labelledby": null });
    code.classList.toggle("pw-wide", printed() && model.get("output") === "table");
    if (code.textContent === words) return;
    lib.fill(code, words);
    if (document.activeElement === query.input) lib.say(`The response has ${lib.count(words.split("\n").length, "line")} now`);
  }, life);
  return node;
}

function result({ model, el }) {
  const { h, fill } = lib, life = lib.begin(el, "result", model), steps = stepList(life);
  const sign = h("span.pw-sign"), title = h("h2", { tabindex: "-1" }), text = h("p.pw-sub"), said = h("div", h(".pw-result-head", sign, title), text, steps.node);
  const differ = h("div"), facts = h("dl.pw-facts"), response = responsePart(model, life), acts = h(".pw-acts");
  let before, shown = "";
  el.append(said, differ, facts, response, acts);
  lib.follow(model, ["state"], () => {
    const state = model.get("state"), outcome = state?.outcome ?? "", began = before !== undefined && before !== outcome && (outcome === "working" || state?.asked);
    before = outcome;
    el.hidden = !state;
    if (!state) return;
    el.dataset.outcome = outcome;
    lib.attr(said, { role: outcome === "failed" ? "alert" : "status" });
    fill(sign, lib.icon({ done: "check", failed: "error", working: "working" }[outcome] ?? "warning"));
    fill(title, state.title);
    fill(text, state.text);
    steps.show(state.steps ?? []);
    const key = JSON.stringify([state.table, state.facts, state.actions]);
    if (key !== shown) {
      fill(differ, state.table && conflictTable(state.table));
      fill(facts, (state.facts ?? []).map(fact));
      if (acts.contains(document.activeElement)) title.focus({ preventScroll: true });
      fill(acts, (state.actions ?? []).map(([id, label]) => lib.button("button", label, () => model.send({ do: id }))));
    }
    shown = key;
    if (!began) return;
    title.focus({ preventScroll: true });
    lib.scrollTo(el, "nearest");
  }, life);
  return life.end;
}

export default {
  initialize() {
    (slot.kinds.lib ??= new Promise((done) => { slot.open.lib = done; })).then((kit) => {
      lib = kit;
      Object.assign(lib.icons, { waiting: "M8 1.8a6.2 6.2 0 1 0 .01 0z", copy: "M5.5 5.5h8v8h-8zM10.5 5.5v-3h-8v8h3", download: "M8 2v8M4.5 7 8 10.5 11.5 7M2.5 13.5h11" });
      lib.provide({ sharing: { once, handing, disclosure, check, fact }, table, review, result });
    });
  },
};
