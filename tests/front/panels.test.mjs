import assert from "node:assert/strict";
import test from "node:test";
import { load } from "./load.mjs";

const { added, decoded, differs, grouped, linesOf, outgoing, settled } = await load("panels.js");
const bytes = (...parts) => new Uint8Array(parts.flatMap((part) => (typeof part === "string" ? [...new TextEncoder().encode(part)] : part)));

test("profile and region stand first, then boxes, then checkboxes, each in the kernel's order", () => {
  const field = (name, kind) => ({ name, kind });
  const fields = [field("verify", "flag"), field("region", "suggest"), field("endpoint_url", "text"), field("profile", "suggest"), field("debug", "flag"), field("read_timeout", "number")];
  assert.deepEqual(grouped(fields).map((group) => group.map(({ name }) => name)), [["region", "profile"], ["endpoint_url", "read_timeout"], ["verify", "debug"]]);
  assert.deepEqual(grouped([]), [[], [], []]);
});

test("numbers differ by what they are, other values by their text", () => {
  assert.equal(differs("number", "5.0", "5"), false);
  assert.equal(differs("number", "5", "50"), true);
  assert.equal(differs("number", "", "0"), true);
  assert.equal(differs("text", "5.0", "5"), true);
  assert.equal(differs("text", null, ""), false, "nothing typed is nothing set");
  assert.equal(differs("text", undefined, null), false);
});

test("a box that nobody touched follows the kernel", () => {
  assert.equal(settled("text", "eu-west-1", { known: undefined, held: undefined }), "eu-west-1");
  assert.equal(settled("text", "eu-central-1", { known: "eu-west-1", held: "eu-west-1" }), "eu-central-1");
});

test("what was typed stays through news of other things, and when the kernel refuses it", () => {
  assert.equal(settled("text", null, { known: null, held: "eu-wets-1" }), "eu-wets-1");
  assert.equal(settled("text", null, { known: null, held: "eu-wets-1", sent: "eu-wets-1" }), "eu-wets-1");
});

test("what was sent and used is shown in the kernel's words, unless more was typed meanwhile", () => {
  assert.equal(settled("text", "https://a.example", { known: null, held: "https://a.example/", sent: "https://a.example/" }), "https://a.example");
  assert.equal(settled("text", "one", { known: null, held: "one two", sent: "one" }), "one two");
});

test("values are sent trimmed, empty ones as null, flags as booleans", () => {
  assert.equal(outgoing("text", "  ml "), "ml");
  assert.deepEqual([" ", "", null, undefined].map((held) => outgoing("suggest", held)), [null, null, null, null]);
  assert.equal(outgoing("number", "20"), "20");
  assert.deepEqual(["true", "false", null].map((held) => outgoing("flag", held)), [true, false, null]);
});

test("a log that is told again brings only the lines that are new", () => {
  assert.deepEqual(added([], ["a", "b"]), ["a", "b"]);
  assert.deepEqual(added(["a", "b", "c"], ["b", "c", "d"]), ["d"]);
  assert.deepEqual(added(["a", "b", "c"], ["b", "c"]), []);
  assert.deepEqual(added(["a", "a", "b"], ["a", "b", "a"]), ["a"]);
});

test("a log that does not join what is shown stands alone", () => {
  assert.equal(added(["a", "b"], ["x", "y"]), null);
  assert.equal(added(["a", "b"], []), null);
});

test("text is taken in lines; a line feed at the end begins no line", () => {
  assert.deepEqual(linesOf("a\n\nb\n"), ["a", "", "b"]);
  assert.deepEqual(linesOf("a"), ["a"]);
  assert.deepEqual([linesOf(""), linesOf(null)], [[], []]);
});

test("a file is read as UTF-8, with or without its mark", () => {
  assert.equal(decoded(bytes("größe – ok")), "größe – ok");
  assert.equal(decoded(bytes([0xef, 0xbb, 0xbf], "{}")), "{}");
  assert.equal(decoded(bytes()), "");
});

test("a file that Windows wrote in UTF-16 is read too", () => {
  assert.equal(decoded(bytes([0xff, 0xfe, 0x7b, 0, 0x7d, 0])), "{}");
  assert.equal(decoded(bytes([0xfe, 0xff, 0, 0x7b, 0, 0x7d])), "{}");
});

test("a file that is no text is refused", () => {
  assert.equal(decoded(bytes([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a])), null);
  assert.equal(decoded(bytes("PK", [0, 3, 4])), null);
  assert.equal(decoded(bytes("caf", [0xe9], " latin")), null);
});
