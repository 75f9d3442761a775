// How the tests load a module of the front end: from its text, as a page does, so that no package.json is needed.
import { readFileSync } from "node:fs";

const STATIC = new URL("../../profile_widgets/widgets/static/", import.meta.url);

export function text(name) {
  return readFileSync(new URL(name, STATIC), "utf8");
}

// The source as it is sent: without indentation, empty lines and lines that are wholly a comment; a style sheet in one line.
export function sent(name) {
  const lines = text(name).split("\n").map((line) => line.trim());
  return lines.filter((line) => line && !line.startsWith("//") && !line.startsWith("/*")).join(name.endsWith(".css") ? "" : "\n");
}

// A module, with `kit` in the place of the digest that Python writes, so that tests do not share a slot.
export function load(name, kit = "@KIT@") {
  return import(`data:text/javascript,${encodeURIComponent(sent(name).replaceAll("@KIT@", kit))}`);
}
