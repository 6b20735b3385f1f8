// Versions: fills the menu of versions, and says so on pages of one that is not the newest. The list is fetched, since it may be
// younger than the page. A link leads to this very page of the other version when there is one, else to that version's front page.
(() => {
  const menu = document.querySelector("[data-versions]");
  if (!menu) return;
  const { versions, version, place } = menu.dataset;
  // What is said; a page in another language tells its own words (generator/words.py).
  const WORDS = {
    newest: "newest", about_version: "About this version", old_version: "You are reading about version {version}, which is an old one.",
    coming_version: "You are reading about {version}, which is not finished yet.", go_to_version: "Go to version {version}",
  };
  Object.assign(WORDS, JSON.parse(document.currentScript.dataset.words ?? "{}"));
  const about = (words, one) => words.replace("{version}", one.title);
  const rest = location.pathname.startsWith(place) ? location.pathname.slice(place.length) : "";

  const link = (to, text) => {
    const made = document.createElement("a");
    made.href = to.url;
    made.textContent = text;
    return made;
  };
  const lead = async (made, to) => {
    const same = to.url + rest;
    if (rest && (await fetch(same, { method: "HEAD" })).ok) made.href = same + location.hash;
  };

  const fill = (all) => {
    const links = all.map((one) => [link(one, one.title), one]);
    const rows = links.map(([made, one]) => {
      const row = document.createElement("li");
      row.append(made);
      if (one.newest) row.append(` (${WORDS.newest})`);
      if (one.version === version) made.setAttribute("aria-current", "true");
      return row;
    });
    menu.querySelector("ul").replaceChildren(...rows);
    menu.addEventListener("toggle", () => {
      for (const [made, one] of links) if (one.version !== version) lead(made, one).catch(() => {});
    }, { once: true });
  };

  const tell = (all) => {
    const own = all.findIndex((one) => one.version === version);
    const best = all.findIndex((one) => one.newest);
    if (own < 0 || best < 0 || own === best) return;
    const bar = document.createElement("aside");
    bar.className = "version-bar";
    bar.setAttribute("aria-label", WORDS.about_version);
    const words = about(own > best ? WORDS.old_version : WORDS.coming_version, all[own]);
    const newest = link(all[best], about(WORDS.go_to_version, all[best]));
    const text = document.createElement("p");
    text.append(words, " ", newest);
    bar.append(text);
    document.body.append(bar);
    lead(newest, all[best]).catch(() => {});
  };

  fetch(versions)
    .then((answer) => (answer.ok ? answer.json() : Promise.reject(new Error(answer.status))))
    .then((all) => { fill(all); tell(all); })
    .catch(() => {}); // the link to all versions stays

  // As of any menu: a click elsewhere and Escape close it.
  addEventListener("click", (event) => { if (!menu.contains(event.target)) menu.open = false; });
  menu.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !menu.open) return;
    menu.open = false;
    menu.firstElementChild.focus();
  });
})();
