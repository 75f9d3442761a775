import assert from "node:assert/strict";
import test from "node:test";
import { load } from "./load.mjs";

const { elapsed, fileName, judged, since } = await load("review.js");

test("a download is named for its format, and safe on every system", () => {
  assert.equal(fileName("json", "{}"), "user-profile-json.json");
  assert.equal(fileName("yaml", "DomainId: d-1"), "user-profile-yaml.yaml");
  assert.equal(fileName("cli", "aws sagemaker"), "user-profile-cli.sh");
  assert.equal(fileName("boto3", "import boto3"), "user-profile-boto3.py");
  assert.equal(fileName("cloudformation", "Resources:"), "user-profile-cloudformation.yaml");
  assert.equal(fileName("cloudformation", "\n{"), "user-profile-cloudformation.json");
  assert.equal(fileName("terraform", "resource"), "user-profile-terraform.tf");
  assert.deepEqual(["response-json", "response-yaml-stream", "response-text", "response-table"].map((name) => fileName(name, "x").split(".")[1]), ["json", "yaml", "txt", "txt"]);
  assert.equal(fileName("../..\\<evil>\u202e.exe", "x"), "user-profile-evil-exe.txt");
  assert.equal(fileName("", "x"), "user-profile-request.txt");
});

test("elapsed time is said in seconds, then in minutes", () => {
  assert.deepEqual([-3, 0.4, 1.9, 59.9, 60, 125].map(elapsed), ["under 1 s", "under 1 s", "1 s", "59 s", "1 min 00 s", "2 min 05 s"]);
});

test("a step counts from when it started, or from when it was seen where the clocks disagree", () => {
  assert.equal(since(100, 160, 164), 64);
  assert.equal(since(undefined, 160, 164), 4);
  assert.equal(since(900, 160, 164), 4, "the kernel's clock is ahead");
  assert.equal(since(100, 90000, 90004), 4, "the kernel's clock is hours behind");
});

test("problems that stop a request come first, then warnings, then what is good to know", () => {
  const one = (severity, message) => ({ severity, message });
  const boxes = judged([one("information", "a"), one("warning", "b"), one("error", "c"), one("error", "d")]);
  assert.deepEqual(boxes.map(({ severity, heading }) => [severity, heading]), [["error", "2 problems stop this."], ["warning", "Worth a look before you send this."], ["information", "Good to know."]]);
  assert.deepEqual(boxes.map(({ list }) => list.map(({ message }) => message)), [["c", "d"], ["b"], ["a"]]);
});

test("one problem is said in the singular, and none makes no box", () => {
  assert.equal(judged([{ severity: "error" }])[0].heading, "1 problem stops this.");
  assert.equal(judged([{ severity: "information" }])[0].heading, "Good to know.");
  assert.deepEqual(judged([]), []);
});
