"""check.py FILE…: opens pages from files, light and dark, wide and narrow, and prints them: what a print shows, too. Prints the number of pictures of each."""

import sys

from browser import Complaints, check, chromium

complaints = Complaints()

# What a print needs: no controls, nothing folded up but the files, colours that are kept, and no page that is left half empty.
PRINT_FACTS = """() => {
  const shown = (selector) => [...document.querySelectorAll(selector)].filter((element) => element.checkVisibility({ contentVisibilityAuto: true }));
  const style = (element) => getComputedStyle(element);
  return {
    controls: shown("nav, .skip, .hint, .live").length,
    files: shown("#files").length,
    word: shown(".printed").length,
    folded: [...document.querySelectorAll("details:not(.files, .file) > :not(summary)")].filter((element) => !element.checkVisibility()).length,
    ink: style(document.body).color,
    paper: style(document.body).backgroundColor,
    soft: style(document.documentElement).getPropertyValue("--soft").trim(),
    adjust: style(document.body).printColorAdjust,
    whole: [...document.querySelectorAll("section")].filter((section) => style(section).breakInside === "avoid").length,
    heads: [...document.querySelectorAll("h2, h3")].filter((head) => style(head).breakAfter !== "avoid").length,
    split: [...document.querySelectorAll("main pre, figure, .duels tbody")].filter((element) => style(element).breakInside !== "avoid").length,
  };
}"""
PRINTED = {"controls": 0, "files": 0, "word": 1, "folded": 0, "ink": "rgb(0, 0, 0)", "paper": "rgb(255, 255, 255)", "soft": "#5c636b",
           "adjust": "exact", "whole": 0, "heads": 0, "split": 0}

# Where the keyboard can stop, and what scrolls.
STOPS = """() => ({
  forced: document.querySelectorAll("[tabindex]").length,
  scrolling: [...document.querySelectorAll(".scroll")].filter((part) => part.scrollWidth > part.clientWidth && !part.querySelector("a")).length,
})"""


def reached(page):
    """Scrolling parts that the keyboard comes to."""
    found = set()
    for _ in range(400):
        page.keyboard.press("Tab")
        here = page.evaluate("() => { const e = document.activeElement; return e === document.body ? 'end' : e.className === 'scroll' ? String([...document.querySelectorAll('.scroll')].indexOf(e)) : '' }")
        if here == "end":
            break
        if here:
            found.add(here)
    return len(found)


with chromium() as browser:
    for path in sys.argv[1:]:
        for scheme, width in [("light", 1000), ("dark", 1000), ("light", 360), ("dark", 320)]:
            where = f"{path.rsplit('/', 1)[-1]}, {scheme}, {width}"
            page = browser.new_page(viewport={"width": width, "height": 800}, color_scheme=scheme)
            complaints.watch(page)
            page.route("http*://**", lambda route: (complaints.append(f"asked for {route.request.url}"), route.abort()))
            page.goto(f"file://{path}")
            for details in page.query_selector_all("details"):
                details.evaluate("element => { element.open = true }")
            facts = check(page, complaints, where)
            complaints.unless(facts["scripts"] == [] and facts["outside"] == [], f"{where}: it loads {facts['scripts'] + facts['outside']}")
            stops = page.evaluate(STOPS)
            complaints.unless(stops["forced"] == 0, f"{where}: {stops['forced']} stops of the keyboard where nothing may be to be done")
            # The first stop of the keyboard is the link past the navigation.
            page.keyboard.press("Tab")
            target = page.evaluate("document.activeElement.getAttribute('href')")
            complaints.unless(target == "#content", f"{where}: the keyboard begins at {target}")
            if width == 360:
                complaints.unless(reached(page) >= stops["scrolling"], f"{where}: the keyboard does not come to what scrolls, {stops}")
            if width == 1000:
                page.reload()
                page.emulate_media(media="print", color_scheme=scheme)
                printed = page.evaluate(PRINT_FACTS)
                complaints.unless(printed == PRINTED, f"{where}: in print: {printed}")
                page.emulate_media(media="screen", color_scheme=scheme)
            if scheme == "light" and width == 1000:
                print(path.rsplit("/", 1)[-1], facts["pictures"])
                complaints.unless(len(page.pdf()) > 5_000, f"{where}: it cannot be printed")
            page.close()
complaints.exit()
