"""The parts of MicroPython's own script that a worker needs: how objects of Python and of JavaScript meet.

The rest of that script is Emscripten's, most of it for what a worker has not: file systems, Node, consoles. `glue.js` holds the parts
together, `micropython.js` answers what else WebAssembly asks of the world. The parts are cut out at words that stand there once: the
lock file pins the script, so they are there, and a script that lacks one is an error.
"""

from __future__ import annotations

PARTS = {
    "ENV": (("_emscripten_throw_longjmp:", ",emscripten_resize_heap:"), ("has_attr:function(", "};function stackCheckInit(")),
    "API": (("registerJsModule(name,module)", ",pyimport:pyimport,"), ("runPython(code){", ",runPythonAsync(code)")),
    "PROXIES;": (("class PyProxyThenable{", ""),),
}  # fmt: skip
"""Name in `glue.js` → what takes its place: where each part begins, and what follows it (nothing: it is the last)."""


def glued(holder: str, script: str) -> str:
    """Give what a worker needs of the engine's script, held together; a ValueError names what is not there."""
    for name, parts in PARTS.items():
        holder = holder.replace(name, ",".join(_part(script, first, after) for first, after in parts))
    return holder


def _part(script: str, first: str, after: str) -> str:
    if script.count(first) != 1:
        raise ValueError(f"`{first}` stands {script.count(first)} times in the engine's script, not once")
    start = script.index(first)
    end = script.find(after, start) if after else len(script)
    if end < 0:
        raise ValueError(f"`{after}` does not follow `{first}` in the engine's script")
    return script[start:end].rstrip()
