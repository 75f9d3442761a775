import assert from "node:assert/strict";
import test from "node:test";
import { load } from "./load.mjs";

const { addEntries, controlOf, emptyWords, entryOf, filterRows, fit, ghostTitle, moved, originPill, shortName, splitEntries, typedValue } = await load("fields.js");
const TYPES = [["ml.t3.medium", "2 vCPU · 4 GiB"], ["ml.g5.xlarge", "4 vCPU · 16 GiB · 1 × A10G 24 GiB"], ["ml.g5.12xlarge", "48 vCPU · 192 GiB · 4 × A10G"]];

test("a search finds names and details, every word of it", () => {
  assert.deepEqual(filterRows(TYPES, "g5 12x").rows.map(([value]) => value), ["ml.g5.12xlarge"]);
  assert.deepEqual(filterRows(TYPES, "A10G 16").rows.map(([value]) => value), ["ml.g5.xlarge"]);
  assert.deepEqual(filterRows(TYPES, "nothing"), { rows: [], total: 0 });
});

test("what begins with the typed text comes first, then names, then details", () => {
  const rows = [["other", "about role"], ["my-role", ""], ["role-1", ""]];
  assert.deepEqual(rows.map((row) => fit(row, "ROLE")), [2, 1, 0]);
  assert.deepEqual(filterRows(rows, "role").rows.map(([value]) => value), ["role-1", "my-role", "other"]);
});

test("without a search all rows come in their order, and never more than asked for", () => {
  const many = Array.from({ length: 500 }, (_, index) => [`row-${index}`, ""]);
  assert.equal(filterRows(many, "  ").rows.length, 200);
  assert.equal(filterRows(many, "").total, 500);
  assert.deepEqual(filterRows(many, "row", 3), { rows: many.slice(0, 3), total: 500 });
});

test("a search with the signs of regular expressions is plain text", () => {
  assert.equal(filterRows([["a(b", ""]], "(").total, 1);
  assert.equal(filterRows(TYPES, ".*").total, 0);
});

test("pasted text is split at commas, semicolons, spaces and lines", () => {
  assert.deepEqual(splitEntries(" sg-1, sg-2;sg-3\nsg-4\tsg-5 ,, "), ["sg-1", "sg-2", "sg-3", "sg-4", "sg-5"]);
  assert.deepEqual(splitEntries(" ,; "), []);
});

test("entries are added at the end, and exact repeats are left out", () => {
  assert.deepEqual(addEntries(["a", "b"], "b c, c A"), ["a", "b", "c", "A"]);
});

test("repeats that were stored are kept as they are", () => {
  assert.deepEqual(addEntries(["a", "a"], "b"), ["a", "a", "b"]);
});

test("an entry moves to another place, and nothing moves out of the list", () => {
  const list = ["a", "b", "c"];
  assert.deepEqual(moved(list, 0, 2), ["b", "c", "a"]);
  assert.deepEqual(moved(list, 2, 1), ["a", "c", "b"]);
  assert.deepEqual(moved(list, 0, -1), list);
  assert.deepEqual(moved(list, 2, 3), list);
  assert.deepEqual(list, ["a", "b", "c"]);
});

test("an empty box says whether it is absent, inherited or explicitly empty", () => {
  assert.equal(emptyWords(null, {}), "not set");
  assert.equal(emptyWords(null, {}, "add…"), "add…");
  assert.equal(emptyWords(null, { origin: "domain", ghost: "ml.t3.medium" }), "ml.t3.medium, from the domain");
  assert.equal(emptyWords("", { origin: "empty", ghost: "x" }), "explicitly empty");
  assert.equal(emptyWords([], {}), "explicitly empty");
  assert.equal(emptyWords("set", { ghost: "inherited" }), "inherited, from the domain");
});

test("an inherited ARN is named, and its title says all of it", () => {
  const role = "arn:aws:iam::123456789012:role/service-role/Studio-Role", other = "arn:aws:iam::123456789012:role/Other";
  assert.equal(emptyWords(null, { ghost: role }), "Studio-Role, from the domain");
  assert.equal(emptyWords(null, { ghost: `${role}, ${other}` }), "Studio-Role, Other, from the domain");
  assert.equal(ghostTitle(null, { ghost: `${role}, ${other}` }), `${role}, ${other}`);
  assert.equal(ghostTitle(null, { ghost: "ml.t3.medium" }), null);
  assert.equal(ghostTitle(null, {}), null);
  for (const value of [other, "", []]) assert.equal(ghostTitle(value, { ghost: role }), null);
});

test("an ARN is known by its last part, other text is left alone", () => {
  assert.equal(shortName("arn:aws:sagemaker:eu-west-1:123456789012:studio-lifecycle-config/git-setup"), "git-setup");
  assert.equal(shortName("arn:aws:sns:eu-west-1:123456789012:topic"), "arn:aws:sns:eu-west-1:123456789012:topic");
  assert.equal(shortName("https://github.com/example/handbook"), "https://github.com/example/handbook");
  assert.equal(shortName("arn:aws:s3:::bucket/"), "arn:aws:s3:::bucket/");
  assert.equal(shortName("arn:aws:sagemaker:eu-west-1:123456789012:image-version/research-pytorch/3"), "research-pytorch/3");
});

test("typed text becomes a value: trimmed, in the listed case, null when there is none", () => {
  assert.equal(typedValue("  45 ", []), "45");
  assert.equal(typedValue("ML.G5.XLARGE", TYPES), "ml.g5.xlarge");
  assert.equal(typedValue("ml.future.large", TYPES), "ml.future.large");
  assert.equal(typedValue("   ", TYPES), null);
  assert.equal(typedValue("a", [["A", ""], ["a", ""]]), "a");
});

test("the name of one row stands for its value, a name of several for itself", () => {
  const rows = [["arn:1", "", "Analyst"], ["arn:2", "", "Engineer"], ["arn:3", "", "Engineer"], ["Builder", "", "Analyst 2"]];
  assert.equal(typedValue(" Analyst ", rows), "arn:1");
  assert.equal(typedValue("analyst", rows), "analyst");
  assert.equal(typedValue("Engineer", rows), "Engineer");
  assert.equal(typedValue("Builder", rows), "Builder");
  assert.equal(typedValue("", [["x", "", ""]]), null);
});

test("numbers are not touched: neither clamped nor made round", () => {
  for (const typed of ["-5", "45.5", "abc", "00060", "9".repeat(40)]) assert.equal(typedValue(typed, []), typed);
});

test("short choices are a select, long or shared or suggested ones a searchable box, locked ones a text", () => {
  assert.equal(controlOf({ input: "choice", locked: "", many: 12, from: "" }), "select");
  assert.equal(controlOf({ input: "choice", locked: "", many: 13, from: "" }), "box");
  assert.equal(controlOf({ input: "choice", locked: "", many: 0, from: "model" }), "box");
  assert.equal(controlOf({ input: "choice", locked: "by policy", many: 2, from: "" }), "box");
  assert.equal(controlOf({ input: "text", locked: "", many: 3, from: "" }), "box");
  assert.equal(controlOf({ input: "list", locked: "", many: 3, from: "" }), "list");
});

test("a field with nothing to say has no pill", () => {
  assert.equal(originPill({}), null);
  assert.deepEqual(originPill({ unset: "AWS default" }), ["faint", "AWS default"]);
  assert.deepEqual(originPill({ origin: "set", unset: "AWS default" }), ["set", "set here"]);
  assert.equal(originPill({ origin: "newer" }), null);
  assert.deepEqual(originPill({ origin: "domain" }), ["plain", "from the domain"]);
});

test("a list takes the problems of its entries, a text does not", () => {
  const wrong = (message) => ({ severity: "error", message });
  const board = { Arns: { origin: "set", problems: [wrong("too many")] }, "Arns[1]": { problems: [wrong("no ARN")] }, "Arns[2]": {}, "ArnsOther[0]": { problems: [wrong("x")] }, "Arns[0].Name": { problems: [wrong("y")] } };
  assert.deepEqual(entryOf(board, "Arns", true), { origin: "set", at: [1], problems: [wrong("too many"), wrong("no ARN")] });
  assert.deepEqual(entryOf(board, "Arns", false).problems, [wrong("too many")]);
  assert.deepEqual(entryOf({}, "Arns", true), { at: [], problems: [] });
});
