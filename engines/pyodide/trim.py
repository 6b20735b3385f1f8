"""The standard library as it travels with Pyodide: what demos may import, compiled, and nothing else.

Pyodide itself runs this while its wheel is built, so that the byte-code is of the very Python that will read it. What
starts with the engine is in `sys.modules` already; importing the names below brings along what they need. Docstrings
and assertions are left out. The zip is stored, not deflated: servers compress the whole of it better.
"""

import importlib
import importlib.util
import json
import marshal
import sys
import zipfile

PUBLIC = """
__future__ abc array ast asyncio base64 binascii bisect calendar cmath codecs collections collections.abc
colorsys concurrent.futures contextlib contextvars copy csv dataclasses datetime decimal difflib enum errno
fnmatch fractions functools gc graphlib hashlib heapq hmac html html.entities html.parser importlib inspect
io ipaddress itertools json keyword logging math numbers operator os os.path pathlib pprint queue random re
reprlib secrets shlex statistics string string.templatelib struct sys textwrap time timeit token tokenize
tomllib traceback types typing unicodedata urllib urllib.parse uuid warnings weakref zipfile zlib
"""
"""What demos can import."""
SILENT = "_strptime encodings.ascii encodings.cp1252 encodings.latin_1 encodings.utf_16"
"""What those import at the last moment."""
TIME = (1980, 1, 1, 0, 0, 0)
"""Of every entry: the same engine gives the same bytes."""


def pyc(source, name):
    """Give a module's byte-code as zipimport reads it: never compared with a source, for there is none."""
    code = compile(source, name, "exec", dont_inherit=True, optimize=2)
    return importlib.util.MAGIC_NUMBER + b"\x01\0\0\0" + bytes(8) + marshal.dumps(code)


def trim(target):
    """Write the zip."""
    for name in (PUBLIC + SILENT).split():
        importlib.import_module(name)
    source = next(path for path in sys.path if path.endswith(".zip"))
    with zipfile.ZipFile(source) as whole, zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as kept:
        there = set(whole.namelist())
        for module in sorted(sys.modules):
            base = module.replace(".", "/")
            for path in (base + ".py", base + "/__init__.py"):
                if path in there:
                    entry = zipfile.ZipInfo(path + "c", TIME)
                    kept.writestr(entry, pyc(whole.read(path), path))


trim("/python_stdlib.zip")
json.dumps(PUBLIC.split())
