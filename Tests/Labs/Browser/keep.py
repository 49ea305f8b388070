"""keep.py LIVE.JS: lets the script of served pages go from one content to the next, and looks at what stays as the reader left it."""

import json
import sys
import time

from browser import Complaints, chromium

script = open(sys.argv[1], encoding="utf-8").read()
ORIGIN = "http://127.0.0.1:9"
complaints = Complaints()


def content(number):
    """What is served after so many slots: parts come and go, and every figure changes."""
    steps = "".join(
        f'<li id="step-{step}"><p>step {step}, now {number}</p><details id="step-{step}-changes"><summary>What was changed</summary><pre>{step}</pre></details></li>'
        for step in ([3] if number > 1 else []) + [1, 2])
    new = '<section id="held-out"><h2>Held out</h2><p>new</p></section>' if number > 1 else ""
    lines = "\n".join(f"line {line}" for line in range(200))
    return f"""<div id="run" data-from="/runs/1" data-mark="{number}"><main>
<dl id="facts"><div><dt>slots</dt><dd>{number}</dd></div></dl>{new}
<section id="plot"><div class="scroll" style="overflow:auto;width:200px"><svg width="900" height="{30 + number}"></svg></div></section>
<section id="lineage"><p id="words">These are words that a reader selects.</p><ol>{steps}</ol></section>
<section id="files"><details id="file-0"><summary>File</summary><pre style="height:90px;overflow:auto">{lines}\nat {number}</pre></details>
<p style="height:2000px">{number}</p></section></main></div>"""


def page_of(number):
    return f"""<!doctype html><html lang="en"><meta charset="utf-8"><title>Run</title><body><p><span id="live"></span><span id="said" role="status"></span></p>
{content(number)}<script src="/live.js"></script></body></html>"""


served = {"number": 0, "phase": "searching"}


def answer(route):
    path = route.request.url.removeprefix(ORIGIN)
    if path == "/live.js":
        route.fulfill(body=script, content_type="text/javascript")
    elif path == "/runs/1/content":
        route.fulfill(body=content(served["number"]), content_type="text/html")
    elif path == "/runs/1/events":
        news = {"mark": str(served["number"]), "line": f"slot {served['number']}", "phase": served["phase"]}
        # The stream ends at once, and the browser asks again.
        route.fulfill(body=f"retry: 100\nevent: news\ndata: {json.dumps(news)}\n\n", content_type="text/event-stream")
    else:
        route.fulfill(body=page_of(served["number"]), content_type="text/html")


STATE = """() => ({
  mark: document.getElementById("run").dataset.mark,
  open: [...document.querySelectorAll("details[open]")].map((details) => details.id),
  focus: document.activeElement.parentElement.id,
  left: document.querySelector(".scroll").scrollLeft,
  top: document.querySelector("#file-0 pre").scrollTop,
  selected: getSelection().toString(),
  place: Math.round(document.getElementById("lineage").getBoundingClientRect().top),
  order: [...document.querySelectorAll("[id^=step-]")].filter((part) => part.nodeName === "LI").map((part) => part.id),
  sections: [...document.querySelectorAll("section")].map((section) => section.id),
  facts: document.querySelector("dd").textContent,
  text: document.querySelector("#step-2 p").textContent,
})"""


def go_to(page, number, phase="searching"):
    served.update(number=number, phase=phase)
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        state = page.evaluate(STATE)
        if state["mark"] == str(number):
            return state
        time.sleep(0.05)
    raise SystemExit("\n".join(complaints + [f"the page does not go on to {number}: {page.evaluate(STATE)}"]))


with chromium() as browser:
    page = browser.new_page(viewport={"width": 900, "height": 600})
    page.on("pageerror", lambda error: complaints.append(f"error: {error}"))
    page.route(f"{ORIGIN}/**", answer)
    page.goto(f"{ORIGIN}/runs/1")
    page.evaluate("window.heard = []; new MutationObserver(() => window.heard.push(document.getElementById('said').textContent))"
                  ".observe(document.getElementById('said'), { childList: true, characterData: true, subtree: true })")
    page.locator("#step-2-changes > summary").click()
    page.locator("#file-0 > summary").click()
    page.evaluate("""() => {
      document.querySelector(".scroll").scrollLeft = 120;
      document.querySelector("#file-0 pre").scrollTop = 300;
      getSelection().selectAllChildren(document.getElementById("words"));
      scrollTo(0, document.getElementById("lineage").offsetTop + 5);
      document.querySelector("#step-2-changes > summary").focus({ preventScroll: true });
    }""")
    before = page.evaluate(STATE)
    complaints.unless(before["left"] == 120 and before["top"] == 300 and before["focus"] == "step-2-changes", f"before: {before}")
    for number in (1, 2, 3):
        after = go_to(page, number)
        for key in ("open", "focus", "left", "top", "selected", "place"):
            complaints.unless(after[key] == before[key], f"content {number}, {key}: {before[key]} has become {after[key]}")
        complaints.unless(after["facts"] == str(number) and after["text"] == f"step 2, now {number}", f"content {number} is not there: {after}")
    complaints.unless(after["order"] == ["step-3", "step-1", "step-2"], f"order: {after['order']}")
    complaints.unless(after["sections"] == ["held-out", "plot", "lineage", "files"], f"sections: {after['sections']}")
    back = go_to(page, 1)
    complaints.unless(back["order"] == ["step-1", "step-2"] and back["sections"] == ["plot", "lineage", "files"], f"what is gone stays: {back}")
    heard = [text for text in page.evaluate("window.heard") if text != "Connected again." and not text.startswith("no connection")]
    complaints.unless(heard == [], f"slots are spoken: {heard}")
    go_to(page, 4, "verifying")
    page.wait_for_timeout(1500)
    heard = [text for text in page.evaluate("window.heard") if "verifying" in text]
    complaints.unless(heard == ["Now verifying."], f"the phase is not spoken once: {heard}")
    page.reload()
    page.wait_for_timeout(500)
    again = page.evaluate(STATE)
    complaints.unless(again["open"] == before["open"], f"open after a reload: {again['open']}")
complaints.exit()
