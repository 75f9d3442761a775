// The page around the widgets: its theme, what it says while it starts, when its kernel is gone, and before it ends by itself.
// Plain script, no dependency; runs in the head, before anything is drawn. Talks to Voila's front end through
// window.jupyterapp (its application) and the voila_* functions that Voila calls.
(() => {
  "use strict";

  const WATCHDOG_MS = 20000;
  const LOOK_MS = 1000;
  const POLL_MS = 100;
  const ASK_MS = 15000;
  const OVERDUE_MS = 4000;
  const WARN_MS = 120000;
  const PRESENT_MS = 60000;

  // ---- theme: ?theme=light or ?theme=dark, otherwise what the browser prefers, followed while it changes
  const asked = new URLSearchParams(window.location.search).get("theme");
  const prefersDark = window.matchMedia("(prefers-color-scheme: dark)");

  function isDark() {
    return asked === "dark" || (asked !== "light" && prefersDark.matches);
  }

  function applyTheme() {
    const dark = isDark();
    document.querySelectorAll("link[data-theme]").forEach((link) => {
      link.media = (link.dataset.theme === "dark") === dark ? "all" : "not all";
    });
    document.documentElement.style.colorScheme = dark ? "dark" : "light";
    if (document.body) {
      document.body.dataset.jpThemeLight = String(!dark);
      document.body.dataset.jpThemeName = dark ? "JupyterLab Dark" : "JupyterLab Light";
    }
  }

  // ---- sentences: made of text nodes only, one at a time for each cause ("start", "kernel", "idle")
  const AGAIN = { label: "Load the page again", act: () => window.location.reload() };
  const shown = {};

  function notice(cause, texts = [], { press = null, tone = "pwp-warning" } = {}) {
    const words = [texts].flat().filter(Boolean), key = words.join("\n") + (press ? press.label : "");
    if ((shown[cause]?.key ?? "") === key) return;
    shown[cause]?.box.remove();
    delete shown[cause];
    if (!words.length) return;
    const box = document.createElement("div");
    box.className = `pwp-message ${tone}`;
    box.setAttribute("role", "alert");
    for (const text of words) box.appendChild(document.createElement("p")).textContent = text;
    if (press) {
      const button = box.appendChild(document.createElement("button"));
      button.type = "button";
      button.textContent = press.label;
      button.addEventListener("click", press.act);
    }
    shown[cause] = { box, key };
    document.getElementById("pwp-notices").append(box);
  }

  // ---- the kernel, as the document names it and as Voila's front end holds it
  const kernel = () => window.jupyterapp?.widgetManager?.kernel;
  const connected = () => kernel()?.connectionStatus === "connected";

  let id = "";

  function kernelId() {
    const node = id ? null : document.getElementById("pwp-kernel");
    // While the document streams, half of it may be there.
    if (node?.textContent.trim().endsWith("}")) id = JSON.parse(node.textContent).kernelId;
    return id;
  }

  // ---- starting: the loading line goes when the first widget, or a failure, is there
  const STAGES = {
    server: ["Starting", "The server has not started a kernel for it yet: it may be busy, or full."],
    notebook: ["Building", "Its kernel was started, but has shown nothing yet: the machine may be busy."],
    scripts: ["Building", "The browser does not have the page's own scripts yet: the network may be slow, or something holds them back."],
    socket: ["Connecting", "The browser does not reach the kernel: a proxy, or something else on the way, may block WebSockets."],
    widgets: ["Drawing", "The kernel is connected, but has sent no part of the page."],
  };
  const ADVICE = "Wait a little, or load the page again; if it stays like this, tell whoever runs it.";
  const CUT_OFF = "The server ended this page before it was complete.";

  function stage() {
    if (!kernelId()) return "server";
    if (document.readyState === "loading") return "notebook";
    if (!kernel()) return "scripts";
    return connected() ? "widgets" : "socket";
  }

  const OUTPUT = '#pwp-page :is(script[type="application/vnd.voila.cell-output+json"], .jp-OutputArea-output)';

  function arrived() {
    if (document.querySelector("#pwp-page .pwp-failed")) return true;
    // A widget that could not begin is there too, and shows nothing.
    if ([...document.querySelectorAll("#pwp-page .jp-OutputArea-output > *")].some((node) => node.offsetHeight > 0)) return true;
    return document.readyState === "complete" && kernelId() !== "" && !document.querySelector(OUTPUT);
  }

  function watchStart() {
    const loading = document.getElementById("pwp-loading");
    const words = document.getElementById("pwp-loading-text");
    const begun = Date.now();
    const timer = window.setInterval(look, LOOK_MS);
    const seen = new MutationObserver(look);
    function look() {
      if (arrived() || over) {
        seen.disconnect();
        window.clearInterval(timer);
        loading.hidden = true;
        document.body.classList.remove("pwp-starting");
        notice("start");
        return;
      }
      const [verb, why] = STAGES[stage()], line = `${verb} ${words.dataset.title} ...`;
      if (words.textContent !== line) words.textContent = line;
      if (document.readyState !== "loading" && !kernelId()) {
        notice("start", [CUT_OFF, ADVICE], { press: AGAIN, tone: "pwp-failed" });
      } else if (Date.now() - begun >= WATCHDOG_MS) {
        notice("start", [`The page is still starting: nothing has come after 20 seconds. ${why}`, ADVICE], { press: AGAIN });
      }
    }
    seen.observe(document.body, { childList: true, subtree: true });
    look();
  }

  // ---- the kernel: what is typed goes nowhere once it is gone, so the page says so, and takes nothing more
  const LOST = "The connection to this page's kernel is lost. Trying to reach it again; please do not type until this line has gone.";
  const GONE = "The kernel behind this page has stopped, so nothing on it works any more. Load the page again to go on.";
  const IDLE = "Nothing was done on this page for a while, so the server has ended it. Load the page again to go on.";
  const SIGNED_OUT = "You are signed out, so nothing on this page works any more. Load the page again to sign in.";
  let over = false, askedAt = 0;

  // What becomes of edits that were not sent: the review says how many there are, and whether the kernel could keep them.
  function keptWords() {
    const reviews = [...document.querySelectorAll("#pwp-page [data-pw-unsent]")];
    const count = reviews.reduce((sum, node) => sum + Number(node.dataset.pwUnsent), 0);
    if (!count) return "";
    const note = reviews.map((node) => node.dataset.pwNote).find(Boolean);
    if (note) return note;
    const what = count === 1 ? "1 change that was not sent is" : `${count} changes that were not sent are`;
    return `${what} kept, and offered again when you open the same profile.`;
  }

  function end(text) {
    if (over) return;
    over = true;
    notice("idle");
    notice("kernel", [text, keptWords()], { press: AGAIN, tone: "pwp-failed" });
    const page = document.getElementById("pwp-page"), press = shown.kernel.box.querySelector("button"), ended = Date.now();
    page.classList.add("pwp-over");
    // Nobody walks on through what is dead: the way on is the button. Who was typing did not mean to press it.
    page.inert = true;
    press.addEventListener("keydown", (event) => { if (Date.now() - ended < LOOK_MS) event.preventDefault(); });
    press.focus();
  }

  const gone = () => end(endsAt <= Date.now() + ASK_MS ? IDLE : GONE);

  function kernelAddress() {
    return `${document.body.dataset.baseUrl.replace(/voila\/$/, "")}api/kernels/${encodeURIComponent(kernelId())}`;
  }

  // A Hub wants the token of every question, and not of those alone that change something.
  function request(url, method) {
    const token = document.cookie.match(/(?:^|; *)_xsrf=([^;]*)/)?.[1] ?? "";
    const headers = { "X-XSRFToken": token };
    return fetch(url, { method, headers, cache: "no-store", redirect: "manual", signal: AbortSignal.timeout(ASK_MS) });
  }

  // A kernel that was ended on the server, or a network that went silent, closes no socket: so the page asks now and then.
  async function ask() {
    if (over || !kernelId()) return;
    askedAt = Date.now();
    try {
      const answer = await request(kernelAddress(), "GET");
      if (answer.status === 404) gone();
      else if (answer.type === "opaqueredirect" || answer.status === 401 || answer.status === 403) end(SIGNED_OUT);
      else if (!answer.ok) throw new Error(`status ${answer.status}`);
      else learn(await answer.json());
    } catch {
      lost();
    }
  }

  // The watchdog speaks of a page that is still starting: one sentence at a time.
  function lost() {
    if (!over && arrived()) notice("kernel", LOST);
  }

  function learn(model) {
    if (over) return;
    if (model.execution_state === "dead") return gone();
    if (connected()) notice("kernel");
    // The server can be reached again: do not sit out the pause that the connection makes between its attempts.
    else if (kernel() && arrived()) kernel().reconnect().catch(() => {});
    learnEnd(model.ends_in);
  }

  function watchKernel() {
    window.setInterval(ask, ASK_MS);
    document.addEventListener("visibilitychange", () => { if (!document.hidden) ask(); });
    window.addEventListener("online", ask);
    window.addEventListener("pageshow", (event) => { if (event.persisted) ask(); });
    const timer = window.setInterval(() => {
      if (!kernel()) return;
      window.clearInterval(timer);
      kernel().connectionStatusChanged.connect((_, status) => {
        if (over) return;
        if (status === "connected") return notice("kernel");
        if (!arrived()) return;
        lost();
        ask();
      });
      kernel().statusChanged.connect((_, status) => {
        if (["dead", "restarting", "autorestarting", "terminating"].includes(status)) gone();
      });
    }, POLL_MS);
  }

  // ---- idle: a server that ends what nobody uses says when it will; a person who is there keeps the page
  let endsAt = Infinity, longest = 0, heardAt = 0, helped = 0;

  function learnEnd(seconds) {
    if (typeof seconds !== "number") return;
    longest = Math.max(longest, 1000 * seconds);
    heardAt = Date.now();
    endsAt = heardAt + 1000 * seconds;
    warn();
  }

  function span(ms) {
    const seconds = Math.max(1, Math.round(ms / 1000)), minutes = Math.round(seconds / 60);
    return seconds < 60 ? `${seconds} second${seconds === 1 ? "" : "s"}` : `${minutes} minute${minutes === 1 ? "" : "s"}`;
  }

  // The sentence changes a few times only, for each time it is spoken.
  const STEPS_MS = [10000, 30000, 60000, WARN_MS];

  // What was heard last may be older than what was done since: near the end the server is asked again before it is said.
  function warn() {
    const rest = endsAt - Date.now(), soon = Math.min(WARN_MS, longest / 2);
    if (over || rest > soon) return notice("idle");
    if (Date.now() - askedAt > OVERDUE_MS) ask();
    if (Date.now() - heardAt > 2 * OVERDUE_MS) return;
    const step = Math.min(soon, STEPS_MS.find((each) => rest <= each));
    const text = `This page has been idle, and ends in ${span(step)}. Press Stay, or any key, to go on with it.`;
    notice("idle", [text, keptWords()], { press: { label: "Stay", act: stay } });
  }

  async function stay() {
    helped = Date.now();
    try {
      await request(`${kernelAddress()}/stay`, "POST");
    } catch {
      // what became of it is told by the answer to the next question
    }
    ask();
  }

  function watchIdle() {
    window.setInterval(warn, LOOK_MS);
    const present = () => {
      if (!over && endsAt < Infinity && Date.now() - helped > Math.min(PRESENT_MS, longest / 8)) stay();
    };
    for (const kind of ["keydown", "pointerdown", "wheel", "touchstart"]) {
      window.addEventListener(kind, present, { capture: true, passive: true });
    }
  }

  // ---- what Voila calls
  window.voila_heartbeat = () => {};
  window.voila_process = () => {};
  window.voila_finish = () => {};

  applyTheme();
  prefersDark.addEventListener("change", applyTheme);
  document.addEventListener("DOMContentLoaded", () => {
    // Voila's front end starts on "load", later than this, and reads the kernel's id from the body.
    if (kernelId()) document.body.dataset.kernelId = kernelId();
    watchIdle();
    watchKernel();
    ask();
  });
  // The document is still streaming while the kernel starts: begin as soon as its body is there.
  const body = new MutationObserver(() => {
    if (!document.getElementById("pwp-notices")) return;
    body.disconnect();
    applyTheme();
    watchStart();
  });
  body.observe(document.documentElement, { childList: true, subtree: true });
})();
