"""The page of flights in a real browser: sheets, globe, clock, approach."""

from collections.abc import Callable

import pytest
from drawn_plan import CLOSING, FORMULA, MARKUP, RIGHT_TO_LEFT
from selenium.webdriver.chrome.webdriver import WebDriver
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.ui import WebDriverWait

pytestmark = pytest.mark.browser

Open = Callable[..., WebDriver]

# The share of the globe's pixels that are not the ground colour of space.
COVERED = """
    const canvas = document.querySelector(".globe-box canvas");
    const copy = document.createElement("canvas");
    [copy.width, copy.height] = [120, 80];
    const context = copy.getContext("2d");
    context.drawImage(canvas, 0, 0, 120, 80);
    const { data } = context.getImageData(0, 0, 120, 80);
    let n = 0;
    for (let i = 0; i < data.length; i += 4) n += data[i] + data[i + 1] + data[i + 2] > 120;
    return n / (120 * 80);
"""


def ready(driver: WebDriver) -> WebDriver:
    """Wait until the Earth with its picture is on the canvas."""
    WebDriverWait(driver, 30).until(lambda d: d.find_elements(By.CSS_SELECTOR, ".globe-box canvas"))
    WebDriverWait(driver, 30).until(lambda d: d.execute_script(COVERED) > 0.2)
    return driver


def settle(driver: WebDriver) -> None:
    driver.execute_async_script(
        "const done = arguments[0]; requestAnimationFrame(() => requestAnimationFrame(done))"
    )


def shown(driver: WebDriver, css: str) -> list[WebElement]:
    return [e for e in driver.find_elements(By.CSS_SELECTOR, css) if e.is_displayed()]


def read(driver: WebDriver, name: str) -> None:
    """Wait until the sheet of that flight, and no other, is there to be read."""
    WebDriverWait(driver, 10).until(
        lambda d: [s.find_element(By.TAG_NAME, "h2").text for s in shown(d, ".flight-sheet")] == [name]
    )


def fact(driver: WebDriver, name: str) -> str:
    settle(driver)
    path = f"//dl[@class='readout']//dt[text()='{name}']/following-sibling::dd"
    return driver.find_element(By.XPATH, path).text


def press(driver: WebDriver, label: str) -> None:
    driver.find_element(By.CSS_SELECTOR, f"button[aria-label^='{label}']").click()
    settle(driver)


@pytest.mark.parametrize("name", ["plain", "hostile"])
def test_the_globe_is_drawn_without_a_message_or_a_request(
    open_page: Open, requests_of: Callable[[WebDriver], list[str]], name: str
) -> None:
    driver = ready(open_page(name, page="flights"))
    assert driver.get_log("browser") == []
    assert [url.split("#")[0].split("/")[-1] for url in requests_of(driver)] == [f"{name}.html"]


def test_the_flown_flight_comes_first_and_others_are_a_click_away(open_page: Open) -> None:
    driver = open_page(page="flights")
    read(driver, "Heron 7")
    driver.find_element(By.XPATH, "//a[contains(@class, 'flight-link')][b='Swift 2']").click()
    read(driver, "Swift 2")
    assert "Dan Dove" in shown(driver, ".flight-sheet")[0].text
    driver.back()
    read(driver, "Heron 7")


def test_events_keys_and_the_slider_move_the_clock(open_page: Open) -> None:
    driver = ready(open_page(page="flights"))
    assert fact(driver, "UTC") == "2030-03-01 10:00:00"
    press(driver, "Next event")
    assert fact(driver, "UTC") == "2030-03-01 10:08:20"
    assert fact(driver, "Last") == "insertion, 330 km"
    assert fact(driver, "Height").endswith(" km")
    slider = driver.find_element(By.CSS_SELECTOR, "[aria-label='Time of the flight']")
    slider.send_keys(".")
    assert fact(driver, "UTC") == "2030-03-01 10:08:30"
    slider.send_keys(Keys.ARROW_LEFT)
    assert fact(driver, "UTC") == "2030-03-01 10:08:20"
    slider.send_keys("n", "n")
    assert fact(driver, "Phase") == "docked"
    assert fact(driver, "To the station") == "docked"
    slider.send_keys(Keys.END)
    assert fact(driver, "UTC") == "2030-03-02 17:40:00"
    assert "17:40:00 UTC" in str(slider.get_attribute("aria-valuetext"))


def test_it_plays_and_pauses_by_the_space_bar_at_the_speed_that_is_set(open_page: Open) -> None:
    driver = ready(open_page(page="flights"))
    slider = driver.find_element(By.CSS_SELECTOR, "[aria-label='Time of the flight']")
    assert driver.find_element(By.CSS_SELECTOR, ".clock-pace").text == "60\u00d7"
    slider.send_keys("]", "]", "]", "]")
    assert driver.find_element(By.CSS_SELECTOR, ".clock-pace").text == "600\u00d7"
    slider.send_keys(" ")
    WebDriverWait(driver, 10).until(lambda d: fact(d, "UTC") > "2030-03-01 10:03:00")
    slider.send_keys(" ")
    stands = fact(driver, "UTC")
    driver.execute_async_script("setTimeout(arguments[0], 300)")
    assert fact(driver, "UTC") == stands


def test_nothing_is_drawn_when_nothing_moves(open_page: Open) -> None:
    driver = ready(open_page(page="flights"))
    asked = driver.execute_async_script(
        """
        const done = arguments[0];
        let n = 0;
        const plain = window.requestAnimationFrame;
        window.requestAnimationFrame = (f) => { n += 1; return plain(f); };
        new MutationObserver((list) => { n += list.length; })
            .observe(document.body, {subtree: true, attributes: true, childList: true, characterData: true});
        setTimeout(() => { window.requestAnimationFrame = plain; done(n); }, 400);
        """
    )
    assert asked == 0


def test_the_globe_turns_by_pointer_and_key_and_stops_following(open_page: Open) -> None:
    driver = ready(open_page(page="flights"))
    canvas = driver.find_element(By.CSS_SELECTOR, ".globe-box canvas")
    picture = "return document.querySelector('.globe-box canvas').toDataURL()"
    follow = driver.find_element(By.CSS_SELECTOR, "button[aria-label^='Keep the craft']")
    first = driver.execute_script(picture)
    ActionChains(driver).move_to_element(canvas).click_and_hold().move_by_offset(60, 10).release().perform()
    settle(driver)
    second = driver.execute_script(picture)
    assert second != first
    assert follow.get_attribute("aria-pressed") == "false"
    canvas.send_keys(Keys.ARROW_RIGHT)
    settle(driver)
    third = driver.execute_script(picture)
    assert third != second
    canvas.send_keys("+")
    assert driver.execute_script(picture) != third
    canvas.send_keys("f")
    assert follow.get_attribute("aria-pressed") == "true"
    press(driver, "Let the Earth stand")
    assert driver.get_log("browser") == []


def test_the_approach_follows_the_clock(open_page: Open) -> None:
    driver = ready(open_page(page="flights"))
    caption = driver.find_element(By.CSS_SELECTOR, ".inset figcaption")
    assert "Not yet on the approach" in caption.text
    assert len(driver.find_elements(By.CSS_SELECTOR, ".path-sampled")) == 1
    slider = driver.find_element(By.CSS_SELECTOR, "[aria-label='Time of the flight']")
    for _ in range(3):
        slider.send_keys("n")
    slider.send_keys(",")
    settle(driver)
    assert "m from fore" in caption.text
    press(driver, "Look from the side")
    assert "from above" in caption.text


def test_hostile_names_are_shown_and_do_nothing(open_page: Open) -> None:
    driver = ready(open_page("hostile", page="flights"))
    page = driver.find_element(By.ID, "page-flights")
    assert driver.find_elements(By.CSS_SELECTOR, "img") == []
    text = str(page.get_attribute("textContent"))
    for name in (MARKUP, FORMULA, RIGHT_TO_LEFT, CLOSING):
        assert name in text
    press(driver, "Next event")
    assert fact(driver, "Last") == f"{FORMULA}, {MARKUP}"
    labels = [e.text for e in shown(driver, ".globe-label b")]
    assert any(MARKUP in label for label in labels)
    assert driver.get_log("browser") == []


@pytest.mark.parametrize("name", ["plain", "hostile"])
@pytest.mark.parametrize("size", [1280, 400])
def test_it_never_scrolls_sideways(open_page: Open, name: str, size: int) -> None:
    driver = ready(open_page(name, page="flights", width=size))
    driver.execute_script("for (const d of document.querySelectorAll('details')) d.open = true")
    settle(driver)
    assert driver.execute_script("return document.documentElement.scrollWidth") <= size


def test_without_webgl_it_says_so_and_everything_else_works(open_page: Open, driver: WebDriver) -> None:
    source = """
        const plain = HTMLCanvasElement.prototype.getContext;
        HTMLCanvasElement.prototype.getContext = function (kind, ...rest) {
            return kind.startsWith("webgl") ? null : plain.call(this, kind, ...rest);
        };
    """
    added = driver.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": source})
    try:
        open_page(page="flights")
        WebDriverWait(driver, 10).until(lambda d: d.find_elements(By.CSS_SELECTOR, ".no-globe"))
        assert "no WebGL" in driver.find_element(By.CSS_SELECTOR, ".no-globe").text
        press(driver, "Next event")
        assert fact(driver, "UTC") == "2030-03-01 10:08:20"
        assert driver.get_log("browser") == []
    finally:
        driver.execute_cdp_cmd("Page.removeScriptToEvaluateOnNewDocument", added)


def test_the_sheets_stand_without_javascript(open_page: Open, driver: WebDriver) -> None:
    driver.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
    try:
        open_page(page="flights")
        assert len(shown(driver, ".flight-sheet")) == 4
        assert "Liu Lang" in str(driver.find_element(By.ID, "page-flights").get_attribute("textContent"))
    finally:
        driver.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})


def test_a_flight_prints_the_tables_that_are_open(open_page: Open) -> None:
    driver = open_page(page="flights")
    count = "return document.querySelectorAll('.flight-sheet:not([hidden]) details[open]').length"
    before = driver.execute_script(count)
    assert before > 0
    during = driver.execute_script("dispatchEvent(new Event('beforeprint'));" + count)
    driver.execute_script("dispatchEvent(new Event('afterprint'))")
    assert [during, driver.execute_script(count)] == [before, before]
