"""Workflows: what continuous integration runs to build, check and deploy a site, for GitHub and GitLab; and hosts' small files."""

from __future__ import annotations

import os
import subprocess
from typing import TYPE_CHECKING

from generator import __version__
from generator.errors import ProblemError, error
from generator.output import replace_file

if TYPE_CHECKING:
    from collections.abc import Mapping

    from generator.config import Config
    from generator.targets import Target

PYTHON = "3.13"
GITHUB = """\
# Builds, checks and deploys this site. Written by `pressrun deploy --init`.
name: deploy
on:
  push:
    branches: [main]
  workflow_dispatch:
permissions:
  contents: write
concurrency:
  group: deploy
  cancel-in-progress: false
jobs:
  deploy:
    runs-on: ubuntu-latest
    timeout-minutes: 30
    steps:
      - uses: actions/checkout@v4
      - uses: actions/setup-python@v5
        with:
          python-version: "{python}"
      - run: pip install {packages}
      - uses: actions/cache@v4
        with:
          path: .pressrun
          key: pressrun-${{{{ github.run_id }}}}
          restore-keys: pressrun-
      - run: pressrun build --strict
{way}      - run: pressrun deploy {target}
{environment}{ledger}"""
GITHUB_LEDGER = """\
      - name: Keep the ledger of permalinks
        run: |
          git add permalinks.json
          git diff --cached --quiet && exit 0
          git -c user.name=Pressrun -c user.email=pressrun@localhost commit --message "Record permalinks"
          git pull --quiet --rebase
          git push
"""
WAY = (
    "install -d -m 700 ~/.ssh",
    '(umask 077 && echo "$SSH_KEY" > ~/.ssh/id_ed25519)',
    'echo "$SSH_KNOWN_HOSTS" >> ~/.ssh/known_hosts',
)
"""Commands that let rsync in at a server: a private key, and what `ssh-keyscan HOST` says."""
GITHUB_WAY = """\
      - name: Open the way to the server
        env:
          # Make secrets of these names in the repository's settings: a private key, and what `ssh-keyscan HOST` says.
          SSH_KEY: ${{{{ secrets.SSH_KEY }}}}
          SSH_KNOWN_HOSTS: ${{{{ secrets.SSH_KNOWN_HOSTS }}}}
        run: |
{commands}"""
GITHUB_SECRETS = """\
        env:
          # Make secrets of these names in the repository's settings.
{rows}"""
GITLAB = """\
# Builds, checks and deploys this site. Written by `pressrun deploy --init`.
default:
  image: python:{python}
pages:
  stage: deploy
  cache:
    key: pressrun
    paths: [.pressrun]
  script:
    - pip install {packages}
    - pressrun build --strict
{deploy}{artifacts}
  rules:
    - if: $CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH
"""
GITLAB_ARTIFACTS = """
  artifacts:
    paths: [{folder}]"""
GITLAB_RSYNC = "apt-get update && apt-get install --yes rsync"
NETLIFY = """\
# Written by `pressrun deploy --init`.
[build]
command = "pip install {packages} && pressrun deploy {target} --yes"
publish = "{folder}"
"""
WRANGLER = """\
# Written by `pressrun deploy --init`.
name = "{name}"
pages_build_output_dir = "{folder}"
"""
KEYS = {
    "s3://": ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"),
    "gs://": ("GOOGLE_SERVICE_ACCOUNT_KEY",),
    "az://": ("AZURE_STORAGE_ACCOUNT_NAME", "AZURE_STORAGE_ACCOUNT_KEY"),
}
"""Where obstore finds the credentials of each host."""


def code_at(config: Config) -> str:
    """Give the URL of the site's own code, which tells who runs its workflows; empty when there is none."""
    command = ["git", "-C", str(config.root), "remote", "get-url", "origin"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
        return done.stdout.strip().lower()
    except FileNotFoundError:
        return ""


def packages(config: Config, target: Target) -> str:
    """Give what has to be installed to build and deploy a site."""
    needs_more = target.kind == "store" or "brotli" in target.twins
    own = " --requirement requirements.txt" if (config.root / "requirements.txt").is_file() else ""
    return f"'pressrun{'[deploy]' if needs_more else ''}=={__version__}'{own}"


def files(config: Config, target: Target, remote: str) -> dict[str, str]:
    """Give path → text of the files that a target's continuous integration needs; `remote` tells which host has the code."""
    needed = packages(config, target)
    names = next(
        (keys for start, keys in KEYS.items() if target.kind == "store" and target.to.startswith(start)), ()
    )
    rows = "".join(f"          {name}: ${{{{ secrets.{name} }}}}\n" for name in names)
    environment = GITHUB_SECRETS.format(rows=rows) if rows else ""
    way = WAY if target.kind == "rsync" and not target.to.startswith("rsync://") else ()
    commands = "".join(f"          {command}\n" for command in way)
    made: dict[str, str] = {}
    if "gitlab" not in remote:
        path = ".github/workflows/deploy.yml"
        ledger = GITHUB_LEDGER if config.permalinks else ""
        made[path] = GITHUB.format(
            python=PYTHON,
            packages=needed,
            target=target.name,
            environment=environment,
            ledger=ledger,
            way=GITHUB_WAY.format(commands=commands) if way else "",
        )
    if "github" not in remote:
        own_pages = target.kind == "git" and not target.to
        steps = ["cp --recursive site public" if own_pages else f"pressrun deploy {target.name}"]
        if target.kind == "rsync":
            steps = [GITLAB_RSYNC, *way, *steps]
        folder = "public" if own_pages else target.to if target.kind == "folder" else ""
        made[".gitlab-ci.yml"] = GITLAB.format(
            python=PYTHON,
            packages=needed,
            deploy="\n".join(f"    - {step}" for step in steps),
            artifacts=GITLAB_ARTIFACTS.format(folder=folder) if folder else "",
        )
    if target.kind == "folder" and target.host == "netlify":
        made["netlify.toml"] = NETLIFY.format(packages=needed, target=target.name, folder=target.to)
    elif target.kind == "folder" and target.host == "cloudflare":
        made["wrangler.toml"] = WRANGLER.format(name=slug(config.title), folder=target.to)
    return made


def slug(title: str) -> str:
    """Give a name of small letters, digits and hyphens."""
    letters = "".join(c if c.isascii() and c.isalnum() else "-" for c in title.lower())
    return "-".join(part for part in letters.split("-") if part) or "site"


def write(config: Config, made: Mapping[str, str]) -> list[str]:
    """Write files that are not there yet; give their paths. Raises ProblemError, with nothing written, when one is there and other."""
    fresh = []
    for path, text in made.items():
        try:
            with open(config.root / path, encoding="utf-8") as file:
                there = file.read()
        except FileNotFoundError:
            fresh.append(path)
            continue
        if there != text:
            raise ProblemError(
                error(
                    path, "is there already and says something else; nothing was written", hint="move it away"
                )
            )
    for path in fresh:
        os.makedirs((config.root / path).parent, exist_ok=True)
        replace_file(str(config.root / path), made[path].encode())
    return fresh
