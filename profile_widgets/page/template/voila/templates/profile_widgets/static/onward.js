// A link on another site led here. The page opens by itself once somebody looks at this; a kernel starts only then.
(() => {
  "use strict";
  const LATELY_MS = 10000;

  // Asked for by this document itself, the page is not another site's business any more.
  function onward() {
    if (document.visibilityState !== "visible") return;
    document.removeEventListener("visibilitychange", onward);
    try {
      const before = Number(sessionStorage.getItem("pwp-onward"));
      if (Date.now() - before < LATELY_MS) return; // it led back here: the link is for whoever wants to try again
      sessionStorage.setItem("pwp-onward", String(Date.now()));
    } catch {
      return;
    }
    location.replace(location.pathname + location.search);
  }
  document.addEventListener("visibilitychange", onward);
  onward();
})();
