"""The browser's Python (MicroPython) beside CPython: what it has of the standard library, and remedies for what it lacks.

The tables are literal. A test asks the shipped engine for each name, and for all that CPython has beside them, so they
cannot rot; the manual prints them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

# fmt: off
LIBRARY: Mapping[str, frozenset[str]] = {
    name: frozenset(words.split())
    for name, words in {
        "abc": "ABC abstractmethod",
        "array": "array",
        "asyncio": "CancelledError Event Lock Task TimeoutError create_task current_task gather get_event_loop "
        "new_event_loop sleep sleep_ms wait_for wait_for_ms",
        "base64": "b16decode b16encode b32decode b32encode b64decode b64encode standard_b64decode standard_b64encode "
        "urlsafe_b64decode urlsafe_b64encode",
        "binascii": "a2b_base64 a2b_hex b2a_base64 b2a_hex crc32 hexlify unhexlify",
        "cmath": "cos e exp log log10 phase pi polar rect sin sqrt",
        "collections": "OrderedDict defaultdict deque namedtuple",
        "copy": "copy deepcopy",
        "datetime": "MAXYEAR MINYEAR date datetime time timedelta timezone tzinfo",
        "datetime.date": "day fromisoformat fromordinal fromtimestamp isoformat isoweekday max min month replace resolution "
        "timetuple today toordinal weekday year",
        "datetime.datetime": "astimezone combine date day dst fold fromisoformat fromordinal fromtimestamp hour isoformat "
        "isoweekday microsecond minute month now replace second time timestamp timetuple timetz toordinal "
        "tzinfo tzname utcoffset weekday year",
        "datetime.time": "dst fold fromisoformat hour isoformat max microsecond min minute replace resolution second tzinfo "
        "tzname utcoffset",
        "datetime.timedelta": "days max microseconds min resolution seconds total_seconds",
        "datetime.timezone": "dst fromutc tzname utc utcoffset",
        "datetime.tzinfo": "dst fromutc tzname utcoffset",
        "errno": "EACCES EADDRINUSE EAGAIN EALREADY EBADF ECONNABORTED ECONNREFUSED ECONNRESET EEXIST EHOSTUNREACH "
        "EINPROGRESS EINVAL EIO EISDIR ENOBUFS ENODEV ENOENT ENOMEM ENOTCONN EOPNOTSUPP EPERM ETIMEDOUT "
        "errorcode",
        "fnmatch": "filter fnmatch fnmatchcase translate",
        "functools": "partial reduce update_wrapper wraps",
        "hashlib": "sha256",
        "heapq": "heapify heappop heappush",
        "html": "escape",
        "io": "BytesIO IOBase SEEK_CUR SEEK_END SEEK_SET StringIO",
        "itertools": "accumulate chain count cycle islice repeat starmap tee",
        "json": "dump dumps load loads",
        "logging": "CRITICAL DEBUG ERROR Formatter Handler INFO LogRecord Logger NOTSET StreamHandler WARNING "
        "addLevelName basicConfig critical debug error exception getLogger info log warning",
        "math": "acos acosh asin asinh atan atan2 atanh ceil copysign cos cosh degrees e erf erfc exp expm1 fabs "
        "factorial floor fmod frexp gamma inf isclose isfinite isinf isnan ldexp lgamma log log10 log2 modf "
        "nan pi pow radians sin sinh sqrt tan tanh tau trunc",
        "operator": "attrgetter eq floordiv ge gt le lt mod ne truediv",
        "random": "choice getrandbits randint random randrange seed uniform",
        "re": "compile match search sub",
        "string": "ascii_letters ascii_lowercase ascii_uppercase digits hexdigits octdigits printable punctuation "
        "whitespace",
        "struct": "calcsize pack pack_into unpack unpack_from",
        "sys": "byteorder implementation maxsize platform print_exception version version_info",
        "time": "gmtime localtime mktime sleep sleep_ms strftime ticks_add ticks_diff ticks_ms ticks_us time "
        "time_ns",
        "zlib": "compress decompress",
        "builtins": "ArithmeticError AssertionError AttributeError BaseException EOFError Ellipsis Exception "
        "GeneratorExit ImportError IndentationError IndexError KeyError KeyboardInterrupt LookupError "
        "MemoryError NameError NotImplemented NotImplementedError OSError OverflowError RuntimeError "
        "StopAsyncIteration StopIteration SyntaxError SystemExit TypeError UnicodeError ValueError "
        "ZeroDivisionError abs all any bin bool bytearray bytes callable chr classmethod compile complex "
        "delattr dict dir divmod enumerate eval exec filter float frozenset getattr globals hasattr hash "
        "hex id int isinstance issubclass iter len list locals map max memoryview min next object oct ord "
        "pow print property range repr reversed round set setattr sorted staticmethod str sum super "
        "tuple type zip",
    }.items()
}
# fmt: on
"""Module (or class) → the public names that both CPython and the shipped engine have, and that are of use in a browser."""
ADDED = frozenset(
    [
        "asyncio.sleep_ms", "asyncio.wait_for_ms", "sys.print_exception", "time.sleep_ms", "time.ticks_add",
        "time.ticks_diff", "time.ticks_ms", "time.ticks_us",
    ]
)  # fmt: skip
"""Names of the table that only MicroPython has."""
UNUSABLE = frozenset(
    [
        "base64.MAXBINSIZE", "base64.MAXLINESIZE", "base64.bytes_types", "base64.decode", "base64.decodebytes",
        "base64.encode", "base64.encodebytes", "base64.main", "base64.test", "builtins.help", "builtins.input",
        "builtins.open", "builtins.slice", "copy.Error", "copy.error", "io.open", "logging.FileHandler",
        "logging.shutdown", "sys.argv", "sys.exit", "sys.modules", "sys.path", "sys.stderr", "sys.stdin", "sys.stdout",
    ]
)  # fmt: skip
"""Names that the engine has, but that need files, a terminal or a process, or that fail there."""
ERASED = frozenset(("typing", "__future__", "typing_extensions", "collections.abc"))
"""Modules that are only about annotations."""
REMEDIES: Mapping[str, str] = {
    "asyncio.Queue": "Use a list and an `asyncio.Event`.",
    "asyncio.Semaphore": "Use an `asyncio.Lock`.",
    "asyncio.TaskGroup": "Use `asyncio.gather(…)`.",
    "asyncio.get_running_loop": "Use `asyncio.get_event_loop()`.",
    "asyncio.run": "Make the handler `async` and await it: the loop runs already.",
    "asyncio.timeout": "Use `asyncio.wait_for(…, seconds)`.",
    "asyncio.wait": "Use `asyncio.gather(…)`.",
    "builtins.FileNotFoundError": "Use `OSError`.",
    "builtins.ModuleNotFoundError": "Use `ImportError`.",
    "builtins.RecursionError": "Use `RuntimeError`.",
    "builtins.TimeoutError": "Use `asyncio.TimeoutError`.",
    "builtins.UnicodeDecodeError": "Use `UnicodeError`.",
    "builtins.ascii": "Use `repr(…)`.",
    "builtins.format": "Use an f-string or `'{:…}'.format(…)`.",
    "builtins.input": "Put the component `input()` into the view and handle its `on_change`.",
    "builtins.open": "A reader has no files: write the data into the module as a Python literal.",
    "builtins.slice": "Use `items[start:stop]`.",
    "builtins.vars": "Use `getattr(…)` with the names you know.",
    "collections.ChainMap": "Use `{}` and `update()`.",
    "collections.Counter": "Count in a dict: `counts[key] = counts.get(key, 0) + 1`.",
    "contextlib.suppress": "Use `try … except … pass`.",
    "dataclasses": "Write a class with `__init__`, or use `collections.namedtuple`.",
    "datetime.date.strftime": "Use an f-string of its parts, such as `f'{day.year}-{day.month:02d}'`, or `.isoformat()`.",
    "datetime.datetime.strftime": "Use an f-string of its parts, such as `f'{now.hour:02d}:{now.minute:02d}'`, or `.isoformat()`.",
    "datetime.datetime.strptime": "Use `datetime.fromisoformat(…)`, or split the text.",
    "datetime.datetime.today": "Use `datetime.now()`.",
    "datetime.datetime.utcnow": "Use `datetime.now(timezone.utc)`.",
    "decimal": "Use whole numbers (cents instead of euros), or `round(…)`.",
    "enum": "Use names for numbers or texts: `RED = 'red'`.",
    "functools.cache": "Keep results in a dict, or make a computed var: `@var`.",
    "functools.cached_property": "Make a computed var: `@var`.",
    "functools.lru_cache": "Keep results in a dict, or make a computed var: `@var`.",
    "hashlib.md5": "Use `hashlib.sha256(…)`.",
    "hashlib.sha1": "Use `hashlib.sha256(…)`.",
    "heapq.nlargest": "Use `sorted(…, reverse=True)[:n]`.",
    "heapq.nsmallest": "Use `sorted(…)[:n]`.",
    "itertools.groupby": "Collect in a dict of lists.",
    "json.JSONDecodeError": "Use `ValueError`.",
    "os": "A reader has no files and no environment.",
    "pathlib": "A reader has no files: write the data into the module as a Python literal.",
    "random.gauss": "Add up twelve `random.random()` and take 6 away.",
    "re.IGNORECASE": "Compare `text.lower()` with a pattern in small letters.",
    "re.I": "Compare `text.lower()` with a pattern in small letters.",
    "re.findall": "Loop over `re.search(…)`, or split the text.",
    "re.finditer": "Loop over `re.search(…)`, or split the text.",
    "re.fullmatch": "Use `re.match(…)` with a pattern that ends in `$`.",
    "re.split": "Use `re.compile(…).split(text)`.",
    "requests": "Fetch when the page is built.",
    "statistics": "Use `sum(values) / len(values)` and the like.",
    "string.Template": "Use an f-string.",
    "sys.exit": "Return from the handler.",
    "threading": "Make a background task: `@event(background=True)`.",
    "time.monotonic_ns": "Use `time.ticks_us()`, or `time.monotonic()`.",
    "time.perf_counter_ns": "Use `time.ticks_us()`, or `time.perf_counter()`.",
    "time.process_time": "Use `time.perf_counter()`.",
    "types.SimpleNamespace": "Use a dict, or a class of your own.",
    "urllib": "Fetch when the page is built.",
    "uuid": "Use `random.getrandbits(32)`.",
}
"""Dotted name → what to write instead."""
METHODS: Mapping[str, str] = {
    **dict.fromkeys(
        ["rjust", "zfill", "ljust"], "Use an f-string or `format`: `'{:>5}'`, `'{:05d}'`."
    ),
    **dict.fromkeys(
        ["removeprefix", "removesuffix"], "Use `startswith` or `endswith` and a slice."
    ),
    **dict.fromkeys(["title", "capitalize"], "Use `text[:1].upper() + text[1:].lower()`."),
    **dict.fromkeys(
        ["isalnum", "isdecimal", "isnumeric", "isascii", "isidentifier", "isprintable", "istitle"],
        "Use `isalpha()` and `isdigit()`.",
    ),
    **dict.fromkeys(["swapcase", "expandtabs", "translate", "maketrans", "format_map"], ""),
    **dict.fromkeys(["bit_length", "bit_count"], "Use `bin(number)`."),
    **dict.fromkeys(["as_integer_ratio", "move_to_end", "extendleft", "isocalendar", "ctime"], ""),
    **dict.fromkeys(["groups", "groupdict", "span", "lastindex"], "Use `.group(1)`, `.group(2)` …"),
    **dict.fromkeys(["fullmatch", "findall", "finditer"], "Use `.search(…)` or `.split(…)`."),
    "casefold": "Use `.lower()`.",
    "is_integer": "Use `number == int(number)`.",
    "hexdigest": "Use `binascii.hexlify(….digest()).decode()`.",
    "strftime": "Use an f-string of its parts, such as `f'{now.hour:02d}:{now.minute:02d}'`, or `.isoformat()`.",
    "strptime": "Use `datetime.fromisoformat(…)`, or split the text.",
    "most_common": "Use `sorted(counts.items(), key=lambda pair: -pair[1])`.",
    "_asdict": "Use the names of the fields.",
    "_replace": "Make a new one.",
}  # fmt: skip
"""Methods of built-in things that MicroPython lacks → what to write instead."""
KEYWORDS: Mapping[str, frozenset[str]] = {
    name: frozenset(words.split())
    for name, words in {
        "builtins.int": "",
        "builtins.print": "sep end",
        "builtins.round": "",
        "builtins.str": "",
        "builtins.sum": "",
        "builtins.zip": "",
        "json.dump": "separators",
        "json.dumps": "separators",
        "re.sub": "",
        ".decode": "",
        ".encode": "",
        ".rsplit": "",
        ".split": "",
    }.items()
}
"""Function or method → all the keywords it takes; those that are not here take what CPython's take."""
