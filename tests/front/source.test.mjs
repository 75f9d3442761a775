import assert from "node:assert/strict";
import test from "node:test";
import { sent, text } from "./load.mjs";

const KIB = 1024, MODULES = ["loader.js", "kit.js", "form.js", "searching.js", "fields.js", "app.js", "review.js", "tools.js", "panels.js", "instances.js", "starting.js"], STYLES = ["kit.css", "fields.css", "app.css", "tools.css", "panels.css", "instances.css", "starting.css"];
const size = (...names) => names.reduce((sum, name) => sum + Buffer.byteLength(sent(name)), 0);

test("what a form sends first stays small, and so does each module after it", () => {
  assert.ok(size("loader.js") <= 400, `loader: ${size("loader.js")}`);
  assert.ok(size("kit.js", "form.js", "kit.css") <= 22.5 * KIB, `kit: ${size("kit.js", "form.js", "kit.css")}`);
  assert.ok(size("searching.js", "fields.js") <= 24 * KIB, `fields: ${size("searching.js", "fields.js")}`);
  assert.ok(size("app.js", "review.js") <= 21 * KIB, `app: ${size("app.js", "review.js")}`);
  assert.ok(size("tools.js") <= 12 * KIB, `tools: ${size("tools.js")}`);
  assert.ok(size("panels.js") <= 12.5 * KIB, `panels: ${size("panels.js")}`);
  assert.ok(size("starting.js") <= 9 * KIB, `starting: ${size("starting.js")}`);
  assert.ok(size("instances.js") <= 19.5 * KIB, `instances: ${size("instances.js")}`);
});

test("no text can become markup or code", () => {
  for (const name of MODULES) assert.doesNotMatch(text(name), /innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function|setAttribute\("style"|javascript:/, name);
});

test("nothing is fetched from anywhere", () => {
  for (const name of MODULES) assert.doesNotMatch(sent(name).replace("http://www.w3.org/2000/svg", ""), /https?:|\bfetch\(|XMLHttpRequest|WebSocket|\bimport[ (]/, name);
  for (const name of STYLES) assert.doesNotMatch(text(name), /url\(|@import/, name);
});

test("lines can be stripped: no comment after code, no text over several lines", () => {
  for (const name of MODULES) {
    for (const line of text(name).split("\n")) {
      if (line.trim().startsWith("//")) continue;
      assert.doesNotMatch(line.replace(/"[^"]*"|`[^`]*`|\/[^/ ]+\/[gi]*/g, ""), /\/\/|\/\*/, `${name}: ${line}`);
      assert.equal((line.match(/`/g) ?? []).length % 2, 0, `${name}: ${line}`);
    }
  }
});

test("every rule of the style sheets keeps to the kit's own classes", () => {
  for (const name of STYLES) {
    const rules = text(name).replace(/\/\*.*?\*\//gs, "").replace(/@keyframes[^{]*\{(?:[^{}]*\{[^{}]*\})*\s*\}/g, "").replace(/@[^{]*\{/g, "");
    for (const [, selector] of rules.matchAll(/(?:^|\})\s*([^{}]+)\{/g)) assert.match(selector, /\.pw\b|\.pw-/, `${name}: ${selector}`);
  }
});
