// The page around the widgets: its theme, what it says while it starts, and what it says when its kernel is gone.
// Plain script, no dependency; runs in the head, before anything is drawn. Talks to Voila's front end through
// window.jupyterapp (its application) and the voila_* functions that Voila calls.
(() => {
  "use strict";

  const WATCHDOG_MS = 20000;
  const POLL_MS = 100;
  const ASK_MS = 15000;

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

  // ---- sentences: made of text nodes only
  function sentence(text, { reload = false, role = "status", tone = "" } = {}) {
    const box = document.createElement("div");
    box.className = `pwp-message ${tone}`.trim();
    box.setAttribute("role", role);
    const words = document.createElement("p");
    words.textContent = text;
    box.append(words);
    if (reload) {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = "Load the page again";
      button.addEventListener("click", () => window.location.reload());
      box.append(button);
    }
    return box;
  }

  let shown = "";

  function notice(text, options) {
    if (text === shown) return;
    shown = text;
    const place = document.getElementById("pwp-notices");
    place.replaceChildren(...(text ? [sentence(text, { role: "alert", ...options })] : []));
  }

  // ---- starting: the loading line goes when the first widget, or a failure, is there
  function arrived() {
    return document.querySelector("#pwp-page .jp-OutputArea-output > *, #pwp-page .pwp-failed") !== null;
  }

  function watchStart() {
    const loading = document.getElementById("pwp-loading");
    const watchdog = window.setTimeout(() => {
      notice(
        "The page is still starting: nothing has come after 20 seconds. It may be a slow machine or a slow network; " +
          "if it stays like this, load it again, or look into the log of the server that shows it.",
        { reload: true, tone: "pwp-warning" },
      );
    }, WATCHDOG_MS);
    const seen = new MutationObserver(check);
    function check() {
      if (!arrived()) return;
      seen.disconnect();
      window.clearTimeout(watchdog);
      loading.hidden = true;
      document.body.classList.remove("pwp-starting");
      notice("");
    }
    seen.observe(document.body, { childList: true, subtree: true });
    check();
  }

  // ---- the kernel: what is typed goes nowhere once it is gone, so the page says so
  const LOST = "The connection to this page's kernel is lost. Trying to reach it again; please do not type until this line has gone.";
  const GONE = "The kernel behind this page has stopped, so nothing on it works any more. Load the page again to go on.";
  let over = false;

  function gone() {
    if (over) return;
    over = true;
    notice(GONE, { reload: true, tone: "pwp-failed" });
  }

  // A kernel that was ended on the server, or a network that went silent, closes no socket: so the page asks now and then.
  async function ask(kernel) {
    if (over) return;
    const base = document.body.dataset.baseUrl.replace(/voila\/$/, "");
    try {
      const answer = await fetch(`${base}api/kernels/${encodeURIComponent(kernel.id)}`, {
        cache: "no-store",
        signal: AbortSignal.timeout(ASK_MS),
      });
      if (answer.status === 404) gone();
      else if (kernel.connectionStatus === "connected" && shown === LOST) notice("");
    } catch {
      notice(LOST, { tone: "pwp-warning" });
    }
  }

  function onConnection(kernel, status) {
    if (over) return;
    if (status === "connected") notice("");
    else if (status === "connecting") {
      notice(LOST, { tone: "pwp-warning" });
      ask(kernel);
    } else gone();
  }

  function watchKernel() {
    const timer = window.setInterval(() => {
      const kernel = window.jupyterapp?.widgetManager?.kernel;
      if (!kernel) return;
      window.clearInterval(timer);
      window.setInterval(() => ask(kernel), ASK_MS);
      kernel.connectionStatusChanged.connect((sender, status) => onConnection(sender, status));
      kernel.statusChanged.connect((_, status) => {
        if (["dead", "restarting", "autorestarting", "terminating"].includes(status)) gone();
      });
    }, POLL_MS);
  }

  // ---- what Voila calls
  window.voila_heartbeat = () => {};
  window.voila_process = () => {};
  window.voila_finish = () => {};

  applyTheme();
  prefersDark.addEventListener("change", applyTheme);
  document.addEventListener("DOMContentLoaded", () => {
    // Voila's front end starts on "load", later than this, and reads the kernel's id from the body.
    const kernel = document.getElementById("pwp-kernel");
    if (kernel) document.body.dataset.kernelId = JSON.parse(kernel.textContent).kernelId;
    watchKernel();
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
