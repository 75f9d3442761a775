import assert from "node:assert/strict";
import test from "node:test";
import { load } from "./load.mjs";

const { count, idOf, isDark, shows, spot, summary, under } = await load("kit.js");
const entry = (origin, more = {}) => ({ origin, changed: false, problems: [], ...more });

test("dark and light colours are told apart, as browsers write them", () => {
  assert.equal(isDark("rgb(17, 17, 17)"), true);
  assert.equal(isDark("rgb(255, 255, 255)"), false);
  assert.equal(isDark("color(srgb 0.1 0.1 0.12)"), true);
  assert.equal(isDark("color(srgb 0.9 0.95 1)"), false);
});

test("a transparent colour says nothing of the page", () => {
  assert.equal(isDark("rgba(0, 0, 0, 0)"), null);
  assert.equal(isDark("transparent"), null);
  assert.equal(isDark(""), null);
});

test("a word has its plural, also at none", () => {
  assert.deepEqual([0, 1, 2].map((number) => count(number, "problem")), ["0 problems", "1 problem", "2 problems"]);
});

test("a path covers itself, its members and its items, not a longer name", () => {
  assert.equal(under("App", "App"), true);
  assert.equal(under("App", "App.Role"), true);
  assert.equal(under("App", "App[0].Name"), true);
  assert.equal(under("App", "AppSettings"), false);
  assert.equal(under("", "Anything"), true);
});

test("a form without a filter shows everything", () => {
  assert.equal(shows(null, ["App"]), true);
});

test("a filter shows what it names, what is around that and what is inside it", () => {
  const only = { paths: ["App.Idle.Minutes", "Images"] };
  assert.deepEqual(["App", "App.Idle", "App.Idle.Minutes", "App.Role", "AppImages"].map((path) => shows(only, [path])), [true, true, true, false, false]);
  assert.equal(shows(only, ["Images[2].Name"]), true);
  assert.equal(shows({ paths: ["Arns[1]"] }, ["Arns"]), true, "an entry's problem shows its list");
});

test("a section of loose members is shown with any of them, and nothing with an empty filter", () => {
  assert.equal(shows({ paths: ["SecurityGroups"] }, ["ExecutionRole", "SecurityGroups"]), true);
  assert.equal(shows({ paths: ["StudioWebPortal"] }, ["ExecutionRole", "SecurityGroups"]), false);
  assert.equal(shows({ paths: [] }, ["ExecutionRole"]), false);
});

test("a section with nothing on the board says that nothing is set", () => {
  assert.deepEqual(summary({}, ["App"]), { text: "nothing set", changed: 0, error: 0, warning: 0 });
});

test("a section that only inherits says so without a number", () => {
  assert.equal(summary({ "App.Role": entry("domain"), "App.Image": entry("domain") }, ["App"]).text, "from the domain");
});

test("a section counts what is set, empty and inherited, what changed and what is wrong", () => {
  const board = {
    "App.Role": entry("set", { changed: true }),
    "App.Image": entry("set"),
    "App.Arns": entry("empty"),
    "App.Type": entry("domain", { problems: [{ severity: "error" }, { severity: "warning" }, { severity: "information" }] }),
    "Other.Role": entry("set", { changed: true }),
  };
  assert.deepEqual(summary(board, ["App"]), { text: "2 set here, 1 explicitly empty, 1 from the domain", changed: 1, error: 1, warning: 1 });
});

test("a section of loose members sums up just those", () => {
  const board = { ExecutionRole: entry("set"), SecurityGroups: entry("domain"), StudioWebPortal: entry("set") };
  assert.equal(summary(board, ["ExecutionRole", "SecurityGroups"]).text, "1 set here, 1 from the domain");
});

test("what is inside an item counts for the item's section, its problems for all around it", () => {
  const board = { "App.Images": entry("set"), "App.Images[0].Name": { inner: true, changed: true, problems: [{ severity: "error" }] } };
  assert.deepEqual(summary(board, ["App"]), { text: "1 set here", changed: 0, error: 1, warning: 0 });
  assert.equal(summary(board, ["App.Images[0]"]).changed, 1);
});

test("an entry with only problems is counted without an origin", () => {
  assert.deepEqual(summary({ "App.Role": { problems: [{ severity: "error" }] } }, ["App"]), { text: "nothing set", changed: 0, error: 1, warning: 0 });
});

test("a floating list goes under its box, and over it where there is more room", () => {
  const view = { innerWidth: 1000, innerHeight: 800 }, size = { offsetWidth: 300, offsetHeight: 200 };
  assert.deepEqual(spot({ left: 100, right: 400, top: 100, bottom: 134 }, size, view, false), { left: 100, top: 138, maxHeight: 360 });
  assert.deepEqual(spot({ left: 100, right: 400, top: 700, bottom: 734 }, size, view, false), { left: 100, top: 496, maxHeight: 360 });
});

test("a floating list stays in the window and is never higher than its room", () => {
  const narrow = { innerWidth: 320, innerHeight: 300 }, size = { offsetWidth: 300, offsetHeight: 900 };
  const at = spot({ left: 200, right: 310, top: 100, bottom: 130 }, size, narrow, true);
  assert.equal(at.left, 10);
  assert.equal(spot({ left: 200, right: 310, top: 100, bottom: 130 }, size, narrow, false).left, 12);
  assert.ok(at.top + at.maxHeight <= 300);
});

test("a reference gives the model's id with and without the widget prefix", () => {
  assert.equal(idOf("IPY_MODEL_4f2a"), "4f2a");
  assert.equal(idOf("4f2a"), "4f2a");
});
