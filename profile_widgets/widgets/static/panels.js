// The closed parts of the page: "connection" (where requests go, and as whom), "loader" (a request from elsewhere into the form), and
// "panel", whose content comes when it is first opened. What others build with: "paneling".

const slot = (globalThis[Symbol.for("pw.@KIT@")] ??= { kinds: {}, open: {} });
const need = (kind) => (slot.kinds[kind] ??= new Promise((done) => { slot.open[kind] = done; }));
const LINES = 2000, MOST = 2 ** 20;
let lib, app, searchBox;

// ---- pure functions ----

// The fields of a connection in their three groups: always shown, boxes under "More", checkboxes under "More".
export function grouped(fields) {
  const place = ({ name, kind }) => (["profile", "region"].includes(name) ? 0 : kind === "flag" ? 2 : 1);
  return [0, 1, 2].map((at) => fields.filter((one) => place(one) === at));
}

// Whether a box says something else than the kernel: numbers by what they are, null like nothing typed.
export function differs(kind, one, other) {
  if (kind === "number" && one && other) return Number(one) !== Number(other);
  return (one ?? "") !== (other ?? "");
}

// What a box holds after news of the kernel's value. What was typed stays, unless it was sent and the kernel made something of it.
export function settled(kind, value, { known, held, sent }) {
  if (known === undefined || !differs(kind, held, known)) return value;
  return sent !== undefined && sent === held && differs(kind, value, known) ? value : held;
}

// A held value as it is sent: a flag as a boolean, text without the blanks around it, nothing as null.
export function outgoing(kind, held) {
  if (kind === "flag") return held == null ? null : held === "true";
  return held?.trim() || null;
}

// The lines of `next` that come after those `held`; null when the two do not join, so that `next` stands alone.
export function added(held, next) {
  for (let from = Math.max(0, held.length - next.length); from < held.length; from += 1) {
    if (held.slice(from).every((line, at) => line === next[at])) return next.slice(held.length - from);
  }
  return held.length ? null : next;
}

// Text as its lines, without an end that is only a line feed.
export const linesOf = (text) => (text ? text.replace(/\n$/, "").split("\n") : []);

// The text of a file's bytes: UTF-8, or UTF-16 that says so, as Windows writes it; null for anything else.
export function decoded(bytes) {
  const mark = bytes[0] === 0xff && bytes[1] === 0xfe ? "utf-16le" : bytes[0] === 0xfe && bytes[1] === 0xff ? "utf-16be" : "utf-8";
  try {
    const text = new TextDecoder(mark, { fatal: true }).decode(bytes);
    return text.includes("\0") ? null : text;
  } catch {
    return null;
  }
}

// ---- parts ----

// A closed part: a header that opens it, a summary while it is closed, pills. Its state is filled in when it opens.
function panel({ model, el }, name, life) {
  const { h, fill } = lib, id = lib.fresh(), told = h("span.pw-summary", { id: `${id}-a` }), pills = h("span.pw-pills"), body = h(".pw-body", { id: `${id}-b`, role: "region", "aria-labelledby": id });
  const opener = lib.button("opener", [lib.icon("chevron"), h("span.pw-title", name)], () => lib.save(model, "expanded", !model.get("expanded")), { id, "aria-controls": body.id, "aria-describedby": told.id });
  el.classList.add("pw-panel");
  el.append(h(".pw-head", h("h2", opener), told, pills), body);
  lib.follow(model, ["expanded", "state"], () => {
    const open = model.get("expanded");
    lib.attr(opener, { "aria-expanded": open });
    el.classList.toggle("pw-opened", open);
    body.hidden = !open;
    fill(told, !open && model.get("state")?.summary);
  }, life);
  return { body, pills };
}

// Buttons [words, act] that do nothing, but keep the focus, while the kernel is at work; what is not put elsewhere stands in a row.
function acts(model, rows) {
  const said = lib.h("span.pw-busy", { role: "status" }), all = rows.map(([words, act]) => lib.button("button", words, () => { if (!model.get("state")?.busy) act(); }));
  return {
    all, node: lib.h(".pw-acts", all, said),
    busy(words) {
      lib.fill(said, words && [lib.icon("working"), words]);
      for (const one of all) lib.attr(one, { "aria-disabled": !!words });
    },
  };
}

// A closed part that shows the views of its `children`, which are not there before it is first opened.
function lazyPanel({ model, el }) {
  const life = lib.begin(el, "panel", model), { body } = panel({ model, el }, model.get("title"), life), wait = lib.h("p.pw-wait", lib.icon("working"), "Loading…"), inside = lib.h("div");
  body.append(wait, inside);
  lib.childViews(model, inside, life, { change: (views) => { wait.hidden = views.some(({ view }) => view); } });
  return life.end;
}

// ---- connection ----

// One setting: {node, input, show(field, held)}; `hold` takes what is typed, as text or null.
function setting({ label, kind }, field, hold, life) {
  const { h, fill } = lib, id = lib.fresh(), wrong = h("div", { id: `${id}-a`, "aria-live": "polite" }), help = h(".pw-help", { id: `${id}-b` }), flag = kind === "flag";
  const { node, input, ...box } = flag ? app.check(label, () => hold(`${input.checked}`), { id }) : searchBox({
    id, label, life, commit: (text) => hold(text.trim() || null), take: ([value]) => hold(value), rows: kind === "suggest" && (() => field().choices),
  });
  lib.attr(input, { "aria-describedby": `${id}-a ${id}-b`, inputmode: kind === "number" && "decimal" });
  return {
    node: h(`.pw-setting.pw-a-${kind}`, !flag && h("label", { for: id }, label), node, wrong, help), input,
    show({ placeholder, problem, choices, ...rest }, held) {
      if (flag) input.checked = held === "true";
      else {
        lib.attr(input, { placeholder: placeholder || "not set", title: placeholder });
        box.show(held ?? "", choices?.find(([value]) => value === held)?.[1]);
        box.redraw();
      }
      lib.attr(input, { "aria-invalid": !!problem });
      app.once(wrong, problem, () => fill(wrong, problem && lib.problemList([{ severity: "error", message: problem }])));
      fill(help, rest.help && h("span", rest.help));
    },
  };
}

// The boxes of a connection, and what they hold until it is used; `onhold` hears how many hold something else than what is used.
function settings(model, onhold, life) {
  const { h, fill } = lib, node = h("div"), more = app.disclosure("More"), pieces = {}, held = {}, known = {}, fields = () => model.get("state")?.fields ?? [];
  const show = () => {
    for (const one of fields()) pieces[one.name].show(one, held[one.name]);
    onhold(fields().filter(({ name, kind }) => differs(kind, held[name], known[name])).length);
  };
  const build = (groups) => {
    for (const one of groups.flat()) pieces[one.name] = setting(one, () => fields().find(({ name }) => name === one.name), (text) => { held[one.name] = text; show(); }, life);
    const [first, boxes, flags] = groups.map((group) => h(".pw-settings", group.map(({ name }) => pieces[name].node)));
    flags.classList.add("pw-flags");
    fill(more.body, boxes, flags);
    fill(node, first, more.opener, more.body);
  };
  let sent;
  return {
    node,
    values() {
      sent = { ...held };
      return Object.fromEntries(fields().map(({ name, kind }) => [name, outgoing(kind, held[name])]));
    },
    // Show news of the kernel. After an answer that finds something wrong the first such box has the focus.
    news(busy) {
      const groups = grouped(fields()), all = groups.flat(), bad = all.find(({ problem }) => problem);
      if (!all.length) return;
      app.once(node, all.map(({ name, kind }) => [name, kind]), () => build(groups));
      for (const { name, kind, value } of all) {
        held[name] = settled(kind, value, { known: known[name], held: held[name], sent: sent?.[name] });
        // What the kernel has only been told, and refused, is not in use.
        if (!(name in known) || !(bad || busy)) known[name] = value;
      }
      show();
      if (!sent || busy || !bad) return;
      sent = null;
      if (!groups[0].includes(bad)) more.open(true);
      pieces[bad.name].input.focus();
    },
  };
}

// The debug log. Lines are nodes of their own, so that what is selected stays so; who has scrolled up is left there.
function logPart(model, life) {
  const { h, fill } = lib, id = lib.fresh(), file = h("p.pw-help"), note = h("p.pw-help"), code = h("pre.pw-code.pw-log", { tabindex: "0", role: "region", "aria-labelledby": id });
  const tools = app.handing(() => lines.join("\n"), () => "profile-widgets-debug.log", "the debug log"), node = h("div", h(".pw-tab-bar", h("h3", { id }, "Debug log"), tools), note, code, file);
  let lines = [], last = "";
  const append = (more) => {
    const low = code.scrollHeight - code.scrollTop - code.clientHeight < 24;
    lines = [...lines, ...more].slice(-LINES);
    code.append(...more.slice(-LINES).map((line) => `${line}\n`));
    while (code.childNodes.length > LINES) code.firstChild.remove();
    if (low) code.scrollTop = code.scrollHeight;
  };
  lib.listen(model, "msg:custom", (message) => { if (message?.do === "log") append(linesOf(message.text)); }, life);
  return {
    node,
    show(log) {
      node.hidden = !log;
      if (!log) return;
      const all = linesOf(log.text), more = log.text === last ? [] : added(lines, all);
      last = log.text;
      if (!more) { lines = []; fill(code); }
      append(more ?? all);
      if (!code.scrollTop) code.scrollTop = code.scrollHeight;
      fill(note, log.note && h("span", log.note));
      fill(file, log.file && h("span", "Also written to ", h("code", log.file)));
    },
  };
}

function connection({ model, el }) {
  const { h, fill } = lib, life = lib.begin(el, "connection", model), { body, pills } = panel({ model, el }, "Connection", life);
  const boxes = settings(model, (number) => fill(pills, number && lib.pill("changed", `${number} not in use yet`)), life), facts = h("dl.pw-facts"), said = h("div"), log = logPart(model, life), wait = h("p.pw-wait");
  const buttons = acts(model, [["Use this connection", () => model.send({ do: "apply", values: boxes.values() })], ["Look for credentials again", () => model.send({ do: "renew" })]]);
  body.append(wait, boxes.node, facts, said, buttons.node, log.node);
  lib.follow(model, ["state"], () => {
    const { locked, busy, ...state } = model.get("state") ?? {}, ready = locked || state.fields?.length;
    fill(wait, lib.icon(ready ? "lock" : "working"), ready ? locked : "Loading…");
    wait.hidden = ready && !locked;
    buttons.node.hidden = !ready || locked;
    boxes.news(busy);
    app.once(facts, state.facts, (rows = []) => fill(facts, rows.map(app.fact)));
    app.once(said, state.notice, () => lib.notice(said, state.notice));
    buttons.busy(busy && "Connecting…");
    log.show(state.log);
  }, life);
  return life.end;
}

// ---- loader ----

// A link from a finding to its field.
const goLink = (model) => ({ path, label }) => path && lib.button("link", `Go to ${label || path}`, () => model.send({ do: "go", path }));

// What came of a text: a heading that takes the focus, and what there is to say of it.
function reportPart(model) {
  const { h, fill } = lib, title = h("h3", { tabindex: "-1" }), node = h("div"), go = goLink(model);
  return {
    node,
    show(report, focus) {
      lib.notice(node, report && { severity: report.severity, text: [fill(title, report.title), lib.problemList(report.rows, model, go)] });
      lib.attr(node, { role: null });
      if (!report || !focus) return;
      title.focus({ preventScroll: true });
      lib.scrollTo(node, "nearest");
    },
  };
}

// The box for text: what is pasted while it is empty, or dropped on it as a file, is read at once.
function textPart(load, file) {
  const { h } = lib, id = lib.fresh(), typed = () => { clear.hidden = !area.value; }, put = (text) => { area.value = text; typed(); };
  const area = h("textarea.pw-input", {
    id, rows: 6, spellcheck: "false", placeholder: "aws sagemaker update-user-profile --domain-id d-1234 --user-profile-name alice --user-settings '{…}'", "aria-describedby": `${id}-a`, oninput: typed, ondrop: (event) => given(event, event.dataTransfer),
    ondragover: (event) => given(event, { types: event.dataTransfer.types, files: [] }),
    onpaste: (event) => {
      if ((event.clipboardData.types.includes("text/plain") || !given(event, event.clipboardData)) && !area.value) setTimeout(() => load(area.value));
    },
  });
  const clear = lib.button("link", "Clear", () => { put(""); area.focus(); }, { hidden: true, "aria-label": "Clear the text" });
  const given = (event, { files, types }) => {
    if (!types.includes("Files")) return false;
    event.preventDefault();
    event.stopPropagation();
    if (files[0]) file(files[0]);
    return true;
  };
  const node = h(".pw-text", h(".pw-tab-bar", h("label", { for: id }, "Paste a request"), clear), h(".pw-box", area), h(".pw-help", { id: `${id}-a` }, h("span", "AWS CLI, boto3, JSON, YAML or CloudFormation. It goes into the form; nothing is sent to AWS.")));
  return { node, area, put };
}

function loader({ model, el }) {
  const { h } = lib, life = lib.begin(el, "loader", model), { body } = panel({ model, el }, "Load a request", life), report = reportPart(model), id = lib.fresh(), state = () => model.get("state") ?? {};
  let asked = null, seen = "null";
  const ask = (message) => { asked = message; model.send(message); }, refuse = (what) => report.show({ severity: "error", title: `${what} cannot be read.`, rows: [{ severity: "error", message: "It must be text (UTF-8) of up to 1 MiB." }] }, true);
  const load = (words, name) => {
    if (!words.trim()) return text.area.focus();
    if (new Blob([words]).size > MOST) return refuse("This");
    ask({ do: "load", text: words, ...(name && { name }) });
  };
  const file = async (one) => {
    const words = one.size > MOST ? null : decoded(new Uint8Array(await one.arrayBuffer()));
    if (words === null) return refuse(one.name);
    text.put(words);
    load(words, one.name);
  };
  const text = textPart(load, file), pick = h("input", { type: "file", hidden: true, onchange: () => { if (pick.files[0]) file(pick.files[0]); pick.value = ""; } });
  const path = h("input.pw-input", { id, spellcheck: "false", placeholder: "~/alice.yaml" });
  const buttons = acts(model, [["Read it", () => load(text.area.value)], ["Upload a file", () => pick.click()], ["Read this file", () => {
    if (path.value.trim()) ask({ do: "path", path: path.value.trim() });
    else path.focus();
  }]]), reader = buttons.all[2];
  const paths = h(".pw-text", h("label", { for: id }, "Or a file on the notebook's machine"), h(".pw-path", h(".pw-box", path), reader));
  lib.keys(path, { Enter: () => reader.click() });
  body.append(text.node, buttons.node, pick, paths, report.node);
  lib.follow(model, ["state"], () => {
    const { busy, report: said = null } = state(), key = JSON.stringify(said);
    paths.hidden = !state().path;
    buttons.busy(busy && "Reading…");
    if (busy || (key === seen && !asked)) return;
    if (said?.severity === "success" && asked?.text === text.area.value) text.put("");
    // Whoever works elsewhere by now is left there.
    report.show(said, asked && (el.matches(":focus-within") || !document.activeElement.closest(".pw")));
    if (said) asked = null;
    seen = key;
  }, life);
  return life.end;
}

export default {
  initialize() {
    Promise.all([need("lib"), need("sharing"), need("searching")]).then((parts) => {
      [lib, app, { searchBox }] = parts;
      lib.icons.success = lib.icons.check;
      lib.provide({ connection, loader, panel: lazyPanel, paneling: { reportPart, goLink } });
    });
  },
};
