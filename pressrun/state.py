"""State: the classes that hold a demo's values and handlers.

An instance is a thin thing: the values live in the page's Runtime, under "module.Class.field". So a background task
gets an instance of its own, of the very same class, that only knows whether it may write.
"""

from __future__ import annotations

from typing import Any

from .events import EventHandler
from .expr import Var
from .runtime import Runtime
from .tracked import plain, tracked


class Field(Var):
    """A field as its class has it: in a view an expression, in a handler a value."""

    def __init__(self, key: str, name: str, default: Any) -> None:
        Var.__init__(self, ["field", key, name])
        self._key = key + "." + name
        self._default = default

    def __get__(self, state: Any, owner: Any = None) -> Any:
        return self if state is None else state._runtime.get(self._key)


class ComputedVar(Var):
    """A method marked `@var`: evaluated again only when a field it read has changed."""

    def __init__(self, function: Any) -> None:
        Var.__init__(self, [])
        self._function = self.__wrapped__ = function
        self._is_async = False
        self._key = ""

    def __get__(self, state: Any, owner: Any = None) -> Any:
        if state is None:
            return self
        runtime = state._runtime
        compute = runtime.compute_async if self._is_async else runtime.compute
        return compute(self._key, self._function, state)


def var(function: Any = None, **options: Any) -> Any:
    """Mark a method as a computed var."""
    return ComputedVar(function) if function is not None else var


class State:
    """The base of all states.

    Public annotated names are fields; names that begin with `_` are backend fields, for handlers alone. Public methods
    are event handlers. There is one instance of each class in a page; an instance made by hand has a page of its own.
    """

    _runtime: Any
    _guard: Any
    _key: str
    _manifest: dict[str, Any]
    _fields: dict[str, Any] = {}
    _vars: dict[str, Any] = {}

    def __init_subclass__(cls) -> None:
        from .manifest import manifest_of

        cls._manifest = manifest_of(cls)
        setup(cls, cls._manifest)

    def __init__(self, runtime: Any = None, guard: Any = None) -> None:
        runtime = runtime or Runtime()
        object.__setattr__(self, "_runtime", runtime)
        object.__setattr__(self, "_guard", guard)
        for field in self._fields.values():
            if field._key not in runtime.values:
                runtime.values[field._key] = tracked(plain(field._default), runtime, field._key)
        if guard is None:
            for computed in self._vars.values():
                if computed._is_async:
                    runtime.async_vars.append((computed._key, computed._function, self))

    def __setattr__(self, name: str, value: Any) -> None:
        field = self._fields.get(name)
        if field is None:
            raise AttributeError(
                "The state variable %r has not been defined in %r. "
                "All state variables must be declared before they can be set." % (name, type(self).__name__)
            )
        if self._guard is not None:
            self._guard.check()
        runtime = self._runtime
        runtime.values[field._key] = tracked(value, runtime, field._key)
        runtime.mark(field._key)

    def reset(self) -> None:
        """Put every field back to its default."""
        if self._guard is not None:
            self._guard.check()
        for name, field in self._fields.items():
            setattr(self, name, plain(field._default))

    async def get_state(self, cls: type[Any]) -> Any:
        """The page's instance of another State class; in a background task only inside `async with self`."""
        if self._guard is None:
            return self._runtime.state(cls)
        self._guard.check()
        return cls(self._runtime, self._guard)

    async def __aenter__(self) -> Any:
        if self._guard is not None:
            await self._runtime.enter(self._guard)
        return self

    async def __aexit__(self, *failure: object) -> None:
        if self._guard is not None:
            await self._runtime.leave(self._guard)

    def __enter__(self) -> None:
        raise TypeError("Background task must use `async with self` to modify state.")

    def __exit__(self, *failure: object) -> None:
        pass

    async def _yield(self, value: Any = None) -> None:
        """What `yield` inside `async def` becomes where there are no async generators."""
        await self._runtime.yielded(self._guard, value)


def setup(cls: type[Any], manifest: dict[str, Any]) -> None:
    """Turn the names of a class body into fields, handlers and computed vars.

    `manifest`: `key` ("module.Class"), `fields` (name → [] or [default], in order), `handlers` (name → kind), `vars`
    (name → whether async). CPython reads it off the class; to other interpreters it comes with the page.
    """
    key = manifest["key"]
    fields: dict[str, Any] = {}
    computed: dict[str, Any] = {}
    for base in reversed(cls.__bases__):
        fields.update(getattr(base, "_fields", {}))
        computed.update(getattr(base, "_vars", {}))
    for name, default in manifest["fields"]:
        field = Field(key, name, default[0] if default else getattr(cls, name))
        setattr(cls, name, field)
        fields[name] = field
    for name, kind in manifest["handlers"]:
        handler = getattr(cls, name)
        if not isinstance(handler, EventHandler):
            handler = EventHandler(handler, {})
            setattr(cls, name, handler)
        handler.owner, handler.name, handler.kind = cls, name, kind
    for name, is_async in manifest["vars"]:
        one = getattr(cls, name)
        one._tree, one._key, one._is_async = ["field", key, name], key + "." + name, is_async
        computed[name] = one
    cls._key, cls._fields, cls._vars = key, fields, computed
