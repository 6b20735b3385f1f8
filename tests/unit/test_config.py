"""Config: every mistake of the file at once, with its line and a did-you-mean."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from generator.config import Config, load_config
from generator.errors import ProblemError

if TYPE_CHECKING:
    from pathlib import Path


def config(folder: Path, text: str | bytes) -> Config:
    """Load a configuration of this text."""
    (folder / "content").mkdir(exist_ok=True)
    (folder / "pyproject.toml").write_bytes(f"{text}\n".encode() if isinstance(text, str) else text)
    return load_config(folder, environ={})


def problems(folder: Path, text: str | bytes) -> list[str]:
    """Give what is wrong with a configuration, hints behind a bar."""
    with pytest.raises(ProblemError) as caught:
        config(folder, text)
    return [str(p).replace("\n    ", " | ").removeprefix("pyproject.toml") for p in caught.value.problems]


T = "[tool.pressrun]\n"
X = "[tool.pressrun.deploy.x]\n"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (T + 'titel = "x"', ":2:1: error: unknown key “titel” in [tool.pressrun] | did you mean “title”?"),
        (T + '"titel" = "x"', ":2:1: error: unknown key “titel” in [tool.pressrun] | did you mean “title”?"),
        ('tool.pressrun.titel = "x"', ":1:1: error: unknown key “titel” in [tool.pressrun] | did you mean “title”?"),
        ("[tool]\npressrun = {titel = 1}", ":2:1: error: unknown key “titel” in [tool.pressrun] | did you mean “title”?"),
        (T + "[tool.pressrun.markdwn]\nx = 1", ":2:1: error: unknown key “markdwn” in [tool.pressrun] | did you mean “markdown”?"),
        (T + "zzz = 1", ":2:1: error: unknown key “zzz” in [tool.pressrun]"),
        (T + "title = 3", ":2:1: error: “title” must be text, not 3"),
        (T + 'title = ["' + "x" * 100 + '"]', ":2:1: error: “title” must be text, not ['" + "x" * 57 + "…"),
        (T + 'exclude = "x"', ":2:1: error: “exclude” must be a list of text, not 'x'"),
        (T + "exclude = [1]", ":2:1: error: “exclude” must be a list of text, not [1]"),
        (T + 'base_url = "ftp://x"', ":2:1: error: “base_url” must begin with https:// or http://"),
        (T + 'base_url = "https://[x/"', ":2:1: error: “base_url” must begin with https:// or http://"),
        (T + 'base_url = "https://x.example/?q"', ":2:1: error: “base_url” must end with its path, without ? and #"),
        (T + 'markdown = "x"', ":2:1: error: “markdown” must be a table; expected [tool.pressrun.markdown]"),
        (T + 'collections = "x"', ":2:1: error: “collections” must be tables; expected [tool.pressrun.collections.NAME]"),
        ('tool = "x"', ":1:1: error: “tool” must be a table; expected [tool]"),
        ('[tool]\npressrun = "x"', ":2:1: error: “pressrun” must be a table; expected [tool.pressrun]"),
        (T + "title = ", ":2:9: error: not valid TOML: Invalid value"),
        (T + 'title = """x', ":2: error: not valid TOML: Unterminated string"),
        (T + 'title = "a"\ntitle = "b"', ":3:12: error: not valid TOML: Cannot overwrite a value"),
        ("x = " + "[" * 10_000, ": error: not valid TOML: maximum recursion depth exceeded"),
        ("x = " + "9" * 5000,
         ": error: not valid TOML: Exceeds the limit (4300 digits) for integer string conversion: value has 5000 digits"),
        (T + "deploy = 1", ":2:1: error: “deploy” must be tables; expected [tool.pressrun.deploy.NAME]"),
        ("[tool.pressrun.deploy]\nx = 1", ":2:1: error: “x” must be a table; expected [tool.pressrun.deploy.x]"),
        (X + 'knd = "git"', ":2:1: error: unknown key “knd” in [tool.pressrun.deploy.x] | did you mean “kind”?"),
        (X + 'kind = "sotre"', ":2:1: error: “kind” must be one of git, store, rsync, folder, not 'sotre' | did you mean “store”?"),
        (X + 'host = "netlfy"', ":2:1: error: “host” must be one of netlify, cloudflare, vercel, apache, not 'netlfy' | did you mean “netlify”?"),
        (X + 'twins = ["gzp"]', ":2:1: error: “twins” may hold gzip and brotli, not 'gzp' | did you mean “gzip”?"),
        (X + 'kind = "store"\nto = "bucket"', ":3:1: error: “to” must begin with s3://, gs:// or az:// and name a bucket"),
        (X + 'kind = "store"\nto = "s3:///x"', ":3:1: error: “to” must begin with s3://, gs:// or az:// and name a bucket"),
        (X + 'kind = "rsync"', ":1:1: error: “to” is missing; a target of kind rsync needs it"),
        (X + 'to = "--upload-pack=x"', ":2:1: error: “to” must not begin with a hyphen"),
        (X + 'branch = "a b"', ":2:1: error: “branch” must be a plain name of a branch, not 'a b'"),
        (X + 'domain = "https://x.example"', ":2:1: error: “domain” must be a bare domain such as www.example.org"),
        (X + 'encoding = "gzip"', ":2:1: error: “encoding” is for targets of kind store; other servers choose between “twins”"),
        (X + "parallel = 0", ":2:1: error: “parallel” must be from 1 to 256, not 0"),
        (X + "keep_pages = nan", ":2:1: error: “keep_pages” must be from 0 to 1,000,000, not nan"),
        (T + "redirects = 1", ":2:1: error: “redirects” must be a table; expected [tool.pressrun.redirects]"),
        ('[tool.pressrun.redirects]\n"old" = "/new/"', ":2:1: error: 'old' must be a path of the site that begins with /"),
        ('[tool.pressrun.redirects]\n"/../x" = "/new/"', ":2:1: error: '/../x' must be a path of the site that begins with /"),
        ('[tool.pressrun.redirects]\n"/old/" = "new"', ":2:1: error: “/old/” must lead to a path that begins with / or to a URL, not 'new'"),
        ('[tool.pressrun.redirects]\n"/old/" = "javascript:x"',
         ":2:1: error: “/old/” must lead to a path that begins with / or to a URL, not 'javascript:x'"),
        ('[tool.pressrun.redirects]\n"/old/" = "//evil.example"',
         ":2:1: error: “/old/” must lead to a path that begins with / or to a URL, not '//evil.example'"),
        ((T + 'title = "é"').encode("latin-1"), ":2:10: error: not UTF-8: byte 0xe9; TOML files are always UTF-8 | save it as UTF-8"),
        (T.encode("utf-16"), ":1:1: error: not UTF-8: byte 0xff; TOML files are always UTF-8 | save it as UTF-8"),
        (T + 'title = "a\0"', ":2:11: error: not valid TOML: Illegal character '\\x00'"),
    ],
)  # fmt: skip
def test_a_mistake_is_named_at_its_place(tmp_path: Path, text: str | bytes, message: str) -> None:
    assert problems(tmp_path, text) == [message]


@pytest.mark.parametrize("value", ["0", "-1", "nan", "inf", "86401"])
def test_a_timeout_that_would_never_come_is_refused(tmp_path: Path, value: str) -> None:
    text = f"[tool.pressrun.execute]\ntimeout = {value}\n"
    assert problems(tmp_path, text) == [
        f":2:1: error: “timeout” must be more than 0 and at most 86400 seconds, not {value}"
    ]


@pytest.mark.parametrize(
    "value", ["javascript:alert({path})", "vscode://file", "code {path}", "data:text/html,{path}"]
)
def test_the_editors_url_opens_a_file_in_a_program(tmp_path: Path, value: str) -> None:
    """What could run in the page, and what names no file, is refused; an empty one switches links off."""
    message = f":2:1: error: “editor” must be a URL of your editor with {{path}} in it, not '{value}'"
    hint = 'for example "vscode://file{path}:{line}:{column}"'
    assert problems(tmp_path, f'[tool.pressrun.serve]\neditor = "{value}"\n') == [f"{message} | {hint}"]
    (tmp_path / "pyproject.toml").write_text('[tool.pressrun.serve]\neditor = ""\n')
    assert load_config(tmp_path).serve.editor == ""


def test_numbers_have_bounds(tmp_path: Path) -> None:
    assert problems(tmp_path, "[tool.pressrun.markdown]\ntoc_depth = 0") == [
        ":2:1: error: “toc_depth” must be from 1 to 6, not 0"
    ]
    text = "[tool.pressrun.markdown]\ntoc_depth = " + "9" * 30
    assert problems(tmp_path, text) == [f":2:1: error: “toc_depth” must be a whole number, not {'9' * 30}"]


PLAIN_FOLDER = "“folder” must be a plain path such as docs/guide, or . for the whole site"
PLAIN_URL = "“url” must be a plain path inside the site; besides {path} and {slug} it has no braces, percent signs or dots"


@pytest.mark.parametrize(
    ("setting", "message"),
    [
        ('order = "newst"', "“order” must be one of newest, oldest, path, title, weight, not 'newst' | did you mean “newest”?"),
        ("page_size = 0", "“page_size” must be at least 1"),
        ('list = "yes"', "“list” must be true or false, not 'yes'"),
        ('folder = "../x"', "“folder” must lie inside the site"),
        ('folder = "a/../../x"', "“folder” must lie inside the site"),
        ('folder = "/etc"', "“folder” must lie inside the site"),
        ('folder = ""', PLAIN_FOLDER),
        ('folder = ".pressrun"', PLAIN_FOLDER),
        ('folder = "a/.git"', PLAIN_FOLDER),
        ('folder = "a\\\\..\\\\.."', PLAIN_FOLDER),
        ('folder = "a\\u0000"', PLAIN_FOLDER),
        ('url = "x"', "“url” must begin with / and contain {path} or {slug}"),
        ('url = "/x/"', "“url” must begin with / and contain {path} or {slug}"),
        ('url = "/../{path}/"', PLAIN_URL),
        ('url = "/%2e%2e/{path}/"', PLAIN_URL),
        ('url = "/{path}/{year}/"', PLAIN_URL),
    ],
)  # fmt: skip
def test_a_collection_stays_inside_the_site(tmp_path: Path, setting: str, message: str) -> None:
    assert problems(tmp_path, f"[tool.pressrun.collections.docs]\n{setting}\n") == [f":2:1: error: {message}"]


def test_two_collections_do_not_share_a_folder(tmp_path: Path) -> None:
    text = '[tool.pressrun.collections.a]\nfolder = "content"\n[tool.pressrun.collections.b]\nfolder = "./content/"\n'
    assert problems(tmp_path, text) == [":4:1: error: “folder” is that of the collection “a” already"]


def test_static_files_are_no_collection(tmp_path: Path) -> None:
    found = problems(tmp_path, '[tool.pressrun.collections.static]\nfolder = "content"\n')
    assert found == [":1:1: error: “static” cannot be a collection: its files are published as they are"]


def test_all_mistakes_of_a_file_are_reported_in_order(tmp_path: Path) -> None:
    text = (
        T
        + 'titel = "x"\nlanguage = 1\n[tool.pressrun.markdown]\npreset = "commonmrk"\n[tool.pressrun.execute]\nenabled = 0\n'
    )
    assert problems(tmp_path, text) == [
        ":2:1: error: unknown key “titel” in [tool.pressrun] | did you mean “title”?",
        ":3:1: error: “language” must be text, not 1",
        ":5:1: error: “preset” must be one of default, commonmark, not 'commonmrk' | did you mean “commonmark”?",
        ":7:1: error: “enabled” must be true or false, not 0",
    ]


def test_a_file_saved_by_a_windows_editor_is_read(tmp_path: Path) -> None:
    assert config(tmp_path, ("\ufeff" + T + 'title = "x"\n').replace("\n", "\r\n")).title == "x"


def test_a_folder_is_written_in_one_way(tmp_path: Path) -> None:
    assert (
        config(tmp_path, '[tool.pressrun.collections.a]\nfolder = "./content//"\n').collections[0].folder
        == "content"
    )


def test_a_configuration_that_is_no_file_is_a_problem_and_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pyproject.toml")
    with pytest.raises(ProblemError, match=r"^pyproject.toml: error: cannot be read: not a regular file$"):
        load_config(tmp_path, environ={})


def test_a_link_that_leads_nowhere_is_no_missing_configuration(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").symlink_to("nothing")
    with pytest.raises(
        ProblemError, match=r"^pyproject.toml: error: cannot be read: No such file or directory$"
    ):
        load_config(tmp_path, environ={})


def test_a_root_that_is_no_folder_is_a_problem(tmp_path: Path) -> None:
    with pytest.raises(ProblemError, match="no such folder; expected the root of a site"):
        load_config(tmp_path / "nothing", environ={})


def test_now_comes_from_the_environment(tmp_path: Path) -> None:
    assert load_config(tmp_path, environ={"SOURCE_DATE_EPOCH": "0"}).now.year == 1970
    for wrong in ("soon", "9" * 30, "1e3"):
        with pytest.raises(
            ProblemError, match=r"SOURCE_DATE_EPOCH: error: “.*” is no number of seconds since 1970"
        ):
            load_config(tmp_path, environ={"SOURCE_DATE_EPOCH": wrong})


def test_without_configuration_a_folder_is_one_collection(tmp_path: Path) -> None:
    assert [c.folder for c in load_config(tmp_path, environ={}).collections] == ["."]
    (tmp_path / "blog").mkdir()
    assert [c.name for c in load_config(tmp_path, environ={}).collections] == ["blog"]


def test_the_base_urls_path_prefixes_all_urls(tmp_path: Path) -> None:
    made = config(tmp_path, T + 'base_url = "https://x.example/docs"\n')
    assert (made.url("/a/"), made.absolute("/a/")) == ("/docs/a/", "https://x.example/docs/a/")
