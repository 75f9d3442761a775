import assert from "node:assert/strict";
import test from "node:test";
import { load } from "./load.mjs";

const ctx = (kind) => ({ model: { get: () => kind } });

test("a widget waits for its renderer, which may come later", async () => {
  const { default: loader } = await load("loader.js", "later");
  const waiting = loader.render(ctx("greeting"));
  const slot = globalThis[Symbol.for("pw.later")];
  slot.open.greeting(() => "drawn");
  assert.equal(await waiting, "drawn");
  assert.equal(await loader.render(ctx("greeting")), "drawn");
});

test("the code's own order of arrival does not matter", async () => {
  const { default: loader } = await load("loader.js", "order");
  const parts = await Promise.all(["tools.js", "review.js", "app.js", "fields.js", "searching.js", "form.js", "kit.js"].map((name) => load(name, "order")));
  for (const { default: part } of parts) part.initialize();
  const slot = globalThis[Symbol.for("pw.order")];
  for (const kind of ["form", "section", "field", "items", "place", "stack", "chooser", "review", "result", "tools", "effective"]) {
    assert.equal(typeof await (slot.kinds[kind] ?? new Promise((done) => { slot.open[kind] = done; })), "function", kind);
  }
  assert.equal(typeof loader.render, "function");
});

test("code that is brought twice is used once", async () => {
  const { default: kit } = await load("kit.js", "twice");
  kit.initialize();
  const before = await globalThis[Symbol.for("pw.twice")].kinds.lib;
  kit.initialize();
  assert.equal(await globalThis[Symbol.for("pw.twice")].kinds.lib, before);
});

test("two versions of the kit do not share a slot", async () => {
  await load("loader.js", "one");
  await load("loader.js", "two");
  assert.notEqual(globalThis[Symbol.for("pw.one")], globalThis[Symbol.for("pw.two")]);
});

test("initialising does not wait: it returns at once", async () => {
  for (const name of ["kit.js", "form.js", "searching.js", "fields.js", "app.js", "review.js", "tools.js"]) assert.equal((await load(name, `at once ${name}`)).default.initialize(), undefined);
});
