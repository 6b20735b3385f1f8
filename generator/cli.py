"""Cli: the command `pressrun`: its commands, options and exit statuses."""

from __future__ import annotations

import os
import signal
import sys
import time
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from generator import __version__
from generator.errors import BusyError, ProblemError, did_you_mean, error
from generator.finished import Build
from generator.output import shown
from generator.terminal import Progress, print_problems, report

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from generator.deploy.plan import Plan
    from generator.errors import Problem

PROBLEMS, USAGE, BUSY, INTERRUPTED = 1, 2, 75, 130
"""Exit statuses; 0 is fine."""
KINDS = ("pages", "drafts", "future", "expired", "unlisted")
"""What `pressrun list` can list."""
FORMATS = ("text", "json", "github")
"""How `pressrun check` can tell what it found."""
ROOT = click.argument("root", default=".", type=click.Path(path_type=Path))
VERSION = click.option(
    "--version", default="", help="The version that the site documents, whatever pyproject.toml says."
)
ALIAS = click.option(
    "--alias", default="", help="Where this version shall stand instead of at its own name, such as latest."
)


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="pressrun")
def main() -> None:
    """Build blogs and documentation sites from Markdown and Python."""


def command() -> None:
    """Run the command as a process of its own.

    The threads of obstore may still hold objects of Python when the interpreter takes itself apart; that aborts the process
    now and then, after a deploy that went well. And when Ctrl-C has met an `exec` of text, as each dataclass has,
    `python -m` ends by that signal whatever the status. Both end here without taking anything apart.
    """
    try:
        main()
    except SystemExit as end:
        if "obstore" not in sys.modules and end.code != INTERRUPTED:
            raise
        with suppress(OSError):
            sys.stdout.flush()
            sys.stderr.flush()
        os._exit(end.code if isinstance(end.code, int) else 0)


@contextmanager
def statuses(
    root: Path, unfinished: str, tell: Callable[[Sequence[Problem]], None] = print_problems
) -> Iterator[None]:
    """Turn what ends a command early into words and an exit status; `unfinished` says what was not done then."""
    try:
        yield
    except ProblemError as wrong:
        tell(wrong.problems)
        sys.exit(PROBLEMS)
    except BusyError as busy:
        click.echo(f"pressrun: {busy}", err=True)
        sys.exit(BUSY)
    except OSError as wrong:  # errors of open files name no path, and all of ours belong to the project
        what = wrong.strerror or str(wrong) or type(wrong).__name__
        click.echo(f"pressrun: {what}: {wrong.filename or shown(root.absolute())}; {unfinished}", err=True)
        sys.exit(PROBLEMS)
    except KeyboardInterrupt:
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # we are about to end; nobody need hurry us
        click.echo(f"pressrun: interrupted; {unfinished}", err=True)
        sys.exit(INTERRUPTED)


@main.command()
@ROOT
@click.option("--out", type=click.Path(path_type=Path), help="Folder to write to; ROOT/site by default.")
@click.option("--drafts", is_flag=True, help="Publish drafts, future and expired pages too.")
@click.option("--strict", is_flag=True, help="Warnings count as errors.")
@click.option(
    "--no-exec", is_flag=True, help="Do not run the Python of pages (for content that you do not trust)."
)
@click.option("--explain", is_flag=True, help="Say why each unit ran.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object instead of text.")
@click.option("--jobs", type=click.IntRange(1), help="Worker processes; one for each core by default.")
@VERSION
@ALIAS
def build(
    root: Path,
    out: Path | None,
    drafts: bool,
    strict: bool,
    no_exec: bool,
    explain: bool,
    as_json: bool,
    jobs: int | None,
    version: str,
    alias: str,
) -> None:
    """Build the site in ROOT (the current folder by default)."""
    from generator import build as builder
    from generator.config import load_config

    def tell(problems: Sequence[Problem]) -> None:
        report(Build(problems=tuple(problems)), as_json=as_json, explain=False, out="")

    with statuses(root, "the build was not finished", tell):
        config = load_config(root, out=out, drafts=drafts, execute=not no_exec, version=version, alias=alias)
        with Progress(enabled=not as_json and sys.stderr.isatty()) as progress:
            made = builder.build(config, jobs=jobs, progress=progress.step if progress.enabled else None)
    report(made, as_json=as_json, explain=explain, out=shown(config.out))
    sys.exit(PROBLEMS if made.failed(strict=strict) else 0)


@main.command()
@ROOT
@click.option("--external", is_flag=True, help="Try links to other sites too.")
@click.option("--strict", is_flag=True, help="Warnings count as errors.")
@click.option(
    "--format",
    "kind",
    type=click.Choice(FORMATS),
    default="text",
    help="Lines of text, one JSON object, or annotations for GitHub.",
)
def check(root: Path, external: bool, strict: bool, kind: str) -> None:
    """Build the site and look closer than a build does: alternative texts, anchors, titles, descriptions, orphans, links to other sites."""
    from generator import build as builder
    from generator import inventory
    from generator.check import external as others
    from generator.check import pages
    from generator.check.formats import as_github, as_json
    from generator.config import load_config

    def tell(problems: Sequence[Problem], count: int = 0) -> None:
        if kind == "json":
            click.echo(as_json(problems, count))
        elif kind == "github":
            click.echo(as_github(problems))
        else:
            print_problems(problems)

    with statuses(root, "the check was not finished", tell):
        config = load_config(root)
        made = builder.build(config)
        site = inventory.whole_site(config)
        seen = pages.finished_pages(config, site)
        found = [*made.problems, *pages.findings(config, site, seen)]
        if external or config.check.external:
            found += others.broken(config, others.external_links(seen, config.check.ignore))
    whole = Build(problems=tuple(sorted(set(found))))
    tell(whole.problems, made.pages)
    if kind == "text":
        click.echo(f"checked {made.pages} pages{'' if whole.problems else ': all is well'}")
    sys.exit(PROBLEMS if whole.failed(strict=strict) else 0)


@main.command()
@ROOT
@click.option(
    "--collection",
    "name",
    default="",
    help="The collection that is meant; the one that has a schema, by default.",
)
def schema(root: Path, name: str) -> None:
    """Print the JSON Schema of a collection's front matter, for editors: Pressrun's keys and those of the site's own model."""
    import json

    from generator.cache import Facts, Reads
    from generator.config import load_config
    from generator.execute import Runner
    from generator.schemas import Ask, json_schema, schema_of

    with statuses(root, "there is no schema"):
        config = load_config(root)
        by_name = {one.name: one for one in config.collections}
        if name and name not in by_name:
            message = f"there is no collection “{name}”"
            raise ProblemError(error("pyproject.toml", message, hint=did_you_mean(name, by_name)))
        having = [one for one in config.collections if one.schema]
        meant = by_name[name] if name else having[0] if len(having) == 1 else None
        if len(having) > 1 and meant is None:
            names = ", ".join(one.name for one in having)
            raise ProblemError(
                error(
                    "pyproject.toml",
                    f"several collections have a schema: say --collection and one of {names}",
                )
            )
        own = None
        if meant and meant.schema:
            facts, runner = Facts(config.root), Runner()
            facts.put(f"model:{meant.name}", Ask(meant.schema))
            facts.put("config:execute", config.execute)
            try:
                own = schema_of(meant.name, Reads(facts), runner)
            finally:
                runner.close()
            if own.problems:
                raise ProblemError(*own.problems)
    click.echo(json.dumps(json_schema(meant, own), ensure_ascii=False, indent=2))


@main.command("list")
@click.argument("kind", type=click.Choice(KINDS))
@ROOT
@click.option("--json", "as_json", is_flag=True, help="Print a list of objects instead of text.")
def list_pages(kind: str, root: Path, as_json: bool) -> None:
    """List the pages of a KIND (pages, drafts, future, expired or unlisted) with their dates and titles; nothing is built."""
    from generator.config import load_config
    from generator.inventory import listed

    with statuses(root, "nothing was listed"):
        rows = listed(load_config(root), kind)
    if as_json:
        import json

        click.echo(json.dumps([asdict(row) for row in rows], ensure_ascii=False))
    else:
        click.echo("".join(f"{row.date[:10]:10}  {row.path}  {row.title}\n" for row in rows), nl=False)


@main.command()
@ROOT
@click.option("--out", type=click.Path(path_type=Path), help="The output folder; ROOT/site by default.")
def clean(root: Path, out: Path | None) -> None:
    """Remove what builds wrote: the cache, the spare copy of the site, and the files in the output folder that Pressrun made."""
    import shutil

    from generator.config import load_config
    from generator.locks import lock
    from generator.output import remove_release

    with statuses(root, "not everything was removed"):
        config = load_config(root, out=out)
        with lock(config.state, 10):
            removed = remove_release(config) if config.out.exists() else []
            (config.state / "cache.db").unlink(missing_ok=True)
        shutil.rmtree(config.state)
    click.echo(f"removed {len(removed)} files of {shown(config.out)} and the cache")


@main.command()
@ROOT
@click.option(
    "--port",
    default=8000,
    type=click.IntRange(0, 65535),
    help="The next free one is taken when it is in use.",
)
@click.option("--host", default="127.0.0.1", help="Address to listen on.")
@click.option("--open", "open_browser", is_flag=True, help="Open the site in the browser.")
@click.option("--drafts/--no-drafts", default=True, help="Show drafts and future pages (the default).")
@click.option(
    "--poll", is_flag=True, help="Look for changed files again and again (for network file systems)."
)
@click.option("--built", is_flag=True, help="Serve what `pressrun build` has written, as it is.")
def serve(
    root: Path, port: int, host: str, open_browser: bool, drafts: bool, poll: bool, built: bool
) -> None:
    """Build the site, serve it on this machine, and show each change as soon as a file is saved."""
    from generator.serve import run

    with statuses(root, "the server has stopped"):
        run(root, host=host, port=port, open_browser=open_browser, drafts=drafts, poll=poll, built=built)


@main.command()
@click.argument("wish", type=click.Choice(["diff", "words"]))
@ROOT
def theme(wish: str, root: Path) -> None:
    """Show what the templates of the site in ROOT have changed against the theme's own of this version; or the words that its languages lack."""
    from generator.config import load_config
    from generator.overrides import differences

    with statuses(root, "nothing was changed"):
        config = load_config(root)
        if wish == "words":
            from generator.themes import layers
            from generator.words import tables

            languages = [config.language, *config.languages]
            text = tables(layers(config.theme_folder), languages, config.words)
            click.echo(text or f"nothing is missing: the theme has all words in {', '.join(languages)}")
            return
        text = "".join(differences(config.root, config.theme_folder))
    click.echo(text or "no template of the site is other than the theme's", nl=not text)


@main.command()
@click.argument("what")
@click.argument("subject", default="")
@click.option(
    "--template",
    type=click.Choice(["blog", "docs", "both"]),
    help="What a new site is; asked for on a terminal, else both.",
)
@click.option("--root", default=".", type=click.Path(path_type=Path), help="The site of a new post or page.")
def new(what: str, subject: str, template: str | None, root: Path) -> None:
    """Make a new site in the folder WHAT; `new post "Title"` and `new page PATH` begin a post or a page of a site.

    A site has a page with a live demo, a test of it, and a workflow that publishes it on GitHub Pages. Nothing that is there already is
    overwritten. (A site that shall be called “post” is made with `new ./post`.)
    """
    from generator import scaffold
    from generator.config import load_config

    if subject and what not in ("post", "page"):
        raise click.UsageError(f"“new” knows “post TITLE” and “page PATH”, not “{what} {subject}”")
    if what in ("post", "page") and not subject:
        wanted = '"A title"' if what == "post" else "guide/install"
        raise click.UsageError(
            f"a new {what} needs a {'title' if what == 'post' else 'path'}: pressrun new {what} {wanted}"
        )
    if subject and template:
        raise click.UsageError("--template is for new sites alone")
    with statuses(root, "not everything was written"):
        if subject:
            make = scaffold.new_post if what == "post" else scaffold.new_page
            click.echo(f"wrote {make(load_config(root), subject)}")
            return
        if template is None:
            choice = click.Choice(scaffold.TEMPLATES)
            template = (
                "both" if not sys.stdin.isatty() else click.prompt("What shall it be", "both", type=choice)
            )
        made = scaffold.new_site(Path(what), str(template))
    click.echo("\n".join(f"wrote {path}" for path in sorted(made)))
    click.echo(f"\nA site of the template “{template}” ({', '.join(scaffold.TEMPLATES)}).")
    click.echo(f"Now look at it:  pressrun serve {what} --open")


@main.command()
@click.argument("target", default="")
@click.option("--root", default=".", type=click.Path(path_type=Path), help="The site's folder.")
@click.option("--dry-run", is_flag=True, help="Show the plan; change nothing.")
@click.option("--yes", is_flag=True, help="Do not ask before files are deleted, however many.")
@click.option(
    "--adopt", is_flag=True, help="Replace foreign files at the target that stand where ours should."
)
@click.option("--save", type=click.Path(path_type=Path), help="Write the plan to this file; change nothing.")
@click.option(
    "--plan",
    "kept",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Carry out a saved plan, if nothing has changed.",
)
@click.option(
    "--init", is_flag=True, help="Write the workflow for GitHub or GitLab, and the host's small files."
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object instead of text.")
@click.option("--jobs", type=click.IntRange(1), help="Worker processes of the build.")
@VERSION
@ALIAS
def deploy(
    target: str,
    root: Path,
    dry_run: bool,
    yes: bool,
    adopt: bool,
    save: Path | None,
    kept: Path | None,
    init: bool,
    as_json: bool,
    jobs: int | None,
    version: str,
    alias: str,
) -> None:
    """Build the site strictly, show what would change at TARGET, and publish it there.

    TARGET is a name of [tool.pressrun.deploy]; `pages` (branch gh-pages of the remote origin) needs no configuration.
    """
    from generator import deploy as deploying
    from generator.config import load_config
    from generator.deploy import plan as plans
    from generator.deploy import words, workflows

    def tell(problems: Sequence[Problem]) -> None:
        if as_json:
            report(Build(problems=tuple(problems)), as_json=True, explain=False, out="")
        else:
            print_problems(problems)

    started = time.monotonic()
    with statuses(root, "the deploy was not finished", tell):
        config = load_config(root, version=version, alias=alias)
        to = deploying.target_of(config, target)
        if init:
            made = workflows.write(config, workflows.files(config, to, workflows.code_at(config)))
            click.echo(
                "\n".join(f"wrote {path}" for path in made) or "nothing to write: all is there already"
            )
            return
        with ExitStack() as stack:
            with Progress(enabled=not as_json and sys.stderr.isatty()) as progress:
                step = progress.step if progress.enabled else None
                ready = deploying.prepared(config, to, adopt=adopt, jobs=jobs, progress=step)
                work = stack.enter_context(ready)
            if kept is not None:
                plans.check_same(plans.decode(kept.read_bytes(), str(kept)), work.plan, str(kept))
            if not as_json:
                print_problems(work.warnings)
                first = work.first_version()
                click.echo("\n".join([*words.lines(work.plan), *([first] if first else [])]))
            done = not dry_run and save is None
            if save is not None:
                save.write_bytes(plans.encode(work.plan))
                if not as_json:
                    click.echo(f"saved; to carry it out: pressrun deploy {to.name} --plan {save}")
            if done:
                asks = sys.stdin.isatty() and not as_json
                agree(work.plan, work.first_version(), yes=yes or kept is not None, asks=asks)
                with Progress(
                    enabled=not as_json and sys.stderr.isatty(), doing="publishing", of="files"
                ) as sent:
                    new_lines = work.carry_out(sent.step if sent.enabled else None)
                if new_lines and not as_json:
                    click.echo("permalinks.json has new lines: commit it")
            if as_json:
                took = time.monotonic() - started
                data = words.as_data(
                    work.plan, done=done, seconds=took, headers=work.headers(), problems=work.warnings
                )
                import json

                click.echo(json.dumps(data, ensure_ascii=False))
            elif done and work.plan.steps:
                click.echo(f"published ({time.monotonic() - started:.2f} s)")


def agree(plan: Plan, why: str = "", *, yes: bool, asks: bool) -> None:
    """Ask before files are deleted, and say `why`. Raises ProblemError when the answer is no, or when nobody is there to ask and they are many."""
    count, many = len(plan.paths("delete")), plan.too_many()
    if why and many:
        many = f"{why}; for that, {many}"
    if yes or not count:
        return
    if asks:
        few = f"{count} published {'file' if count == 1 else 'files'} will be deleted"
        if not click.confirm(f"{many or few}; go on?"):
            raise ProblemError(error(plan.target, "nothing was published: you said no"))
    elif many:
        raise ProblemError(
            error(plan.target, f"{many}; nothing was published", hint="if that is meant, add --yes")
        )


if __name__ == "__main__":
    main()
