import assert from "node:assert/strict";
import test from "node:test";
import { load } from "./load.mjs";

const { copyWords, effectWords, tickedOf, waysFor } = await load("starting.js");
const part = (name, changes, more = {}) => ({ name, changes, on: true, reason: "", ...more });
const open = { into: "alice", stop: "" };

test("the button says how many parts go where", () => {
  assert.deepEqual(copyWords([part("A", 1), part("B", 0)], open), { text: "Copy 2 parts into alice", reason: "" });
  assert.equal(copyWords([part("A", 3)], open).text, "Copy 1 part into alice");
});

test("a button that can do nothing says why", () => {
  assert.equal(copyWords([], open).reason, "Tick what shall be copied.");
  assert.equal(copyWords([part("A", 0)], open).reason, "The form of alice holds all of it already.");
  assert.deepEqual(copyWords([part("A", null)], { into: "", stop: "Open one." }), { text: "Copy 1 part into the form", reason: "Open one." });
});

test("each part says what copying it does, or why it cannot be copied", () => {
  assert.equal(effectWords(part("A", 1), "replace"), "1 change");
  assert.equal(effectWords(part("A", 4), "add"), "4 changes");
  assert.deepEqual(["replace", "add"].map((way) => effectWords(part("A", 0), way)), ["same as here", "nothing to add"]);
  assert.equal(effectWords(part("A", 2, { reason: "Locked." }), "replace"), "Locked.");
  assert.equal(effectWords(part("A", null), "replace"), "");
});

test("what is ticked is the person's, and where they said nothing the kernel's", () => {
  const rows = [part("A", 1), part("B", 1, { on: false }), part("C", 1, { reason: "Locked." })];
  assert.deepEqual(tickedOf(rows, {}).map(({ name }) => name), ["A"]);
  assert.deepEqual(tickedOf(rows, { A: false, B: true, C: true }).map(({ name }) => name), ["B"]);
});

test("only of a stored profile something stays that nobody can take out", () => {
  assert.match(waysFor(false)[0][2], /unsets nothing/);
  assert.doesNotMatch(waysFor(true)[0][2], /unsets/);
});
