"""Workers: forked processes that answer questions; one that dies costs the question that it was at another try.

Questions and answers are bytes. A worker inherits everything as it stood when it was forked, and is handed a few
questions ahead, so that it never waits. When it ends (killed, out of memory, a C library that gives up), the question
that it was at is asked once more, alone, in a fresh process; the others that it had are answered by the rest.
"""

from __future__ import annotations

import contextlib
import os
import select
import signal
from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from generator.processes import LENGTH, become_servant, read_frame, take_frames, write_frame

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

AHEAD = 8
"""Questions that a worker has at a time."""
PIECE = 1 << 16
"""Bytes that are written to a worker at a time: what a pipe holds."""


@dataclass(slots=True, eq=False)
class Worker:
    """One process, as its parent sees it, who never waits for its pipes."""

    process: int
    questions: int
    """Descriptor to write to."""
    answers: int
    """Descriptor to read from."""
    again: bool
    """Whether it was forked for one question of which another worker died."""
    asked: deque[bytes] = field(default_factory=deque)
    """What it was asked and has not answered yet, in order."""
    unsent: bytearray = field(default_factory=bytearray)
    received: bytearray = field(default_factory=bytearray)

    def ask(self, question: bytes) -> None:
        """Hand it a question."""
        self.asked.append(question)
        self.unsent += LENGTH.pack(len(question)) + question

    def send(self) -> None:
        """Write what its pipe takes."""
        try:
            while self.unsent:
                del self.unsent[: os.write(self.questions, self.unsent[:PIECE])]
        except BlockingIOError:
            pass
        except BrokenPipeError:  # it has ended, as shows when it is read from
            self.unsent.clear()

    def receive(self) -> list[tuple[bytes, bytes]] | None:
        """Read its answers, each behind its question; None when it has ended."""
        data = os.read(self.answers, 1 << 20)
        self.received += data
        return [(self.asked.popleft(), answer) for answer in take_frames(self.received)] if data else None


class Workers:
    """The processes of one batch of questions."""

    def __init__(self, begin: Callable[[bool], Callable[[bytes], bytes]], most: int) -> None:
        """`begin` is called in each new process, with whether it tries again; it gives what answers there."""
        self.begin, self.most = begin, most
        self.running: list[Worker] = []

    def answers(self, questions: Iterator[bytes]) -> Iterator[tuple[bytes, bytes | int]]:
        """Give each question with its answer, in any order; with a wait status when two workers died of it."""
        left: deque[bytes] = deque()
        suspects: deque[bytes] = deque()

        def following() -> bytes | None:
            return left.popleft() if left else next(questions, None)

        while True:
            self.hand_out(following)
            if suspects and not any(worker.again for worker in self.running):
                self.start(again=True).ask(suspects.popleft())
            if not any(worker.asked for worker in self.running):
                return
            for worker in self.wait():
                answered = worker.receive()
                if answered is not None:
                    if worker.again and answered:
                        self.stop(worker)
                    yield from answered
                    continue
                status = self.stop(worker)
                if worker.asked and worker.again:
                    yield worker.asked.popleft(), status
                elif worker.asked:
                    suspects.append(worker.asked.popleft())
                    left += worker.asked

    def hand_out(self, following: Callable[[], bytes | None]) -> None:
        """Give questions to those that have few, in turn, and fork workers while there are questions for them."""
        ordinary = [worker for worker in self.running if not worker.again]
        while len(ordinary) < self.most and (question := following()) is not None:
            ordinary.append(self.start(again=False))
            ordinary[-1].ask(question)
        while ordinary := [worker for worker in ordinary if len(worker.asked) < AHEAD]:
            for worker in ordinary:
                question = following()
                if question is None:
                    return
                worker.ask(question)

    def wait(self) -> list[Worker]:
        """Wait until workers have said something or have ended; send them meanwhile what they take. Give those."""
        waiting = {worker.answers: worker for worker in self.running}
        while True:
            for worker in self.running:
                worker.send()
            behind = [worker.questions for worker in self.running if worker.unsent]
            speaking = select.select([*waiting], behind, [])[0]
            if speaking:
                return [waiting[descriptor] for descriptor in speaking]

    def start(self, *, again: bool) -> Worker:
        """Fork a process."""
        questions, to_questions = os.pipe()
        from_answers, answers = os.pipe()
        process = os.fork()
        if not process:
            try:
                become_servant()
                for other in (*self.running, Worker(0, to_questions, from_answers, again)):
                    os.close(other.questions)
                    os.close(other.answers)
                serve(questions, answers, self.begin(again))
            finally:
                os._exit(1)
        os.close(questions)
        os.close(answers)
        os.set_blocking(to_questions, False)
        worker = Worker(process, to_questions, from_answers, again)
        self.running.append(worker)
        return worker

    def stop(self, worker: Worker) -> int:
        """End a worker if it has not ended; give its wait status."""
        self.running.remove(worker)
        os.close(worker.questions)
        os.close(worker.answers)
        with contextlib.suppress(ProcessLookupError):
            os.kill(worker.process, signal.SIGKILL)
        return os.waitpid(worker.process, 0)[1]

    def close(self) -> None:
        """End all."""
        while self.running:
            self.stop(self.running[0])


def serve(questions: int, answers: int, answer: Callable[[bytes], bytes]) -> None:
    """Answer questions until nobody asks; the life of a worker."""
    with os.fdopen(questions, "rb") as source, os.fdopen(answers, "wb") as target:
        while (question := read_frame(source)) is not None:
            write_frame(target, answer(question))
