"""What scripts say in a real browser, under the strict policy: in the language of the page, with its forms of numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from playwright.sync_api import expect

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from harness import Project
    from playwright.sync_api import Browser

CONFIG = "[tool.pressrun]\nlanguage = 'pl'\nlanguages = ['de']\n[tool.pressrun.search]\nenabled = true\n"
DEMO = """---
title: Zähler
---
```python
x = 1
```

```python demo exec
from pressrun import State, button

class Broken(State):
    def go(self):
        raise ValueError("nein")

def view():
    return button("Los", on_click=Broken.go)
```
"""


def test_scripts_speak_the_language_of_the_page(
    project: Project, chromium: Browser, static_server: Callable[[Path], str]
) -> None:
    project.write("pyproject.toml", CONFIG).write("content/a.de.md", DEMO)
    for number in range(12):
        words = "farba" + " papier" * (number < 5) + " czcionka" * (number < 2) + " prasa" * (number < 1)
        project.write(f"content/p{number}.md", f"---\ntitle: Strona {number}\n---\n{words}\n")
    project.build()
    assert project.problems == []
    context = chromium.new_context(permissions=["clipboard-read", "clipboard-write"])
    page = context.new_page()
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    address = static_server(project.root / "site")
    page.goto(address + "/p0/")
    switch = page.get_by_role("button", name="Schemat kolorów: automatyczny")
    switch.click()
    expect(page.get_by_role("button", name="Schemat kolorów: jasny")).to_be_visible()
    page.get_by_role("button", name="Szukaj").click()
    field, status = (
        page.get_by_role("searchbox", name="Przeszukaj tę witrynę"),
        page.locator(".search-status"),
    )
    for question, answer in {
        "prasa": "1 strona.",
        "czcionka": "2 strony.",
        "papier": "5 stron.",
        "farba": "12 stron; oto najlepsze 10.",
        "ołów": "Nic nie znaleziono dla „ołów”.",
    }.items():
        field.fill(question)
        expect(status).to_have_text(answer)
    page.get_by_role("button", name="Zamknij").click()
    page.goto(address + "/de/a/")
    page.get_by_role("button", name="Kopieren").first.click()
    expect(page.get_by_role("button", name="Kopiert")).to_be_visible()
    page.get_by_role("group", name="Live-Demo").get_by_role("button", name="Los").click()
    page.get_by_role("alert").get_by_role("button", name="Schließen").click()
    expect(page.get_by_role("alert")).to_have_count(0)
    expect(page.get_by_role("button", name="Zurücksetzen")).to_be_visible()
    context.close()
    assert wrong == []
