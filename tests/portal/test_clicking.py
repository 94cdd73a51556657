"""From the page that says no to a person at the school, by clicks: Chromium on a pupil's device, a running gateway."""

from __future__ import annotations

import json
import re
import time

from tests.e2e.clicking import Browser, browser
from tests.lab.client import Device
from tests.lab.gateway import Gateway
from tests.lab.lab import Lab
from tests.portal.test_running import codes, reports, run


def fill(page: Browser, selector: str, text: str) -> None:
    page.run(f"document.querySelector({json.dumps(selector)}).value = {json.dumps(text)}")


def test_from_a_blocked_page_to_a_person_and_back_to_the_answer(explicit: Device, gateway: Gateway, lab: Lab) -> None:
    watch = lab.watch()
    with browser(explicit) as page:
        assert "report?kind=hurt" in page.open("https://blocked.test/some/page")
        asked = page.press("a[href*='kind=hurt']")
        assert asked.index("18001776") < asked.index("<form") and page.run("location.host") == "hedgerow.test"
        fill(page, "#text", "it happens every day")
        thanks = page.press("main form button")
        code = re.search(r'class="code" dir="ltr">([0-9A-Z-]{14})<', thanks)
        assert code, thanks[-600:]
        made = reports(gateway)[-1]
        assert (made["text"], made["host"]) == ("it happens every day", "blocked.test")
        assert made["page_code"] == ""  # nobody is to find out by it whose device it was
        run(gateway, "reports", "contact", code[1], "Ms Lan spoke with the child", "--by", "Lan")
        run(gateway, "reports", "answer", code[1], "I am in room 12.", "--by", "Lan")
        page.press("a[href*='/outcome']")
        fill(page, "#code", code[1].lower())
        assert "I am in room 12." in page.press("main form button")
        assert code[1] not in str(page.run("location.href"))
    assert not watch.requests("blocked.test")


def test_a_teachers_code_typed_on_the_page_leads_to_the_page(gateway: Gateway, lab: Lab) -> None:
    (made,) = codes(gateway, "--band", "ages-8-10", "--site", "cdn-blocked.test", "--minutes", "5", "--uses", "30")
    with browser(lab.device("pupil8", "transparent", gateway.ca)) as page:
        page.open("https://cdn-blocked.test/lesson?n=1")
        page.run("document.querySelector('details').open = true")
        fill(page, "#code", "AAAA-AAAA")
        assert 'role="alert"' in page.press("details form button")
        fill(page, "#code", made["code"])
        opened = page.press("main form button")
        assert page.run("location.href") == "https://cdn-blocked.test/lesson?n=1", opened[-500:]
        assert "origin-ok" in opened
    run(gateway, "pass", "end", made["id"], "--by", "Minh", "--reason", "over")
    time.sleep(0.3)


def test_the_gateways_own_name_over_https_and_http(explicit: Device) -> None:
    with browser(explicit) as page:
        for url in ("https://hedgerow.internal/", "http://hedgerow.internal/", "https://hedgerow.test/poster"):
            assert "tel:111" in page.open(url), url
