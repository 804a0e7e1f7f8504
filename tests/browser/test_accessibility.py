"""axe over every page of the report; left out where ``npm ci`` in ui/ has not installed it."""

from collections.abc import Callable
from pathlib import Path

import pytest
from selenium.webdriver.chrome.webdriver import WebDriver

AXE = Path(__file__).parents[2] / "ui/node_modules/axe-core/axe.min.js"
RUN = """
    const done = arguments[arguments.length - 1];
    const told = n => `${n.target.join(" ")}: ${n.failureSummary}`;
    axe.run(document, {resultTypes: ["violations"]}).then(r => done(r.violations.map(v =>
        [v.impact, v.id, v.nodes.slice(0, 3).map(told).join(" / ")]
    )));
"""

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not AXE.is_file(), reason="axe-core is not installed in ui/"),
]


@pytest.mark.parametrize("page", ["timeline", "flights", "stability", "manifest", "tables"])
@pytest.mark.parametrize("width", [1280, 400])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious(
    open_page: Callable[..., WebDriver], page: str, width: int, scheme: str
) -> None:
    driver = open_page(page=page, width=width, scheme=scheme)
    driver.execute_script("for (const d of document.querySelectorAll('details')) d.open = true")
    driver.execute_script(AXE.read_text(encoding="utf-8"))
    found = driver.execute_async_script(RUN)
    assert [f for f in found if f[0] in ("serious", "critical")] == []
