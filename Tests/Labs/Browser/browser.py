"""Chromium for the checks of pages: what it says on its console is an error."""

import contextlib
import shutil

from playwright.sync_api import sync_playwright


@contextlib.contextmanager
def chromium():
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-dev-shm-usage"])
        try:
            yield browser
        finally:
            browser.close()


class Complaints(list):
    """What went wrong, in one list."""

    def watch(self, page):
        page.on("console", lambda message: self.append(f"console: {message.text}"))
        page.on("pageerror", lambda error: self.append(f"error: {error}"))
        page.on("dialog", lambda dialog: (self.append(f"dialog: {dialog.message}"), dialog.dismiss()))

    def unless(self, holds, text):
        if not holds:
            self.append(text)

    def exit(self):
        raise SystemExit("\n".join(self) if self else 0)


# Contrast of every visible text with what is behind it, and other things that readers stumble over.
PAGE_FACTS = """() => {
  const parse = (text) => {
    const parts = text.match(/[\\d.]+/g).map(Number);
    return { rgb: parts.slice(0, 3), alpha: parts.length > 3 ? parts[3] : 1 };
  };
  const luminance = (rgb) => {
    const [r, g, b] = rgb.map((v) => { v /= 255; return v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4; });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const behind = (element) => {
    for (let e = element; e; e = e.parentElement) {
      const colour = parse(getComputedStyle(e).backgroundColor);
      if (colour.alpha > 0) return colour.rgb;
    }
    return [255, 255, 255];
  };
  const faint = new Set();
  for (const element of document.body.querySelectorAll("*")) {
    const own = [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim());
    if (!own || element.closest("svg") || !element.getClientRects().length) continue;
    if (element.textContent.trim() === "·") continue;
    const [a, b] = [luminance(parse(getComputedStyle(element).color).rgb), luminance(behind(element))];
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (ratio < 4.5) faint.add(`${element.tagName}.${element.className}: ${ratio.toFixed(2)}`);
  }
  const ids = [...document.querySelectorAll("[id]")].map((element) => element.id);
  return {
    hacked: window.hacked === true || document.title === "hacked",
    scripts: [...document.scripts].map((script) => script.src),
    outside: performance.getEntriesByType("resource").map((entry) => entry.name),
    language: document.documentElement.lang,
    title: document.title,
    unnamed: [...document.querySelectorAll("svg[role=img]")].filter((svg) => !svg.querySelector("title")?.textContent || !svg.querySelector("desc")?.textContent).length,
    pictures: document.querySelectorAll("svg[role=img]").length,
    levels: [...document.querySelectorAll("h1,h2,h3")].map((head) => Number(head.tagName[1])),
    dead: [...document.querySelectorAll("a[href^='#']")].filter((link) => !document.getElementById(link.hash.slice(1))).map((link) => link.hash),
    twice: ids.filter((id, place) => ids.indexOf(id) !== place),
    faint: [...faint],
    wide: document.documentElement.scrollWidth - document.documentElement.clientWidth,
  };
}"""


def check(page, complaints, where):
    """What must hold of every page."""
    facts = page.evaluate(PAGE_FACTS)
    complaints.unless(not facts["hacked"], f"{where}: text of a model was executed")
    complaints.unless(facts["language"] == "en" and facts["title"], f"{where}: no language or title")
    complaints.unless(facts["unnamed"] == 0, f"{where}: {facts['unnamed']} pictures without words")
    complaints.unless(facts["levels"][:1] == [1], f"{where}: no first heading")
    jumps = [pair for pair in zip(facts["levels"], facts["levels"][1:]) if pair[1] > pair[0] + 1]
    complaints.unless(not jumps, f"{where}: headings jump: {jumps}")
    complaints.unless(not facts["dead"], f"{where}: links to nowhere: {facts['dead']}")
    complaints.unless(not facts["twice"], f"{where}: names twice: {facts['twice'][:5]}")
    complaints.unless(not facts["faint"], f"{where}: hard to read: {facts['faint'][:5]}")
    complaints.unless(facts["wide"] <= 0, f"{where}: {facts['wide']} pixels wider than the window")
    return facts
