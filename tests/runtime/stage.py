"""A page without a view, for transcripts: sends events, keeps a log, waits until nothing runs. Runs on every interpreter."""

import asyncio

from pressrun.runtime import Runtime


class Stage:
    """One page. `log`: what its listener was told; `failures`: the handlers' exceptions as text."""

    def __init__(self):
        self.runtime = Runtime(self)
        self.log = []
        self.failures = []
        self.changes = []

    def state(self, cls):
        return self.runtime.state(cls)

    def click(self, *events):
        """The reader does something: each argument is a handler, or a handler with its arguments."""
        for event in events:
            self.runtime.send([event if hasattr(event, "handler") else event()])

    async def settled(self):
        """Wait until nothing is queued and no task is left."""
        while not self.runtime.idle():
            await asyncio.sleep(0.001)

    def changed(self, names):
        short = [name.split(".")[-1] for name in names]
        self.changes.append(sorted(short))

    def done(self, ticket):
        pass

    def ended(self, event):
        pass

    def effect(self, effect):
        self.log.append([effect.name] + effect.args)

    def failed(self, error, event):
        self.failures.append("%s: %s" % (type(error).__name__, error))
