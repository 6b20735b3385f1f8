"""The dev server in a real Chromium: an edit changes the open page and nothing else."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator

import pytest
from dev_server import Server
from harness import Project
from playwright.sync_api import Browser, Page, WebSocket, expect

pytestmark = pytest.mark.long

INDEX = """\
# Home

{words}

<details id="more"><summary>More</summary>hidden words</details>

```python
code = 1
```

<input id="field" aria-label="Field">

![A picture](dot.svg)

{filler}

Last words
"""
FILLER = "\n\n".join(f"Paragraph {n}" for n in range(100))
DOT = '<svg xmlns="http://www.w3.org/2000/svg" width="{0}" height="{0}"></svg>'
COUNTER = '''\
"""A counter."""

from pressrun import State, event
from pressrun.components import button, hstack, input, text


class Counter(State):
    """Counts."""

    count: int = 0
    step: int = 1
    name: str = ""

    def up(self):
        self.count += self.step

    def call(self, name: str):
        self.name = name


def counter():
    return hstack(button("Up", on_click=Counter.up, id="up"), text("count: ", Counter.count), input(id="name", on_change=Counter.call))
'''
OTHER = '''\
"""Another."""

from pressrun import State
from pressrun.components import button, hstack, text


class Other(State):
    """Counts as well."""

    clicks: int = 0

    def click(self):
        self.clicks += 1


def other():
    return hstack(button("Click", on_click=Other.click, id="click"), text("clicks: ", Other.clicks))
'''
TICKER = '''\
"""A task that sets a field at its beginning and at its end."""

import asyncio

from pressrun import State, event
from pressrun.components import button, hstack, text


class Ticker(State):
    """Ticks."""

    laps: int = 0
    ticks: int = 0
    running: bool = False

    def lap(self):
        self.laps += 1

    def stop(self):
        self.running = False

    @event(background=True)
    async def run(self):
        async with self:
            self.running = True
        while self.running:
            async with self:
                self.ticks += 1
            await asyncio.sleep(0.02)


def ticker():
    return hstack(
        button("Lap", on_click=Ticker.lap, id="lap"), button("Run", on_click=Ticker.run, id="run"),
        button("Stop", on_click=Ticker.stop, id="stop"), text("laps: ", Ticker.laps, id="laps"),
        text(Ticker.ticks, id="ticks"), text("running: ", Ticker.running, id="running"),
    )
'''
DEMOS = """\
---
title: Demos
---
---
from blog.counter import counter
from blog.other import other
---
{words}

```python demo isolated
counter()
```

```python demo isolated
other()
```
"""
BRANCHES = """\
---
title: Demos
---
```python demo exec
from pressrun import State
from pressrun.components import button, cond, text, vstack

class Flip(State):
    times: int = 0
    on: bool = False

    def flip(self):
        self.times += 1
        self.on = self.times > 2

def flip():
    return vstack(
        button("{label}", on_click=Flip.flip, id="flip"), text(Flip.times, id="times"), cond(Flip.on, text("{shown}"))
    )
```
"""


@pytest.fixture
def site(project: Project) -> Project:
    """Pages of each kind."""
    project.write("content/index.md", INDEX.format(words="First words", filler=FILLER))
    project.write("content/dot.svg", DOT.format(4))
    project.write("content/other.md", "# Other\n\nNothing here.\n")
    project.write("content/third.md", "# Third\n\nNothing either.\n")
    project.write("static/custom.css", "body { --mine: one; }\n")
    return project


@pytest.fixture
def server(site: Project) -> Iterator[Server]:
    """The site, served and built."""
    running = Server(site.root)
    running.wait_for(r"built: \d+ units ran")
    yield running
    running.stop()


@pytest.fixture
def page(chromium: Browser, server: Server) -> Iterator[Page]:
    """The home page, with no trouble in its console."""
    context = chromium.new_context()
    one = opened(context.new_page(), server.address + "/")
    yield one
    context.close()
    assert one.trouble == []


def opened(page: Page, address: str) -> Page:
    """Open a page; note its errors, what its socket brings, and whether it is ever loaded again."""
    page.trouble, page.news, page.said = [], [], []

    def listen(socket: WebSocket) -> None:
        socket.on("framesent", lambda frame: page.said.append(str(frame)))
        socket.on("framereceived", lambda frame: page.news.append(str(frame)))

    page.on("pageerror", lambda error: page.trouble.append(str(error)))
    page.on(
        "console",
        lambda said: (
            page.trouble.append(said.text) if said.type == "error" and "404" not in said.text else None
        ),
    )
    page.on("websocket", listen)
    page.goto(address)
    while not page.said:
        page.wait_for_timeout(10)
    page.evaluate("window.same = true")
    return page


def is_same(page: Page) -> bool:
    """Whether the page was never loaded again."""
    return bool(page.evaluate("window.same === true"))


def write_words(site: Project, words: str, filler: str = FILLER) -> None:
    """Save the home page."""
    site.write("content/index.md", INDEX.format(words=words, filler=filler))


def test_an_edit_changes_the_words_and_nothing_else(
    site: Project, page: Page, chromium: Browser, server: Server
) -> None:
    """Scroll, focus, selection, what was typed, open details, buttons of the theme stay; other pages are told nothing."""
    other = opened(chromium.new_page(), server.address + "/other/")
    page.click("summary")
    page.fill("#field", "typed words")
    page.evaluate("document.querySelector('#field').setSelectionRange(2, 5)")
    page.evaluate("document.querySelector('pre').nodeMark = 1")
    page.evaluate("scrollTo(0, 1500)")
    before = page.evaluate("scrollY")
    copies = page.locator(".copy").count()
    write_words(site, "Second words")
    expect(page.locator("main")).to_contain_text("Second words")
    assert is_same(page)
    assert page.evaluate("document.querySelector('details').open")
    assert page.evaluate("document.activeElement.id") == "field"
    assert page.input_value("#field") == "typed words"
    assert page.evaluate("[document.activeElement.selectionStart, document.activeElement.selectionEnd]") == [
        2,
        5,
    ]
    assert page.evaluate("document.querySelector('pre').nodeMark") == 1
    assert page.evaluate("scrollY") == before
    assert page.locator(".copy").count() == copies == 1
    assert "First words" not in page.content()
    assert other.news == []
    assert is_same(other)
    other.close()


def test_new_blocks_and_headings_have_what_the_theme_adds(site: Project, page: Page) -> None:
    """A button on the new code, and the new heading in the contents follows the reading."""
    write_words(site, "First words\n\n## Fresh part\n\n```python\nfresh = 1\n```\n\n## Last part\n\nEnd")
    expect(page.locator("main .code")).to_have_count(2)
    expect(page.locator(".code > .copy")).to_have_count(2)
    assert is_same(page)
    opened(page, page.url + "other/")
    parts = "".join(f"## Part {n}\n\n{FILLER}\n\n" for n in range(4))
    site.write("content/other.md", f"# Other\n\n{parts}")
    expect(page.locator("#part-2")).to_have_count(1)
    page.locator("#part-2").evaluate("one => one.scrollIntoView()")
    expect(page.locator(".toc a[aria-current]")).to_have_text("Part 2")


def test_a_changed_diagram_is_drawn_anew_and_an_unchanged_one_stays(site: Project, page: Page) -> None:
    """The first diagram of a page brings a script, so the page is loaded anew; from then on it is not."""
    block = "```mermaid\nflowchart LR\n  Left --> {0}\n```\n\n{1}"
    write_words(site, block.format("Right", "Words"))
    expect(page.locator(".drawing")).to_contain_text("Right")
    page.evaluate("window.same = true; document.querySelector('.drawing svg').nodeMark = 1")
    write_words(site, block.format("Right", "Other words"))
    expect(page.locator("main")).to_contain_text("Other words")
    assert page.evaluate("document.querySelector('.drawing svg').nodeMark") == 1
    write_words(site, block.format("Changed", "Other words"))
    expect(page.locator(".drawing")).to_contain_text("Changed")
    expect(page.locator("figure.diagram pre")).to_be_hidden()
    write_words(site, block.format("", "Other words"))
    expect(page.locator(".diagram-error")).to_contain_text("This diagram cannot be drawn.")
    write_words(site, block.format("Mended", block.format("Second", "Other words")))
    expect(page.locator(".drawing")).to_have_count(2)
    expect(page.locator(".drawing").first).to_contain_text("Mended")
    expect(page.locator(".drawing").last).to_contain_text("Second")
    expect(page.locator(".diagram-error")).to_have_count(0)
    assert is_same(page)


def test_what_comes_and_goes_around_a_part_leaves_it_alone(site: Project, page: Page) -> None:
    """A paragraph, a list, another <details> before the open one: each old element is matched with itself."""
    page.click("summary")
    page.evaluate(
        "document.querySelector('#more').nodeMark = 1; document.querySelector('.copy').nodeMark = 2"
    )
    write_words(site, "First words\n\n<details><summary>New</summary>x</details>\n\n- a\n- b\n\nMore words")
    expect(page.locator("main")).to_contain_text("More words")
    assert page.evaluate("[...document.querySelectorAll('main details')].map(d => d.open)") == [False, True]
    assert page.evaluate("document.querySelector('#more').nodeMark") == 1
    assert page.evaluate("document.querySelector('.copy').nodeMark") == 2
    write_words(site, "First words")
    expect(page.locator("main li")).to_have_count(0)
    assert page.evaluate("[...document.querySelectorAll('main details')].map(d => d.open)") == [True]
    assert page.evaluate("document.querySelector('#more').nodeMark") == 1
    assert page.locator("[id^=pressrun-same]").count() == 0
    assert is_same(page)


def test_a_style_sheet_and_a_picture_are_exchanged_without_a_reload(site: Project, page: Page) -> None:
    mine = "getComputedStyle(document.body).getPropertyValue('--mine').trim()"
    assert page.evaluate(mine) == "one"
    site.write("static/custom.css", "body { --mine: two; }\n")
    page.wait_for_function(f"{mine} === 'two'")
    page.wait_for_function("document.querySelectorAll('link[href*=\"custom.css\"]').length === 1")
    site.write("content/dot.svg", DOT.format(44))
    page.wait_for_function("document.querySelector('img').naturalWidth === 44")
    write_words(site, "After both")
    expect(page.locator("main")).to_contain_text("After both")
    assert page.evaluate(mine) == "two"
    assert is_same(page)


def test_a_new_title_is_in_the_tab_and_in_the_navigation(
    site: Project, page: Page, chromium: Browser, server: Server
) -> None:
    """Of the page itself, and of others that name it."""
    other = opened(chromium.new_page(), server.address + "/other/")
    third = opened(chromium.new_page(), server.address + "/third/")
    site.write("content/other.md", "# Renamed\n\nNothing here.\n")
    expect(other).to_have_title(re.compile("Renamed"))
    expect(third.locator("body")).to_contain_text("Renamed")
    assert is_same(third)
    assert is_same(other)
    assert is_same(page)
    third.close()
    other.close()


def test_a_template_of_the_site_changes_all_open_pages(
    site: Project, page: Page, chromium: Browser, server: Server
) -> None:
    """An override that comes, changes, breaks, is mended and goes."""
    other = opened(chromium.new_page(), server.address + "/other/")
    for words in ("One footer", "Another footer"):
        site.write("templates/components/footer.html", f"<footer>{words}</footer>")
        expect(page.locator("footer")).to_have_text(words)
        expect(other.locator("footer")).to_have_text(words)
    site.write("templates/components/footer.html", "<footer>{{ nothing.there }}</footer>")
    panel = page.get_by_role("region", name="This page cannot be shown as it is written")
    expect(panel).to_contain_text("templates/components/footer.html:1")
    expect(panel).to_contain_text("'nothing' is undefined")
    expect(page.locator("footer")).to_have_text("Another footer")
    site.write("templates/components/footer.html", "<footer>Mended</footer>")
    expect(page.locator("footer")).to_have_text("Mended")
    expect(panel).to_be_hidden()
    site.delete("templates/components/footer.html")
    expect(page.locator("footer")).not_to_have_text("Mended")
    assert is_same(page)
    other.close()


def test_a_problem_stands_on_its_page_until_it_is_mended(
    site: Project, page: Page, chromium: Browser, server: Server
) -> None:
    """With place, excerpt, hint and a link to the editor; the last good page stays; other pages have a badge alone."""
    other = opened(chromium.new_page(), server.address + "/other/")
    write_words(site, "See [it](othr.md) there")
    panel = page.get_by_role("region", name="This page cannot be shown as it is written")
    expect(panel).to_contain_text("content/index.md:3:10")
    expect(panel).to_contain_text("broken link “othr.md”: no such page or file")
    expect(panel.locator("mark")).to_have_text("3 │ See [it](othr.md) there")
    link = panel.get_by_role("link", name="content/index.md:3:10")
    expect(link).to_have_attribute("href", f"vscode://file{site.root}/content/index.md:3:10")
    expect(page.locator("main")).to_contain_text("First words")
    badge = other.get_by_role("button", name="1 error")
    expect(badge).to_have_attribute("aria-expanded", "false")
    badge.click()
    expect(other.get_by_role("region", name="Problems of this site")).to_contain_text("content/index.md:3:10")
    other.keyboard.press("Escape")
    expect(other.get_by_role("region", name="Problems of this site")).to_be_hidden()
    write_words(site, "See [it](other.md) there")
    expect(panel).to_be_hidden()
    expect(badge).to_be_hidden()
    expect(page.locator("main")).to_contain_text("See it there")
    assert is_same(page)
    other.close()


def test_a_broken_configuration_is_shown_on_every_page(site: Project, page: Page) -> None:
    site.write("pyproject.toml", "[tool.pressrun]\ntitel = 'x'\n")
    panel = page.get_by_role("region", name="This page cannot be shown as it is written")
    expect(panel).to_contain_text("pyproject.toml:2:1")
    expect(panel).to_contain_text("unknown key “titel” in [tool.pressrun]")
    expect(panel).to_contain_text("did you mean “title”?")
    write_words(site, "Words that wait")
    site.write("pyproject.toml", "[tool.pressrun]\ntitle = 'Mended'\n[tool.pressrun.serve]\neditor = ''\n")
    expect(page).to_have_title(re.compile("Mended"))
    expect(page.locator("main")).to_contain_text("Words that wait")
    expect(panel).to_be_hidden()
    assert is_same(page)


def test_a_page_is_renamed_deleted_and_comes_back(site: Project, chromium: Browser, server: Server) -> None:
    """The tab goes along; then it shows the 404 page; then the page."""
    tab = opened(chromium.new_page(), server.address + "/other/")
    os.rename(site.root / "content/other.md", site.root / "content/moved.md")
    tab.wait_for_url("**/moved/")
    expect(tab.locator("main")).to_contain_text("Nothing here.")
    site.delete("content/moved.md")
    expect(tab.locator("main")).to_contain_text("Page not found")
    site.write("content/moved.md", "# Back\n\nIt is here again.\n")
    expect(tab.locator("main")).to_contain_text("It is here again.")
    assert tab.trouble == []
    tab.close()


def test_a_new_page_is_there_when_its_address_is_opened_before(
    site: Project, chromium: Browser, server: Server
) -> None:
    tab = opened(chromium.new_page(), server.address + "/coming/")
    expect(tab.locator("main")).to_contain_text("Page not found")
    site.write("content/coming.md", "# Coming\n\nHere it is.\n")
    expect(tab.locator("main")).to_contain_text("Here it is.")
    tab.close()


@pytest.fixture
def demos(project: Project, chromium: Browser) -> Iterator[tuple[Project, Page]]:
    """A page of two demos that run."""
    project.write("blog/counter.py", COUNTER).write("blog/other.py", OTHER)
    project.write("content/index.md", DEMOS.format(words="First words"))
    server = Server(project.root)
    server.wait_for(r"built: \d+ units ran")
    page = opened(chromium.new_page(), server.address + "/")
    page.click("#up")
    page.click("#up")
    expect(page.locator("[data-demo='1']")).to_contain_text("count: 2")
    page.click("#click")
    expect(page.locator("[data-demo='2']")).to_contain_text("clicks: 1")
    yield project, page
    page.close()
    server.stop()
    assert page.trouble == []


def test_words_around_a_running_demo_leave_it_alone(demos: tuple[Project, Page]) -> None:
    """Its elements, its state and its worker are the same, wherever its code stands now."""
    project, page = demos
    page.evaluate("for (const root of document.querySelectorAll('[data-demo]')) root.nodeMark = 1")
    workers = [worker.url for worker in page.workers]
    for words in ("Second words", "Third\n\n- words\n- in a list\n\nand more", ""):
        project.write("content/index.md", DEMOS.format(words=words))
        expect(page.locator("main li")).to_have_count(words.count("\n- "))
        expect(page.locator("main")).to_contain_text(words.split("\n")[0])
    assert page.evaluate("[...document.querySelectorAll('[data-demo]')].map(root => root.nodeMark)") == [1, 1]
    assert [worker.url for worker in page.workers] == workers
    page.click("#up")
    expect(page.locator("[data-demo='1']")).to_contain_text("count: 3")
    assert is_same(page)


def test_a_changed_module_mounts_its_own_demo_anew_with_its_state(demos: tuple[Project, Page]) -> None:
    """The new program goes on from the old one's fields; a field with another first value begins with that; others run on."""
    project, page = demos
    page.fill("#name", "Ada")
    page.evaluate("document.querySelector('[data-demo=\"2\"]').nodeMark = 1")
    project.write("blog/counter.py", COUNTER.replace('"count: "', '"so far: "'))
    expect(page.locator("[data-demo='1']")).to_contain_text("so far: 2")
    assert page.evaluate("document.querySelector('[data-demo=\"2\"]').nodeMark") == 1
    page.click("#up")
    expect(page.locator("[data-demo='1']")).to_contain_text("so far: 3")
    page.click("#click")
    expect(page.locator("[data-demo='2']")).to_contain_text("clicks: 2")
    project.write("blog/counter.py", COUNTER.replace("step: int = 1", "step: int = 10"))
    expect(page.locator("[data-demo='1']")).to_contain_text("count: 3")
    page.click("#up")
    expect(page.locator("[data-demo='1']")).to_contain_text("count: 13")
    project.write("blog/counter.py", COUNTER.replace("count: int = 0", "count: int = 5"))
    expect(page.locator("[data-demo='1']")).to_contain_text("count: 5")
    for _ in range(500):  # the view is there before its worker is
        if len(page.workers) == 2:
            break
        page.wait_for_timeout(20)
    assert len(page.workers) == 2
    assert is_same(page)


def test_constant_words_of_a_view_reach_the_demo_and_its_state_stays(
    demos: tuple[Project, Page],
) -> None:
    """They stand in the page and not in the program: in a module, in a branch that is not shown, and in a block of the page."""
    project, page = demos
    page.evaluate("document.querySelector('[data-demo=\"2\"]').nodeMark = 1")
    project.write("blog/counter.py", COUNTER.replace('"Up"', '"Much more"'))
    expect(page.get_by_text("Much more")).to_be_visible()  # until it is ready, the old one stands there too
    expect(page.locator("#up")).to_have_count(1)
    expect(page.locator("[data-demo='1']")).to_contain_text("count: 2")
    page.click("#up")
    expect(page.locator("[data-demo='1']")).to_contain_text("count: 3")
    assert page.evaluate("document.querySelector('[data-demo=\"2\"]').nodeMark") == 1

    words = BRANCHES.format(label="Flip", shown="It is on")
    project.write("content/index.md", words)
    expect(page.locator("#flip")).to_have_text("Flip")
    for before, after in (
        ("Flip", "Turn it"),
        ("Turn it", "Toggle"),
    ):  # one that was not touched, one that was
        words = words.replace(f'button("{before}"', f'button("{after}"')
        project.write("content/index.md", words)
        expect(page.get_by_role("button", name=after)).to_be_visible()
        expect(page.locator("#flip")).to_have_count(1)
        page.click("#flip")
        expect(page.locator("#times")).to_have_text("1" if after == "Turn it" else "2")
    project.write("content/index.md", words.replace("It is on", "It is lit"))
    page.wait_for_function("""() => document.querySelectorAll("#flip").length === 1
        && [...document.querySelectorAll("[data-demo] template")].some((one) => one.innerHTML.includes("It is lit"))""")
    page.click("#flip")
    expect(page.locator("[data-demo]").get_by_text("It is lit")).to_be_visible()
    expect(page.locator("#times")).to_have_text("3")
    assert is_same(page)


def test_a_demo_whose_task_ran_goes_on_from_before_that(project: Project, chromium: Browser) -> None:
    """A task ends with its worker: what it had set, without it, would be wrong. What it had done when it was over stays."""
    project.write("blog/ticker.py", TICKER)
    project.write(
        "content/index.md", "---\nfrom blog.ticker import ticker\n---\n```python demo\nticker()\n```\n"
    )
    server = Server(project.root)
    try:
        server.wait_for(r"built: \d+ units ran")
        page = opened(chromium.new_page(), server.address + "/")
        page.click("#lap")
        expect(page.locator("#laps")).to_have_text("laps: 1")
        page.click("#run")
        expect(page.locator("#running")).to_have_text("running: true")
        page.click("#stop")
        expect(page.locator("#running")).to_have_text("running: false")
        page.wait_for_timeout(100)
        ticks = page.locator("#ticks").inner_text()
        page.click("#run")
        expect(page.locator("#running")).to_have_text("running: true")
        expect(page.locator("#ticks")).not_to_have_text(ticks)
        project.write("blog/ticker.py", TICKER.replace('"laps: "', '"so far: "'))
        expect(
            page.get_by_text("so far: 1")
        ).to_be_visible()  # until it is ready, the old one stands there too
        expect(page.locator("#laps")).to_have_count(1)
        expect(page.locator("#running")).to_have_text("running: false")
        expect(page.locator("#ticks")).to_have_text(ticks)
        page.click("#run")
        expect(page.locator("#ticks")).not_to_have_text(ticks)
        page.close()
    finally:
        server.stop()


def test_a_module_that_breaks_leaves_its_demo_running(demos: tuple[Project, Page]) -> None:
    """The panel says what is wrong; mended, the demo is as it was."""
    project, page = demos
    project.write("blog/counter.py", COUNTER + "\n1 / 0\n")
    panel = page.get_by_role("region", name="This page cannot be shown as it is written")
    expect(panel).to_contain_text("ZeroDivisionError")
    page.keyboard.press("Escape")
    page.click("#up")
    expect(page.locator("[data-demo='1']")).to_contain_text("count: 3")
    project.write("blog/counter.py", COUNTER)
    expect(page.get_by_role("button", name="1 error")).to_be_hidden()
    page.click("#up")
    expect(page.locator("[data-demo='1']")).to_contain_text("count: 4")
    assert is_same(page)


def test_demos_come_to_a_page_that_had_none_and_go_again(
    demos: tuple[Project, Page], chromium: Browser
) -> None:
    project, page = demos
    project.write("content/plain.md", "# Plain\n\nNo demo yet.\n")
    tab = chromium.new_page()
    page.wait_for_timeout(500)
    opened(tab, page.url + "plain/")
    expect(tab.locator("main")).to_contain_text("No demo yet.")
    project.write("content/plain.md", DEMOS.format(words="Here they are").replace("Demos", "Plain"))
    expect(tab.locator("[data-demo]")).to_have_count(2)
    tab.wait_for_timeout(300)  # they have come, and are being bound
    tab.click("#up")
    expect(tab.locator("[data-demo='1']")).to_contain_text("count: 1")
    project.write("content/plain.md", "# Plain\n\nNo demo any more.\n")
    expect(tab.locator("[data-demo]")).to_have_count(0)
    expect(tab.locator("main")).to_contain_text("No demo any more.")
    project.write("content/plain.md", DEMOS.format(words="Here they are").replace("Demos", "Plain"))
    expect(tab.locator("[data-demo]")).to_have_count(2)
    tab.wait_for_timeout(300)  # they have come, and are being bound
    tab.click("#up")
    expect(tab.locator("[data-demo='1']")).to_contain_text("count: 1")
    tab.close()


def test_a_strict_policy_and_a_base_path_change_nothing(project: Project, chromium: Browser) -> None:
    """The page's own policy from `_headers` is in force; panel and updates work under it."""
    project.write("pyproject.toml", '[tool.pressrun]\nbase_url = "https://example.org/project/"\n')
    project.write(
        "static/_headers",
        "/*\n  Content-Security-Policy: default-src 'none'; style-src 'self'; img-src 'self'\n",
    )
    project.write("content/index.md", "# Home\n\nFirst words\n")
    server = Server(project.root)
    try:
        server.wait_for(r"built: \d+ units ran")
        page = opened(chromium.new_page(), server.address + "/project/")
        project.write("content/index.md", "# Home\n\n[x](gone.md)\n")
        expect(page.get_by_role("region", name="This page cannot be shown as it is written")).to_contain_text(
            "gone.md"
        )
        assert (
            page.evaluate(
                "getComputedStyle(document.querySelector('pressrun-problems').shadowRoot.querySelector('.panel')).position"
            )
            == "absolute"
        )
        project.write("content/index.md", "# Home\n\nSecond words\n")
        expect(page.locator("main")).to_contain_text("Second words")
        assert is_same(page)
        assert page.trouble == []
        page.close()
    finally:
        server.stop()


def test_a_server_that_is_started_anew_finds_its_pages(
    site: Project, chromium: Browser, server: Server
) -> None:
    """The page says that the server is gone, and is loaded again when one is there."""
    page = opened(chromium.new_page(), server.address + "/")
    port = server.port
    server.stop()
    expect(page.get_by_role("button", name="The dev server has stopped")).to_be_visible()
    write_words(site, "Words meanwhile")
    again = Server(site.root, port)
    try:
        assert again.port == port
        expect(page.locator("main")).to_contain_text("Words meanwhile")
    finally:
        page.close()
        again.stop()


def test_the_panel_is_accessible(site: Project, page: Page) -> None:
    """It is named, spoken, reached by the keyboard, and gives the focus back."""
    write_words(site, "See [it](othr.md) there")
    panel = page.get_by_role("region", name="This page cannot be shown as it is written")
    expect(panel).to_be_visible()
    expect(page.get_by_role("status")).to_have_text("1 error")
    close = panel.get_by_role("button", name="Close")
    close.focus()
    page.keyboard.press("Enter")
    expect(panel).to_be_hidden()
    badge = page.get_by_role("button", name="1 error")
    expect(badge).to_be_focused()
    page.keyboard.press("Enter")
    expect(panel).to_be_focused()


@pytest.mark.long
def test_thirty_tabs_and_ten_browsers_miss_nothing(site: Project, chromium: Browser, server: Server) -> None:
    """Thirty tabs of one browser (an event stream would starve at the seventh), and ten browsers; a hundred edits."""
    shared = chromium.new_context()
    pages = [opened(shared.new_page(), server.address + "/") for _ in range(30)]
    contexts = [chromium.new_context() for _ in range(10)]
    pages += [opened(context.new_page(), server.address + "/") for context in contexts]
    for one in pages:
        one.evaluate("""() => {
          window.seen = [];
          new MutationObserver(() => {
            const found = document.querySelector("main p").textContent.match(/Edit (\\d+)/);
            if (found && window.seen.at(-1) !== Number(found[1])) window.seen.push(Number(found[1]));
          }).observe(document.body, { childList: true, subtree: true, characterData: true });
        }""")
    for number in range(100):
        write_words(site, f"Edit {number}")
        if number % 10 == 9:
            for one in pages:
                expect(one.locator("main p").first).to_have_text(f"Edit {number}")
    for one in pages:
        seen = one.evaluate("window.seen")
        assert seen == sorted(set(seen))
        assert seen[-1] == 99
        assert is_same(one)
    shared.close()
    for context in contexts:
        context.close()
