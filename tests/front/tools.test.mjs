import assert from "node:assert/strict";
import test from "node:test";
import { load } from "./load.mjs";

const { asked, byGroup, deedWords, typing } = await load("tools.js");
const key = (name, ...held) => ({ key: name, ctrlKey: held.includes("ctrl"), metaKey: held.includes("cmd"), shiftKey: held.includes("shift"), altKey: held.includes("alt") });

test("the keys of undo and redo are those of every editor, on a Mac too", () => {
  assert.deepEqual([key("z", "ctrl"), key("z", "cmd")].map(asked), ["undo", "undo"]);
  assert.deepEqual([key("Z", "ctrl", "shift"), key("Z", "cmd", "shift"), key("y", "ctrl")].map(asked), ["redo", "redo", "redo"]);
});

test("other keys are left to others", () => {
  const others = [key("z"), key("Z", "shift"), key("y", "cmd"), key("Y", "ctrl", "shift"), key("z", "ctrl", "alt"), key("x", "ctrl"), key("/"), key("Escape")];
  assert.deepEqual(others.map(asked), others.map(() => null));
});

test("a box that holds untaken typing keeps the browser's own undo", () => {
  assert.equal(typing({ localName: "input", type: "text", value: "45", dirty: true }), true);
  assert.equal(typing({ localName: "textarea", type: "textarea", value: "one" }), true);
  assert.equal(typing({ localName: "input", type: "search", value: "idle" }), true);
});

test("a box whose text is the setting's value, an empty one, a list and a button do not", () => {
  assert.equal(typing({ localName: "input", type: "text", value: "45", dirty: false }), false);
  assert.equal(typing({ localName: "textarea", type: "textarea", value: "" }), false);
  assert.equal(typing({ localName: "input", type: "search", value: "" }), false);
  assert.equal(typing({ localName: "select", type: "select-one", value: "ENABLED" }), false);
  assert.equal(typing({ localName: "button", type: "button", value: "" }), false);
});

test("undo and redo say what they do, or that there is nothing to do", () => {
  assert.equal(deedWords("Undo", { enabled: true, label: "Instance type" }), "Undo: Instance type");
  assert.equal(deedWords("Redo", { enabled: true, label: "" }), "Redo");
  assert.equal(deedWords("Redo", { enabled: false, label: "" }), "Nothing to redo");
  assert.equal(deedWords("Undo", undefined), "Nothing to undo");
});

test("rows come together under their groups, in the order in which the groups come", () => {
  const rows = [["Studio", "a", "A", "1", "set here"], ["Canvas", "b", "B", "2", "set here"], ["Studio", "c", "C", null, "from the domain"]];
  assert.deepEqual(byGroup(rows), [["Studio", [["a", "A", "1", "set here"], ["c", "C", null, "from the domain"]]], ["Canvas", [["b", "B", "2", "set here"]]]]);
  assert.deepEqual(byGroup([]), []);
});
