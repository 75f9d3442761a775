import assert from "node:assert/strict";
import test from "node:test";
import { load } from "./load.mjs";

const { filterRows, fit, typedValue } = await load("searching.js");
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
