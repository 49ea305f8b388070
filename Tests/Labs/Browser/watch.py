"""watch.py ADDRESS: looks at a run that goes on, from the address that `evolve serve` has printed, until it is complete."""

import sys
import time
import urllib.parse

from browser import Complaints, check, chromium

address = sys.argv[1]
parts = urllib.parse.urlsplit(address)
origin = f"{parts.scheme}://{parts.netloc}"
complaints = Complaints()

STATE = """() => ({
  line: document.getElementById("live").textContent,
  mark: document.getElementById("run").dataset.mark,
  marker: window.marker === 1,
  open: [...document.querySelectorAll("details[open]")].map((details) => details.id),
  offset: document.getElementById("protocol").getBoundingClientRect().top,
})"""


def after(page, mark):
    """The page when its content is another one."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        state = page.evaluate(STATE)
        if state["mark"] != mark:
            return state
        time.sleep(0.1)
    raise SystemExit("\n".join(complaints + [f"the page does not go on: {page.evaluate(STATE)}"]))


with chromium() as browser:
    page = browser.new_page(viewport={"width": 1000, "height": 700})
    complaints.watch(page)
    page.goto(address)
    complaints.unless("token" not in page.url and page.url == f"{origin}/runs/1", f"the address is {page.url}")
    check(page, complaints, "served")
    page.evaluate("window.marker = 1")
    first = after(page, page.evaluate(STATE)["mark"])
    page.locator("#protocol details > summary").first.click()
    page.evaluate("document.getElementById('protocol').scrollIntoView()")
    before = page.evaluate(STATE)
    later = after(page, before["mark"])
    complaints.unless(later["marker"], "the page was loaded anew")
    complaints.unless(len(before["open"]) == 1 and later["open"] == before["open"], f"open: {before['open']}, {later['open']}")
    complaints.unless(abs(later["offset"] - before["offset"]) < 3, f"it moved: {before['offset']}, {later['offset']}")
    check(page, complaints, "served, later")
    page.reload()
    page.wait_for_timeout(500)
    again = page.evaluate(STATE)
    complaints.unless(again["open"] == before["open"], f"open after a reload: {again['open']}")
    complaints.unless(abs(again["offset"] - before["offset"]) < 400, f"place after a reload: {again['offset']}")
    print("live:", before["line"], "→", later["line"])

    api = page.context.request
    complaints.unless(api.post(f"{origin}/runs/1").status == 405, "it can be posted to")
    complaints.unless(api.get(f"{origin}/runs/1", headers={"Host": f"evil.example:{parts.port}"}).status == 421, "any name will do")
    foreign = api.get(f"{origin}/runs/1", headers={"Host": f"127.0.0.1:{parts.port}.evil.example"})
    complaints.unless(foreign.status == 421, f"a name that only begins as ours will do: {foreign.status}")
    second = api.get(f"{origin}/runs/2")
    complaints.unless(second.status == 404 and second.text() == "there is no such run here\n", f"a second run: {second.status} {second.text()}")
    nothing = api.get(f"{origin}/nothing")
    complaints.unless(nothing.status == 404 and "the runs are at /" in nothing.text(), f"{nothing.status} {nothing.text()}")
    complaints.unless(api.head(f"{origin}/runs/1").status == 200, "no heads")
    headers = api.get(f"{origin}/runs/1").headers
    complaints.unless("script-src 'self'" in headers.get("content-security-policy", ""), f"headers: {headers}")
    stranger = browser.new_context().request
    for path in ["/", "/runs/1", "/runs/1/events", "/live.js", "/?token=" + "0" * 64]:
        answer = stranger.get(origin + path)
        complaints.unless(answer.status == 403 and "evolve serve" in answer.text(), f"{path} without a token: {answer.status}")

    deadline = time.monotonic() + 120
    while "complete" not in page.evaluate(STATE)["line"] and time.monotonic() < deadline:
        time.sleep(0.3)
    end = page.evaluate(STATE)
    complaints.unless(end["line"].startswith("complete"), f"at the end: {end['line']}")
    while page.evaluate("document.querySelector('.phase').textContent") != "complete" and time.monotonic() < deadline:
        time.sleep(0.3)
    phase = page.evaluate("document.querySelector('.phase').textContent")
    complaints.unless(phase == "complete", f"the page says {phase}")
    check(page, complaints, "served, at the end")
    print("end:", end["line"])
complaints.exit()
