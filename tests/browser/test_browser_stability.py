"""The stability page in a real browser."""

from collections.abc import Callable

import pytest
from drawn_plan import FORMULA, MARKUP, RIGHT_TO_LEFT
from selenium.webdriver.chrome.webdriver import WebDriver
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webelement import WebElement

pytestmark = pytest.mark.browser

Open = Callable[..., WebDriver]


def settle(driver: WebDriver) -> None:
    """Wait until the frame that was asked for has been drawn."""
    driver.execute_async_script(
        "const done = arguments[0]; requestAnimationFrame(() => requestAnimationFrame(done))"
    )


def marks(driver: WebDriver, panel: str) -> list[WebElement]:
    return driver.find_elements(By.CSS_SELECTOR, f".panel-{panel} .mark")


def card(driver: WebDriver) -> str:
    """What the details show, if they do."""
    found = [c for c in driver.find_elements(By.CSS_SELECTOR, ".card") if c.is_displayed()]
    return found[0].text if found else ""


@pytest.mark.parametrize("name", ["plain", "hostile"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_opens_without_a_message_or_a_request(
    open_page: Open, requests_of: Callable[[WebDriver], list[str]], name: str, scheme: str
) -> None:
    driver = open_page(name, page="stability", scheme=scheme)
    settle(driver)
    drawn = {p: len(marks(driver, p)) for p in ("eras", "terms", "singles", "endurance", "slips")}
    assert drawn == {"eras": 3, "terms": 9, "singles": 4, "endurance": 2, "slips": 2}
    assert driver.get_log("browser") == []
    assert [url.split("#")[0].split("/")[-1] for url in requests_of(driver)] == [f"{name}.html"]


@pytest.mark.parametrize("name", ["plain", "hostile"])
@pytest.mark.parametrize("size", [1280, 400])
def test_it_never_scrolls_sideways_and_no_text_leaves_its_picture(
    open_page: Open, name: str, size: int
) -> None:
    driver = open_page(name, page="stability", width=size)
    driver.execute_script("for (const d of document.querySelectorAll('details')) d.open = true")
    settle(driver)
    assert driver.execute_script("return document.documentElement.scrollWidth") <= size
    outside = driver.execute_script(
        """
        return Array.from(document.querySelectorAll(".panel-picture text")).filter((t) => {
            const box = t.getBoundingClientRect(), sheet = t.ownerSVGElement.getBoundingClientRect();
            return box.width && (box.right > sheet.right + 2 || box.left < sheet.left - 2);
        }).map((t) => t.textContent);
        """
    )
    assert outside == []


def test_each_picture_has_its_tables_beside_it(open_page: Open) -> None:
    driver = open_page(page="stability")
    found = driver.execute_script(
        "return Array.from(document.querySelectorAll('.panel')).map(p => "
        "[p.className.split('panel-')[1], Array.from(p.querySelectorAll('details')).map(d => d.id)])"
    )
    assert dict(found) == {
        "eras": ["table-flown-eras", "table-flown-stretches", "table-planned-stretches"],
        "terms": ["table-terms-buy", "table-terms-cost"],
        "singles": ["table-singles"],
        "endurance": ["table-endurance", "table-endurance-days"],
        "slips": ["table-slips"],
    }


def test_pointing_shows_and_a_click_keeps_the_details(open_page: Open) -> None:
    driver = open_page(page="stability")
    settle(driver)
    worst = marks(driver, "singles")[0]
    driver.execute_script("arguments[0].scrollIntoView({block: 'center'})", worst)
    ActionChains(driver).move_to_element(worst).perform()
    assert "person unavailable Anna Adler 2030-05-01" in card(driver)
    assert "+4.0 d" in card(driver)
    ActionChains(driver).move_to_element(driver.find_element(By.TAG_NAME, "h1")).perform()
    assert card(driver) == ""
    worst.click()
    ActionChains(driver).move_to_element(driver.find_element(By.TAG_NAME, "h1")).perform()
    assert "Anna Adler" in card(driver)
    ActionChains(driver).send_keys(Keys.ESCAPE).perform()
    assert card(driver) == ""


def test_the_keyboard_walks_every_picture(open_page: Open) -> None:
    driver = open_page(page="stability")
    settle(driver)
    for panel in ("eras", "terms", "singles", "endurance", "slips"):
        every = marks(driver, panel)
        stops = [m for m in every if m.get_attribute("tabindex") == "0"]
        assert stops == every[:1]
        driver.execute_script("arguments[0].focus()", every[0])
        seen = {str(every[0].get_attribute("aria-label"))}
        for _ in every[1:]:
            ActionChains(driver).send_keys(Keys.ARROW_RIGHT).perform()
            seen.add(str(driver.switch_to.active_element.get_attribute("aria-label")))
            assert card(driver)
        assert driver.switch_to.active_element == every[-1]
        ActionChains(driver).send_keys(Keys.ENTER).perform()
        assert card(driver)
        ActionChains(driver).send_keys(Keys.ESCAPE).perform()
        assert card(driver) == ""
        assert driver.switch_to.active_element == every[-1]


def test_hostile_names_are_shown_and_do_nothing(open_page: Open) -> None:
    driver = open_page("hostile", page="stability")
    settle(driver)
    assert driver.find_elements(By.CSS_SELECTOR, "img") == []
    labels = [str(m.get_attribute("aria-label")) for m in driver.find_elements(By.CSS_SELECTOR, ".mark")]
    for name in (MARKUP, FORMULA, RIGHT_TO_LEFT):
        assert [x for x in labels if name in x]
    for mark in marks(driver, "singles"):
        driver.execute_script("arguments[0].focus()", mark)
        assert card(driver)
    assert driver.get_log("browser") == []


def test_it_draws_for_the_width_it_has_and_only_then(open_page: Open) -> None:
    driver = open_page(page="stability")
    settle(driver)

    def width() -> float:
        return float(driver.find_element(By.CSS_SELECTOR, ".panel-eras svg").rect["width"])

    wide = width()
    changes = driver.execute_async_script(
        """
        const done = arguments[0];
        let n = 0;
        new MutationObserver(list => { n += list.length; })
            .observe(document.body, {subtree: true, attributes: true, childList: true});
        setTimeout(() => done(n), 300);
        """
    )
    assert changes == 0
    metrics = {"width": 700, "height": 900, "deviceScaleFactor": 1, "mobile": False}
    driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
    settle(driver)
    assert 500 < width() < 700 < wide


def test_without_javascript_the_sentence_and_the_tables_are_there(open_page: Open, driver: WebDriver) -> None:
    driver.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
    try:
        open_page(page="stability")
        page = driver.find_element(By.ID, "page-stability")
        assert "in this plan on" in page.find_element(By.CSS_SELECTOR, ".page-title").text
        for ident in ("singles", "endurance", "slips", "terms-buy", "flown-eras"):
            assert page.find_element(By.ID, f"table-{ident}")
    finally:
        driver.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})
