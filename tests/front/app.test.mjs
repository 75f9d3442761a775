import assert from "node:assert/strict";
import test from "node:test";
import { load } from "./load.mjs";

const { accountWords, meanwhile, placeLine } = await load("app.js");

test("an account number is read in fours, anything else as it is", () => {
  assert.equal(accountWords("123456789012"), "1234-5678-9012");
  assert.equal(accountWords("sandbox"), "sandbox");
});

test("the place leaves out what is not known", () => {
  assert.equal(placeLine({ region: "eu-west-1", account: "123456789012", caller: "role DataScientist" }), "eu-west-1 · account 1234-5678-9012 · role DataScientist");
  assert.equal(placeLine({ region: "eu-west-1", account: "", caller: null }), "eu-west-1");
  assert.equal(placeLine({}), "");
});

test("a list that waits for an answer shows what it has of it already", () => {
  const rows = [["d-1", "", "research"], ["d-2", "", "Studio"]], found = (...asked) => meanwhile(rows, ...asked).map(([value]) => value);
  assert.deepEqual(found("", "stud"), ["d-2"], "in any case");
  assert.deepEqual(found("", "d-1"), ["d-1"], "by value too");
  assert.deepEqual(found("d-", "d-2"), ["d-2"], "a longer text narrows");
  assert.deepEqual(found("D-", "d-"), ["d-1", "d-2"]);
  assert.deepEqual(found("stud", ""), [], "a shorter text may have other rows");
  assert.deepEqual(found("stud", "res"), []);
});
