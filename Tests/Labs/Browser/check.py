"""check.py FILE…: opens pages from files, light and dark, wide and narrow, and prints them. Prints the number of pictures of each."""

import sys

from browser import Complaints, check, chromium

complaints = Complaints()
with chromium() as browser:
    for path in sys.argv[1:]:
        for scheme, width in [("light", 1000), ("dark", 1000), ("light", 360)]:
            where = f"{path.rsplit('/', 1)[-1]}, {scheme}, {width}"
            page = browser.new_page(viewport={"width": width, "height": 800}, color_scheme=scheme)
            complaints.watch(page)
            page.route("http*://**", lambda route: (complaints.append(f"asked for {route.request.url}"), route.abort()))
            page.goto(f"file://{path}")
            for details in page.query_selector_all("details"):
                details.evaluate("element => { element.open = true }")
            facts = check(page, complaints, where)
            complaints.unless(facts["scripts"] == [] and facts["outside"] == [], f"{where}: it loads {facts['scripts'] + facts['outside']}")
            # The first stop of the keyboard is the link past the navigation.
            page.keyboard.press("Tab")
            target = page.evaluate("document.activeElement.getAttribute('href')")
            complaints.unless(target == "#content", f"{where}: the keyboard begins at {target}")
            if scheme == "light" and width == 1000:
                print(path.rsplit("/", 1)[-1], facts["pictures"])
                complaints.unless(len(page.pdf()) > 5_000, f"{where}: it cannot be printed")
            page.close()
complaints.exit()
