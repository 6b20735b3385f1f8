"""Diagrams are drawn in the reader's browser, under the strict policy, and their sources stay where they cannot be."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import pytest
from harness import Project
from playwright.sync_api import Browser, Page, expect

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

pytestmark = pytest.mark.long

AXE = Path(__file__).parents[1] / "node_modules/axe-core/axe.min.js"
KINDS = {
    "flowchart": 'flowchart LR\n  A["a **b**"] -->|reads| B{Fresh?}\n  style B fill:#f9f,stroke:#333',
    "sequence": "sequenceDiagram\n  Ann->>Bob: Hello\n  Note right of Bob: thinks",
    "class": "classDiagram\n  Animal <|-- Duck\n  class Duck{ +swim() }",
    "state": "stateDiagram-v2\n  [*] --> Still\n  Still --> [*]",
    "entities": "erDiagram\n  CUSTOMER ||--o{ ORDER : places",
    "gantt": "gantt\n  dateFormat YYYY-MM-DD\n  section S\n  Task :a1, 2026-01-01, 30d",
    "pie": 'pie title Pets\n  "Dogs" : 386\n  "Cats" : 85',
    "git": "gitGraph\n  commit\n  branch b\n  commit",
    "mindmap": "mindmap\n  root((x))\n    a\n    b",
    "journey": "journey\n  section Work\n    Make tea: 5: Me",
    "quadrants": "quadrantChart\n  x-axis Low --> High\n  A: [0.3, 0.6]",
    "timeline": "timeline\n  2002 : A\n  2004 : B",
    "sankey": "sankey-beta\n  A,B,10\n  B,C,5",
    "chart": "xychart-beta\n  x-axis [a, b]\n  bar [5, 6]",
    "blocks": "block-beta\n  columns 2\n  a b",
    "packet": 'packet-beta\n  0-15: "Source"',
    "kanban": "kanban\n  Todo\n    [Write]",
    "architecture": "architecture-beta\n  group api(cloud)[API]\n  service db(database)[Database] in api",
    "requirement": "requirementDiagram\n  requirement r {\n  id: 1\n  text: t\n  }",
    "c4": 'C4Context\n  Person(a, "A", "x")\n  System(b, "B")\n  Rel(a, b, "Uses")',
    "formula": 'flowchart LR\n  A["$$x^2$$"] --> B',
}
PAGE = """# Drawn

```mermaid title="How a *page* is made" {#made .wide}
flowchart LR
  Source -->|compose| Page
```

Between.

```mermaid
flowchart LR
  accTitle: Named by itself
  A --> B
```
"""
WRONG = "# Wrong\n\n```mermaid\nflowchart LR\n  A -->\n```\n\n```mermaid\nflowchart LR\n  C --> D\n```\n"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site with a page of each kind of diagram, one far down, one with a mistake, and one without any."""
    project = Project(tmp_path_factory.mktemp("diagrams"))
    kinds = "".join(f"```mermaid {{#{name}}}\n{text}\n```\n\n" for name, text in KINDS.items())
    project.write("content/a.md", PAGE).write("content/kinds.md", f"# Kinds\n\n{kinds}")
    far = "\n\n".join(f"Line {number}." for number in range(100))
    project.write(
        "content/far.md", f"# Far\n\n{far}\n\n```mermaid\n{KINDS['sequence']}\n```\n\n## End\n\nEnd.\n"
    )
    project.write("content/wrong.md", WRONG).write(
        "content/plain.md", "# Plain\n\n```python\nx = 1\n```\n"
    ).build()
    assert project.problems == []
    return project.root / "site"


class Visit:
    """A page that is open, what it says in the console and what it loads."""

    def __init__(self, page: Page, address: str) -> None:
        self.page, self.address = page, address
        self.said: list[str] = []
        self.loaded: list[str] = []
        page.on("console", lambda message: self.said.append(message.text))
        page.on("pageerror", lambda wrong: self.said.append(str(wrong)))
        page.on("response", lambda answer: self.loaded.append(answer.url.removeprefix(address)))

    def go(self, path: str) -> Page:
        """Open a page, come near all of its diagrams, and wait until they are drawn or have failed."""
        self.page.goto(self.address + path)
        for figure in self.page.locator("figure.diagram").all():
            figure.scroll_into_view_if_needed()
        self.page.evaluate("scrollTo(0, 0)")
        expect(self.page.locator("figure.diagram:not(:has(.drawing svg, .diagram-error))")).to_have_count(0)
        return self.page


@pytest.fixture
def visit(chromium: Browser, site: Path, static_server: Callable[[Path], str]) -> Iterator[Visit]:
    """A visitor; nothing that the console says is overlooked."""
    context = chromium.new_context()
    made = Visit(context.new_page(), static_server(site))
    yield made
    context.close()
    assert made.said == []


def test_a_diagram_takes_the_place_of_its_source_and_has_a_name(visit: Visit) -> None:
    page = visit.go("/a/")
    first = page.locator("#made")
    expect(first.locator("pre")).to_be_hidden()
    expect(first.locator("figcaption")).to_have_text("How a *page* is made")
    for name, words in {
        "How a *page* is made": ["Source", "compose", "Page"],
        "Named by itself": ["A", "B"],
    }.items():
        drawing = page.get_by_role("document", name=name, exact=True)
        for word in words:
            expect(drawing.get_by_text(word, exact=True)).to_be_visible()


def test_each_kind_of_diagram_has_its_styles_under_the_strict_policy(visit: Visit) -> None:
    page = visit.go("/kinds/")
    for kind in KINDS:
        expect(page.locator(f"#{kind} .drawing > svg")).to_be_visible()
    expect(page.locator("[data-style]")).to_have_count(0)
    sheets = "[...document.adoptedStyleSheets].filter((one) => one.cssRules.length > 3).length"
    assert page.evaluate(sheets) == len(KINDS)
    fills = page.eval_on_selector_all(
        "#flowchart .node :is(polygon, rect)", "all => all.map((one) => getComputedStyle(one).fill)"
    )
    assert "rgb(255, 153, 255)" in fills  # what its author wrote


def test_a_diagram_follows_the_choice_of_light_and_dark(visit: Visit) -> None:
    page = visit.go("/a/")
    label = page.locator("#made .nodeLabel").first
    page.emulate_media(color_scheme="light")
    expect(label).to_have_css("color", "rgb(23, 25, 31)")
    page.emulate_media(color_scheme="dark")
    expect(label).to_have_css("color", "rgb(232, 230, 224)")
    page.locator("[data-theme-switch]").click()
    expect(label).to_have_css("color", "rgb(23, 25, 31)")
    expect(page.locator("#made svg")).to_have_count(1)


def test_of_a_diagram_that_cannot_be_drawn_the_source_stays_under_a_message(visit: Visit) -> None:
    page = visit.go("/wrong/")
    first, second = page.locator("figure.diagram").all()
    expect(first.get_by_role("alert")).to_have_text(
        "This diagram cannot be drawn. Parse error on line 4: ...owchart LR A -->"
    )
    expect(first.locator("pre")).to_be_visible()
    expect(second.locator("svg")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_on_pages_with_diagrams(visit: Visit, scheme: Literal["light", "dark"]) -> None:
    visit.page.emulate_media(color_scheme=scheme)
    for path in ("/a/", "/kinds/", "/wrong/"):
        page = visit.go(path)
        page.evaluate(AXE.read_text("utf-8"))
        found = page.evaluate("axe.run().then((result) => result.violations)")
        assert [(one["id"], [node["html"] for node in one["nodes"]]) for one in found] == []


def test_without_scripts_the_source_is_shown(
    chromium: Browser, site: Path, static_server: Callable[[Path], str]
) -> None:
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{static_server(site)}/a/")
    expect(page.locator("#made pre")).to_have_text("flowchart LR\n  Source -->|compose| Page")
    expect(page.locator("#made figcaption")).to_be_visible()
    context.close()


def test_a_page_without_diagrams_loads_nothing_of_it(visit: Visit) -> None:
    visit.go("/plain/")
    assert [path for path in visit.loaded if re.search("mermaid|diagram", path)] == []
    visit.go("/a/")
    ours = [path for path in visit.loaded if re.search("mermaid|diagram", path)]
    assert 2 < len(ours) < 50
    assert all(path.startswith("/assets/") for path in ours)


def test_a_diagram_is_loaded_and_drawn_when_a_reader_comes_near(visit: Visit) -> None:
    """And what a reader looks at does not move while it takes the place of its source."""
    page = visit.page
    page.goto(visit.address + "/far/")
    page.wait_for_load_state("networkidle")
    assert [path for path in visit.loaded if "mermaid" in path] == []
    page.locator("#end").scroll_into_view_if_needed()
    expect(page.locator("#end")).to_be_in_viewport()
    expect(page.locator("figure.diagram svg")).to_have_count(1)
    expect(page.locator("#end")).to_be_in_viewport()
