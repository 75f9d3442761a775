// The widgets "form" and "section": what is collapsed, what a closed section says of what is in it, and the way to a setting.

const slot = (globalThis[Symbol.for("pw.@KIT@")] ??= { kinds: {}, open: {} });
let lib;

// Wait up to 10 s for the element of `path` (an entry of a list of texts is its field), then take the nearest thing around it; focus it.
async function goTo(el, path, life) {
  const { FOCUS } = lib;
  const find = (fits) => [...el.querySelectorAll("[data-path]")].find((node) => fits(node.dataset.path, node) && node.querySelector(FOCUS));
  let node;
  for (let tries = 0; !node && tries < 100; tries += 1) {
    if (tries) await new Promise((done) => setTimeout(done, 100));
    if (life.signal.aborted) return;
    node = find((one) => one === path) ?? find((one, { classList }) => classList.contains("pw-field") && path.startsWith(`${one}[`));
  }
  for (let near = path; !node && near; near = near.replace(/([.[]|^)[^.[]*$/, "")) node = find((one) => one === near);
  if (!node) return;
  for (let up = node; up !== el; up = up.parentElement) {
    up.hidden = false;
    up.querySelector(":scope > .pw-head .pw-opener[aria-expanded=false]")?.click();
  }
  lib.scrollTo(node, "center");
  node.querySelector(FOCUS).focus({ preventScroll: true });
  node.classList.add("pw-flash");
  setTimeout(() => node.classList.remove("pw-flash"), 1600);
}

function form({ model, el }) {
  const { h, fill, icon, follow } = lib, life = lib.begin(el, "form", model), busy = h(".pw-busy", { role: "status" }), said = h("div"), wrong = h("div"), parts = h(".pw-parts");
  const none = h("p.pw-wait", "Nothing matches."), tools = h(".pw-all", ["Expand", "Collapse"].map((word) => lib.button("link", `${word} all`, () => model.send({ do: word.toLowerCase() }))));
  el.append(busy, said, wrong, tools, none, parts);
  let entries = [];
  // Each group's heading stands over the first of its sections that is shown.
  const draw = () => {
    let last = "";
    fill(wrong, lib.problemList(model.get("board")[""]?.problems, model));
    none.hidden = !model.get("only");
    for (const { box, model: child } of entries) {
      box.querySelector(":scope > .pw-group")?.remove();
      if (!child || !lib.seen(model, child, box)) continue;
      const group = child.get("group");
      if (group && group !== last) box.prepend(h("h2.pw-group", group));
      last = group;
      none.hidden = true;
    }
  };
  lib.childViews(model, parts, life, { change: (all) => { entries = all; draw(); } });
  follow(model, ["only", "board"], draw, life);
  follow(model, ["busy"], () => {
    const words = model.get("busy");
    fill(busy, words && icon("working"), words);
    // What were typed into the sections now would be replaced by what is being loaded.
    lib.attr(parts, { inert: !!words, "aria-busy": !!words });
  }, life);
  follow(model, ["notice"], () => lib.notice(said, model.get("notice")), life);
  follow(model, ["toolbar"], () => { tools.hidden = !model.get("toolbar"); }, life);
  lib.listen(model, "msg:custom", (message) => { if (message?.do === "focus") goTo(el, message.path, life); }, life);
  return life.end;
}

function sectionHead({ model, el }, body, wrong, life) {
  const { h, attr, fill, pill, count } = lib, id = lib.fresh(), title = h("span.pw-title"), told = h("span.pw-summary", { id: `${id}-a` }), pills = h("span.pw-pills", { id: `${id}-b` });
  const opener = lib.button("opener", [lib.icon("chevron"), title], () => lib.save(model, "expanded", !model.get("expanded")), { id, "aria-controls": body.id, "aria-describedby": `${id}-a ${id}-b` });
  attr(body, { "aria-labelledby": id });
  lib.follow(model, ["title"], () => fill(title, model.get("title")), life);
  lib.onBoard(model, el, (board, form) => {
    const path = model.get("path"), { text, changed, error, warning } = lib.summary(board, lib.places(model));
    fill(wrong, path && lib.problemList(board[path]?.problems, form));
    fill(told, (model.get("level") !== 2 || text !== "nothing set") && text);
    fill(pills, model.get("sealed") && pill("sealed", "read-only", "lock"), changed && pill("changed", `${changed} changed`), error && pill("error", count(error, "problem")), warning && pill("warning", count(warning, "warning")));
  }, life);
  return [h(".pw-head", h(`h${3 + (model.get("level") ?? 0)}`, opener), told, pills, lib.dots(model, life)), opener];
}

function section({ model, el }) {
  const { h, fill, icon, follow } = lib, life = lib.begin(el, "section", model), body = h(".pw-body", { id: lib.fresh(), role: "region" }), parts = h(".pw-parts");
  const wait = h("p.pw-wait"), wrong = h("div"), [head, opener] = sectionHead({ model, el }, body, wrong, life);
  el.classList.add(`pw-level-${model.get("level") ?? 0}`);
  const seal = h("p.pw-seal");
  follow(model, ["sealed", "level"], () => fill(seal, !model.get("level") && model.get("sealed") && [icon("lock"), model.get("sealed")]), life);
  body.append(seal, lib.helpLine(model.get("title"), model.get("help"), model.get("more"), h("code", model.get("api"))), wrong, wait, parts);
  el.append(head, body);
  let shown = false, timer = 0;
  const lacking = () => {
    clearTimeout(timer);
    fill(wait);
    if (model.get("expanded") && !model.get("children")?.length) timer = setTimeout(() => fill(wait, icon("working"), "Loading…"), 200);
  };
  follow(model, ["expanded"], () => {
    const open = model.get("expanded");
    body.hidden = !open;
    lib.attr(opener, { "aria-expanded": open });
    if (open && !shown) lib.childViews(model, parts, life);
    shown ||= open;
    lacking();
  }, life);
  lib.listen(model, "change:children", lacking, life);
  return life.end;
}

export default {
  initialize() {
    (slot.kinds.lib ??= new Promise((done) => { slot.open.lib = done; })).then((kit) => {
      lib = Object.assign(kit, { goTo });
      lib.provide({ form, section });
    });
  },
};
