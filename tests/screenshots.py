"""python tests/screenshots.py [FOLDER]: a picture of every page in both languages, as a reader sees it, to look at.

Serves the warehouse of KPI_DATA, or a sample of its own where there is none. The folder (screenshots/) is not kept;
the pictures of the README are two of these, looked at and copied to docs/.
"""

import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from playwright.sync_api import sync_playwright
from test_browser import ARGUMENTS, BROWSER, ROOT, Tab, serve

from language import LANGUAGES
from pages.contents import CONTENTS
from sample_data.__main__ import prepare
from warehouse.store import current, data_folder

WIDE = {"width": 1366, "height": 768}
VARIANTS = (
    "ban-do?view=tiles",
    "ban-do?level=hamlet&unit=724",
    "ban-do?beside=year",
    "?as_of=2025-03-20",
    "?unit=25865",
)


def main() -> int:
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else ROOT / "screenshots")
    folder.mkdir(parents=True, exist_ok=True)
    data = data_folder()
    if current(data) is None:
        data = Path(tempfile.mkdtemp())
        prepare(data)
    paths = [*(page.ADDRESS for each in CONTENTS.values() for page in each), *VARIANTS]
    server = serve(data)
    address = next(server)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=BROWSER, args=ARGUMENTS)
        for path in paths:
            for language in LANGUAGES:
                tab = Tab(browser, address).open(f"{path}{'&' if '?' in path else '?'}lang={language}")
                if tab.page.locator("[data-testid=stPlotlyChart]").count():
                    tab.page.wait_for_selector(".js-plotly-plot .trace, .choroplethlayer path")
                tab.page.wait_for_timeout(1500)
                name = "".join(letter if letter.isalnum() else "-" for letter in path) or "tong-quan"
                tab.page.screenshot(path=folder / f"{name}.{language}.png")
                tab.page.close()
                print(folder / f"{name}.{language}.png")
        browser.close()
    next(server, None)
    return 0


if __name__ == "__main__":
    sys.exit(main())
