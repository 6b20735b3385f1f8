// Runs before the first paint: puts the reader's stored choice of light or dark on <html>, so that nothing flashes.
// It runs again when the choice changes, here ("pressrun:theme") or in another tab ("storage").
(() => {
  const root = document.documentElement;
  const apply = () => {
    let choice = null;
    try { choice = localStorage.getItem("pressrun-theme"); } catch { /* storage is closed to us: follow the system */ }
    if (choice === "light" || choice === "dark") root.dataset.theme = choice;
    else { choice = "auto"; delete root.dataset.theme; }
    // The colour of the browser's own bars: one <meta> for each scheme, switched through its media attribute.
    for (const meta of document.querySelectorAll('meta[name="theme-color"]')) {
      meta.dataset.scheme ??= meta.media.includes("dark") ? "dark" : "light";
      const scheme = meta.dataset.scheme;
      meta.media = choice === "auto" ? `(prefers-color-scheme: ${scheme})` : choice === scheme ? "all" : "not all";
    }
  };
  apply();
  addEventListener("storage", apply);
  addEventListener("pressrun:theme", apply);
})();
