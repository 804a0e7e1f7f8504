"""The report in a real browser."""

import base64
import re
from collections.abc import Callable
from dataclasses import dataclass

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


def settle(driver: WebDriver) -> None:
    """Wait until the frame that was asked for has been drawn."""
    driver.execute_async_script(
        "const done = arguments[0]; requestAnimationFrame(() => requestAnimationFrame(done))"
    )


@dataclass
class Bar:
    """Where a bar of the canvas is drawn, in CSS pixels of the window."""

    name: str
    tone: str
    x: float
    y: float
    width: float
    height: float


def bar(driver: WebDriver, text: str) -> Bar:
    """The first bar whose name holds a text, where it is now."""
    settle(driver)
    found = driver.execute_script("return document.querySelector('.tl-body').locate(arguments[0])", text)
    assert found is not None, text
    return Bar(**found)


def bring(driver: WebDriver, text: str) -> Bar:
    """The bar, scrolled to the middle of the window."""
    driver.execute_script("window.scrollBy(0, arguments[0] - innerHeight / 2)", bar(driver, text).y)
    return bar(driver, text)


def pointer(driver: WebDriver, found: Bar) -> ActionChains:
    """The pointer moved to the middle of a bar."""
    chain = ActionChains(driver)
    chain.w3c_actions.pointer_action.move_to_location(
        round(found.x + found.width / 2), round(found.y + found.height / 2)
    )
    return chain


def click(driver: WebDriver, text: str) -> Bar:
    found = bring(driver, text)
    pointer(driver, found).click().perform()
    return found


def focused(driver: WebDriver) -> str:
    return str(driver.switch_to.active_element.get_attribute("aria-label"))


def card(driver: WebDriver) -> str:
    shown = driver.find_element(By.CSS_SELECTOR, ".card")
    return shown.text if shown.is_displayed() else ""


def ticks(driver: WebDriver) -> list[str]:
    settle(driver)
    return [t.text for t in driver.find_elements(By.CSS_SELECTOR, ".axis .fine, .axis .coarse") if t.text]


def width(element: WebElement) -> float:
    return float(element.rect["width"])


@pytest.mark.parametrize("name", ["plain", "hostile"])
def test_opens_from_disk_without_a_message_or_a_request(
    open_page: Open, requests_of: Callable[[WebDriver], list[str]], name: str
) -> None:
    driver = open_page(name)
    settle(driver)
    assert len(driver.find_elements(By.CSS_SELECTOR, ".plot canvas")) > 5
    assert driver.get_log("browser") == []
    assert [url.split("/")[-1] for url in requests_of(driver)] == [f"{name}.html"]


def test_hostile_names_are_shown_and_do_nothing(open_page: Open) -> None:
    driver = open_page("hostile")
    settle(driver)
    assert driver.find_elements(By.CSS_SELECTOR, "img") == []
    assert driver.find_element(By.TAG_NAME, "h1").get_attribute("textContent") == CLOSING
    for name in (MARKUP, FORMULA, RIGHT_TO_LEFT):
        click(driver, name)
        title = driver.find_element(By.CSS_SELECTOR, ".card h3")
        assert title.get_attribute("textContent") == name
        driver.find_element(By.CSS_SELECTOR, ".card-close").click()
    assert driver.get_log("browser") == []


def test_a_walk_through_pages_whose_every_word_is_hostile(
    open_page: Open, requests_of: Callable[[WebDriver], list[str]]
) -> None:
    driver = open_page("poisoned")
    driver.execute_script("window.alert = () => { window.wasAlerted = true; }")
    for fold in driver.find_elements(By.CSS_SELECTOR, '.fold[aria-expanded="false"]'):
        fold.click()
    for name in (MARKUP, FORMULA, RIGHT_TO_LEFT, CLOSING):
        click(driver, f": {name}")
        assert driver.find_element(By.CSS_SELECTOR, ".card h3").get_attribute("textContent") == name
        ActionChains(driver).send_keys(Keys.ESCAPE).perform()
    for tab in driver.find_elements(By.CSS_SELECTOR, ".tab"):
        tab.click()
        settle(driver)
        driver.execute_script("for (const d of document.querySelectorAll('details')) d.open = true")
        assert driver.execute_script("return document.documentElement.scrollWidth") <= 1280
    for name in (MARKUP, FORMULA, RIGHT_TO_LEFT.strip()):
        for page in ("manifest", "tables"):
            shown = driver.find_element(By.ID, f"page-{page}").get_attribute("textContent")
            assert name in str(shown)
    assert driver.find_elements(By.CSS_SELECTOR, "img, iframe, .page script") == []
    assert driver.execute_script("return window.wasAlerted") is None
    assert driver.get_log("browser") == []
    assert [url.split("/")[-1].split("#")[0] for url in requests_of(driver)] == ["poisoned.html"]


def test_a_bar_leads_to_the_sheet_of_its_flight(open_page: Open) -> None:
    driver = open_page()
    click(driver, "fore: Heron 7")
    driver.find_element(By.LINK_TEXT, "Sheet of this flight").click()
    assert shows(driver, "page-flights")
    (sheet,) = [s for s in driver.find_elements(By.CSS_SELECTOR, ".flight-sheet") if s.is_displayed()]
    assert sheet.find_element(By.TAG_NAME, "h2").text == "Heron 7"


def test_the_table_of_a_picture_is_one_link_away(open_page: Open) -> None:
    driver = open_page()
    driver.find_element(By.CSS_SELECTOR, "[aria-label='Ports as a table']").click()
    assert shows(driver, "page-tables")
    assert driver.find_element(By.CSS_SELECTOR, "#table-ports table").is_displayed()
    driver.back()
    assert shows(driver, "page-timeline")


@pytest.mark.parametrize("name", ["plain", "hostile"])
@pytest.mark.parametrize("page", ["timeline", "manifest", "tables"])
@pytest.mark.parametrize("size", [1280, 400])
def test_the_page_never_scrolls_sideways(open_page: Open, name: str, page: str, size: int) -> None:
    driver = open_page(name, page=page, width=size)
    driver.execute_script("for (const d of document.querySelectorAll('details')) d.open = true")
    settle(driver)
    assert driver.execute_script("return document.documentElement.scrollWidth") <= size
    assert driver.execute_script("return document.documentElement.clientWidth") >= size - 20


def test_labels_are_narrower_on_a_narrow_page(open_page: Open) -> None:
    wide = width(open_page(width=1280).find_element(By.CSS_SELECTOR, ".labels"))
    narrow = width(open_page(width=400).find_element(By.CSS_SELECTOR, ".labels"))
    assert narrow < 100 < wide


def test_a_click_pins_the_details_and_escape_closes_them(open_page: Open) -> None:
    driver = open_page()
    click(driver, "fore: Heron 7")
    shown = card(driver)
    for text in ("Heron 7 at fore", "2030-03-01 16:00", "Liu Lang, Carla Crane"):
        assert text in shown
    ActionChains(driver).send_keys(Keys.ESCAPE).perform()
    assert card(driver) == ""


def test_pointing_shows_the_details_and_leaving_hides_them(open_page: Open) -> None:
    driver = open_page()
    pointer(driver, bring(driver, "fore: Heron 7")).perform()
    settle(driver)
    assert "Heron 7 at fore" in card(driver)
    cursor = driver.find_element(By.CSS_SELECTOR, ".axis .cursor-tab text").text
    assert cursor.startswith("2030-0")
    ActionChains(driver).move_to_element(driver.find_element(By.TAG_NAME, "h1")).perform()
    settle(driver)
    assert card(driver) == ""


def test_the_keyboard_reaches_every_lane(open_page: Open) -> None:
    driver = open_page()
    driver.execute_script("document.querySelector('.bar-focus').focus()")
    seen = []
    for _ in range(40):
        if seen and focused(driver) == seen[-1]:
            break
        seen.append(focused(driver))
        ActionChains(driver).send_keys(Keys.ARROW_DOWN).perform()
    lanes = {
        str(e.get_attribute("title")).split(" (")[0]
        for e in driver.find_elements(By.CSS_SELECTOR, ".lane-label")
    }
    assert {name.split(":")[0] for name in seen} == lanes
    ActionChains(driver).send_keys(Keys.ARROW_UP, Keys.ENTER).perform()
    assert card(driver)
    before = focused(driver)
    ActionChains(driver).send_keys(Keys.ESCAPE).perform()
    assert card(driver) == ""
    assert focused(driver) == before


@pytest.mark.parametrize("page", ["timeline", "flights", "stability", "manifest", "tables"])
def test_every_control_is_reached_by_tab_and_arrows(open_page: Open, page: str) -> None:
    driver = open_page("plain", page=page)
    settle(driver)
    shown = "a[href], button, input, select, summary, [tabindex]"
    count = driver.execute_script(
        "window.left = new Set(Array.from(document.querySelectorAll(arguments[0])).filter("
        "(e) => !e.disabled && e.checkVisibility({ checkVisibilityCSS: true }))); return window.left.size",
        shown,
    )
    assert count > 5
    step = "const e = document.activeElement; const was = left.delete(e); return [was, e.matches('.mark')]"
    missed = 0
    while missed < 2:  # between the last and the first control the window itself has the focus
        ActionChains(driver, duration=0).send_keys(Keys.TAB).perform()
        is_new, is_mark = driver.execute_script(step)
        missed = 0 if is_new else missed + 1
        while is_new and is_mark:
            ActionChains(driver, duration=0).send_keys(Keys.ARROW_RIGHT).perform()
            is_new, is_mark = driver.execute_script(step)
    assert driver.execute_script("return Array.from(left, (e) => e.outerHTML.slice(0, 120))") == []


def test_arrows_walk_along_a_lane(open_page: Open) -> None:
    driver = open_page()
    click(driver, "fore: Heron 7")
    ActionChains(driver).send_keys(Keys.ARROW_RIGHT, Keys.ARROW_RIGHT).perform()
    assert "Swift 2 at fore" in focused(driver)
    ActionChains(driver).send_keys(Keys.HOME).perform()
    assert "Swift 1 at fore" in focused(driver)


def test_zoom_by_button_and_keyboard_changes_what_is_shown(open_page: Open) -> None:
    driver = open_page()
    whole, all_ticks = bring(driver, "aft: Mule 3").width, ticks(driver)
    driver.find_element(By.CSS_SELECTOR, "[aria-label^='Zoom in']").click()
    assert bar(driver, "aft: Mule 3").width == pytest.approx(1.5 * whole, abs=2)
    click(driver, "aft: Mule 3")
    ActionChains(driver).send_keys("+").perform()
    assert bar(driver, "aft: Mule 3").width == pytest.approx(2.25 * whole, abs=2)
    assert ticks(driver) != all_ticks
    ActionChains(driver).send_keys("0").perform()
    assert bar(driver, "aft: Mule 3").width == pytest.approx(whole, abs=1)
    assert ticks(driver) == all_ticks


def test_the_wheel_zooms_at_the_pointer_only_with_control(open_page: Open) -> None:
    driver = open_page()
    before = bring(driver, "fore: Heron 7")
    middle = before.x + before.width / 2
    wheel = """
        const [clientX, clientY, ctrlKey] = arguments;
        return document.elementFromPoint(clientX, clientY).dispatchEvent(new WheelEvent("wheel",
            {deltaY: -200, clientX, clientY, ctrlKey, bubbles: true, cancelable: true}));
    """
    assert driver.execute_script(wheel, middle, before.y + 3, False) is True  # left to the page
    assert bar(driver, "fore: Heron 7").width == before.width
    assert driver.execute_script(wheel, middle, before.y + 3, True) is False
    after = bar(driver, "fore: Heron 7")
    assert after.width > 1.4 * before.width
    assert after.x + after.width / 2 == pytest.approx(middle, abs=2)


def test_dragging_pans_and_is_not_a_click(open_page: Open) -> None:
    driver = open_page()
    driver.find_element(By.CSS_SELECTOR, "[aria-label^='Zoom in']").click()
    before = bring(driver, "fore: Heron 7")
    pointer(driver, before).click_and_hold().move_by_offset(-60, 0).release().perform()
    assert bar(driver, "fore: Heron 7").x == pytest.approx(before.x - 60, abs=3)
    assert "pinned" not in str(driver.find_element(By.CSS_SELECTOR, ".card").get_attribute("class"))


def test_nothing_is_drawn_when_nothing_moves(open_page: Open) -> None:
    driver = open_page()
    settle(driver)
    changes = driver.execute_async_script(
        """
        const done = arguments[0];
        let n = 0;
        new MutationObserver(list => { n += list.length; })
            .observe(document.body, {subtree: true, attributes: true, childList: true});
        CanvasRenderingContext2D.prototype.clearRect = () => { n += 1; };
        setTimeout(() => done(n), 300);
        """
    )
    assert changes == 0


def test_groups_fold_away(open_page: Open) -> None:
    driver = open_page()
    people = next(g for g in driver.find_elements(By.CSS_SELECTOR, ".fold") if "People" in g.text)
    box = people.find_element(By.XPATH, "./ancestor::div[contains(@class, 'tl-group')]")
    before = box.rect["height"]
    people.click()
    settle(driver)
    assert people.get_attribute("aria-expanded") == "false"
    assert box.rect["height"] < 30 < before


def test_training_says_course_centre_and_flight(open_page: Open) -> None:
    driver = open_page()
    wings = bar(driver, "Dan Dove: Dan Dove: wings, Hill")
    nest = bar(driver, "Dan Dove: Dan Dove: nest, Harbour")
    assert wings.tone != nest.tone
    click(driver, "Dan Dove: Dan Dove: nest, Harbour")
    assert "nest, refresher" in card(driver)
    assert "Harbour" in card(driver)
    assert "Swift 2, crew" in card(driver)


def test_dark_follows_the_system_and_the_switch(open_page: Open) -> None:
    ground = "return getComputedStyle(document.body).backgroundColor"
    light = open_page(scheme="light").execute_script(ground)
    driver = open_page(scheme="dark")
    dark = driver.execute_script(ground)
    assert light != dark
    driver.find_element(By.CSS_SELECTOR, "[aria-label^='Switch between']").click()
    assert driver.execute_script(ground) == light


def shows(driver: WebDriver, page: str) -> bool:
    """Whether that page alone comes to be shown: the address changes a moment before the page does."""

    def is_there(d: WebDriver) -> bool:
        pages = d.find_elements(By.CSS_SELECTOR, ".page")
        return [str(p.get_attribute("id")) for p in pages if p.is_displayed()] == [page]

    return bool(WebDriverWait(driver, 10).until(is_there, f"{page} alone is not shown"))


def test_tabs_show_one_page_each_and_back_goes_back(open_page: Open) -> None:
    driver = open_page(page="")
    assert shows(driver, "page-timeline")
    driver.find_element(By.LINK_TEXT, "Tables").click()
    assert shows(driver, "page-tables")
    assert driver.find_element(By.CSS_SELECTOR, ".tab[aria-current=page]").text == "Tables"
    driver.back()
    assert shows(driver, "page-timeline")


def test_an_address_inside_a_page_shows_that_page_and_opens_the_table(open_page: Open) -> None:
    driver = open_page(page="table-cargo")
    assert shows(driver, "page-tables")
    assert driver.find_element(By.CSS_SELECTOR, "#table-cargo table").is_displayed()


def test_an_address_of_nothing_shows_the_first_page(open_page: Open) -> None:
    assert shows(open_page(page="%22%3E%3Cimg%20src=x%3E"), "page-timeline")


@pytest.mark.parametrize("name", ["plain", "hostile"])
def test_the_manifest_is_one_sheet_of_a3_across(open_page: Open, name: str) -> None:
    driver = open_page(name, page="manifest")
    printed = driver.execute_cdp_cmd("Page.printToPDF", {"preferCSSPageSize": True, "printBackground": True})
    pdf = base64.b64decode(printed["data"])
    sizes = re.findall(rb"/MediaBox\s*\[0 0 ([\d.]+) ([\d.]+)\]", pdf)
    assert [(round(float(w)), round(float(h))) for w, h in sizes] == [(1191, 842)]


def test_the_timeline_prints_everything_light_and_is_as_before_afterwards(open_page: Open) -> None:
    driver = open_page(scheme="dark")
    driver.find_element(By.CSS_SELECTOR, "[aria-label^='Zoom in']").click()
    before = bar(driver, "aft: Mule 3")
    driver.execute_cdp_cmd("Page.printToPDF", {"preferCSSPageSize": True})
    assert bar(driver, "aft: Mule 3") == before
    assert driver.execute_script("return document.documentElement.dataset.theme") is None


def test_tables_sort_both_ways_and_numbers_as_numbers(open_page: Open) -> None:
    driver = open_page(page="tables")
    rows = "Array.from(document.querySelectorAll('#table-flights tbody tr'))"
    column = f"return {rows}.map(r => r.cells[arguments[0]].textContent)"
    names = driver.execute_script(column, 0)
    sorter = driver.find_elements(By.CSS_SELECTOR, "#table-flights .sorter")
    sorter[0].click()
    assert driver.execute_script(column, 0) == sorted(names)
    sorter[0].click()
    assert driver.execute_script(column, 0) == sorted(names, reverse=True)
    sorter[10].click()
    days = [float(d) for d in driver.execute_script(column, 10)]
    assert days == sorted(days)
    assert len(set(map(len, map(str, days)))) > 1


def test_a_table_is_copied_as_a_spreadsheet_takes_it_and_no_name_becomes_a_formula(open_page: Open) -> None:
    driver = open_page("hostile", page="table-people")
    driver.execute_script(
        "Object.defineProperty(navigator, 'clipboard', {value: {writeText: async t => { window.took = t; }}})"
    )
    driver.find_element(By.CSS_SELECTOR, "#table-people .copy-bar button").click()
    settle(driver)
    lines = str(driver.execute_script("return window.took")).splitlines()
    shown = driver.execute_script(
        "return Array.from(document.querySelectorAll('#table-people tbody tr')).map(r => r.cells.length)"
    )
    assert [line.count("\t") + 1 for line in lines] == [9] * (len(shown) + 1)
    names = {line.split("\t")[0] for line in lines}
    assert f"'{FORMULA}" in names
    assert MARKUP in names
    assert RIGHT_TO_LEFT.strip() in names
    assert driver.find_element(By.CSS_SELECTOR, "#table-people .copied").text == f"{len(shown)} rows copied"


def test_ticks_of_opportunities_have_a_table_of_every_day(open_page: Open) -> None:
    driver = open_page("hostile", page="table-opportunity-days")
    rows = "return Array.from(document.querySelectorAll('details.by-day tbody tr'), r => r.innerText)"
    WebDriverWait(driver, 10).until(lambda d: d.execute_script(rows))
    said = [str(row).split("\t") for row in driver.execute_script(rows)]
    assert [len(row) for row in said] == [2, 2]
    assert [len(at.split(", ")) for _, at in said] == [2, 1]  # two on the first day, one on the next
    assert driver.find_elements(By.CSS_SELECTOR, "#table-opportunity-days .copy-bar button")


def test_the_page_stands_without_javascript(open_page: Open, driver: WebDriver) -> None:
    driver.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
    try:
        open_page()
        assert "Boris Brun" in str(driver.find_element(By.ID, "table-people").get_attribute("textContent"))
        assert driver.find_elements(By.CSS_SELECTOR, "canvas") == []
        assert driver.find_element(By.CSS_SELECTOR, ".status").text == "feasible"
    finally:
        driver.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})


def test_the_axis_has_names_at_every_zoom(open_page: Open) -> None:
    driver = open_page()
    click(driver, "fore: Heron 7")
    for _ in range(18):
        assert len(ticks(driver)) >= 4
        ActionChains(driver).send_keys("+").perform()
