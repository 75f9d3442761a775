import assert from "node:assert/strict";
import test from "node:test";
import { load } from "./load.mjs";

const { addEntries, controlOf, emptyWords, entryOf, ghostTitle, moved, originPill, shortName, splitEntries } = await load("fields.js");

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
