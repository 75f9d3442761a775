import assert from "node:assert/strict";
import test from "node:test";
import { load } from "./load.mjs";

const { families, matching, money, nearest, ordered, placed, told, toward, typeOf } = await load("instances.js");
const row = (name, purpose, vcpu, memory, kind = "", count = 0, chip = "", each = 0, disk = null, network = "", detail = "") => typeOf([name, name.split(".")[1], purpose, vcpu, memory, kind, count, chip, each, disk, network, detail]);
const TYPES = [
  row("system", "", null, null),
  row("ml.t3.medium", "burstable", 2, 4, "", 0, "", 0, null, "up to 5 Gbps", "2 vCPU, 4 GiB"),
  row("ml.m5.12xlarge", "general purpose", 48, 192, "", 0, "", 0, null, "12 Gbps", "48 vCPU, 192 GiB"),
  row("ml.m5.2xlarge", "general purpose", 8, 32, "", 0, "", 0, null, "up to 10 Gbps", "8 vCPU, 32 GiB"),
  row("ml.g5.2xlarge", "GPU", 8, 32, "gpu", 1, "NVIDIA A10G", 22, 450, "up to 10 Gbps", "8 vCPU, 32 GiB, 1 × NVIDIA A10G 22 GiB (24 GB)"),
  row("ml.g5.12xlarge", "GPU", 48, 192, "gpu", 4, "NVIDIA A10G", 22, 3800, "40 Gbps", "48 vCPU, 192 GiB, 4 × NVIDIA A10G 22 GiB (24 GB)"),
  row("ml.trn1.2xlarge", "Trainium", 8, 32, "trainium", 1, "AWS Trainium", 32, 474, "up to 12.5 Gbps", "8 vCPU, 32 GiB, 1 × AWS Trainium 32 GiB"),
];
const names = (types) => types.map(({ name }) => name);

test("a search finds family, purpose, figures and GPUs, every word of it in any case", () => {
  assert.deepEqual(names(matching(TYPES, { text: "g5" })), ["ml.g5.2xlarge", "ml.g5.12xlarge"]);
  assert.deepEqual(names(matching(TYPES, { text: "a10g 24" })), ["ml.g5.2xlarge", "ml.g5.12xlarge"]);
  assert.deepEqual(names(matching(TYPES, { text: " Burstable " })), ["ml.t3.medium"]);
  assert.deepEqual(names(matching(TYPES, { text: "gpu 192 gib" })), ["ml.g5.12xlarge"]);
  assert.deepEqual(matching(TYPES, { text: "(?:" }), []);
});

test("filters are bounds from below, and leave out what has no figures", () => {
  assert.equal(matching(TYPES, {}).length, TYPES.length);
  assert.deepEqual(names(matching(TYPES, { vcpu: "48" })), ["ml.m5.12xlarge", "ml.g5.12xlarge"]);
  assert.deepEqual(names(matching(TYPES, { memory: "5", kind: "none" })), ["ml.m5.12xlarge", "ml.m5.2xlarge"]);
  assert.deepEqual(names(matching(TYPES, { kind: "trainium" })), ["ml.trn1.2xlarge"]);
  assert.deepEqual(names(matching(TYPES, { family: "m5", vcpu: "16" })), ["ml.m5.12xlarge"]);
});

test("a column sorts by its figure, smaller memory first where it is the same, and what is unknown comes last either way", () => {
  const vcpu = (one) => one.vcpu;
  assert.deepEqual(names(ordered(TYPES, vcpu, false)), ["ml.t3.medium", "ml.g5.2xlarge", "ml.m5.2xlarge", "ml.trn1.2xlarge", "ml.g5.12xlarge", "ml.m5.12xlarge", "system"]);
  assert.deepEqual(names(ordered(TYPES, vcpu, true)).slice(-2), ["ml.t3.medium", "system"]);
  assert.deepEqual(names(ordered(TYPES, (one) => one.name, false)).slice(0, 4), ["ml.g5.2xlarge", "ml.g5.12xlarge", "ml.m5.2xlarge", "ml.m5.12xlarge"]);
  assert.deepEqual(names(ordered(TYPES, (one) => one.device, false)).slice(0, 3), ["ml.trn1.2xlarge", "ml.g5.2xlarge", "ml.g5.12xlarge"]);
  assert.equal(TYPES[0].name, "system");
});

test("types stand by memory over vCPU, inside the picture, and those without figures do not", () => {
  for (const [width, height] of [[1000, 350], [320, 290]]) {
    const { points } = placed(TYPES, { width, height }), at = (name) => points.find(({ one }) => one.name === name);
    assert.equal(points.length, TYPES.length - 1);
    assert.ok(points.every(({ x, y }) => x > 40 && x < width - 20 && y > 10 && y < height - 30));
    assert.ok(at("ml.t3.medium").x < at("ml.m5.2xlarge").x && at("ml.m5.2xlarge").x < at("ml.m5.12xlarge").x);
    assert.ok(at("ml.t3.medium").y > at("ml.m5.2xlarge").y && at("ml.m5.2xlarge").y > at("ml.m5.12xlarge").y);
  }
});

test("types with the same figures stand side by side, each with a place of its own", () => {
  const many = Array.from({ length: 11 }, (_, index) => row(`ml.m${index}.large`, "", 8, 32)), { points, size } = placed([...many, TYPES[1], TYPES[2]], { width: 1000, height: 350 });
  for (const one of points) for (const other of points) if (one !== other) assert.ok(Math.hypot(one.x - other.x, one.y - other.y) >= 2 * size);
});

test("one type alone has a place too", () => {
  const [{ x, y }] = placed([TYPES[1]], { width: 500, height: 300 }).points;
  assert.ok(Number.isFinite(x) && Number.isFinite(y));
  assert.deepEqual(placed([TYPES[0]], { width: 500, height: 300 }).points, []);
});

test("arrow keys go to the next type in their direction and stay at the edge", () => {
  const points = [[0, 0], [10, 1], [20, 0], [10, 30]].map(([x, y]) => ({ x, y }));
  assert.equal(toward(points, points[0], 1, 0), points[1]);
  assert.equal(toward(points, points[1], 1, 0), points[2]);
  assert.equal(toward(points, points[2], 1, 0), points[2]);
  assert.equal(toward(points, points[1], 0, 1), points[3]);
  assert.equal(toward(points, points[3], 0, -1), points[1]);
});

test("the pointer takes the nearest type within reach", () => {
  const points = [{ x: 0, y: 0 }, { x: 10, y: 0 }];
  assert.equal(nearest(points, 6, 0, 14), points[1]);
  assert.equal(nearest(points, 40, 0, 14), undefined);
});

test("money has the sign of its currency and no more digits than it needs", () => {
  assert.equal(money(0.05, "USD"), "$0.050");
  assert.equal(money(0.0116, "USD"), "$0.0116");
  assert.equal(money(0.0116, "USD", 3), "$0.012");
  assert.equal(money(1234.5, "USD"), "$1,234.500");
  assert.equal(money(0.4, "CNY"), "CNY 0.400");
});

test("a line tells everything that is known of a type", () => {
  assert.equal(told(TYPES[4], 1.515, "USD"), "8 vCPU, 32 GiB, 1 × NVIDIA A10G 22 GiB (24 GB) · 450 GB local disk · network up to 10 Gbps · $1.515 an hour");
  assert.equal(told(TYPES[1]), "2 vCPU, 4 GiB · burstable · network up to 5 Gbps");
  assert.equal(told(row("ml.new.large", "", null, null, "", 0, "", 0, null, "", "facts unknown")), "facts unknown");
});

test("families are grouped by what they are for, with their GPUs", () => {
  assert.deepEqual(families(TYPES), [["burstable", [["t3", "t3"]]], ["general purpose", [["m5", "m5"]]], ["GPU", [["g5", "g5 · NVIDIA A10G"]]], ["Trainium", [["trn1", "trn1 · AWS Trainium"]]]]);
});
