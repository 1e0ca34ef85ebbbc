"""The next batch of changes is on the wire while this one is written down.

A thread talks with the provider, one conversation after another; the caller claims and settles meanwhile. The thread
never touches the database, and when the caller has left the block nothing is being said any more.
"""

from contextvars import copy_context
from queue import SimpleQueue
from threading import Event, Thread
from types import TracebackType
from typing import Self

from organiser_portal.sync.conversation import Conversation, Verdicts
from providers.port import Provider


class SendAhead:
    """Use it inside a ``with``. Conversations are held in the order given; once one was stopped no other is begun."""

    def __init__(self, provider: Provider) -> None:
        self._provider = provider
        self._waiting: SimpleQueue[Conversation | None] = SimpleQueue()
        self._said: SimpleQueue[tuple[Conversation, Verdicts | None, BaseException | None]] = SimpleQueue()
        self._unwanted = Event()
        # In our context, so that its log lines bear the ids of the task.
        self._thread = Thread(target=copy_context().run, args=(self._talk,), name="send-ahead", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()
        self._waiting.put(None)
        self._thread.join()

    def send(self, conversation: Conversation) -> None:
        self._waiting.put(conversation)

    def stop(self) -> None:
        """Nothing more is wanted: what is being said is said to its end, and nothing else is begun."""
        self._unwanted.set()

    def next(self) -> tuple[Conversation, Verdicts | None]:
        """What was learned, in order; None for the end of a conversation. Raises what went wrong in it."""
        conversation, verdicts, error = self._said.get()
        if error is not None:
            raise error
        return conversation, verdicts

    def _talk(self) -> None:
        while (conversation := self._waiting.get()) is not None:
            error: BaseException | None = None
            try:
                self._hold(conversation)
            except BaseException as caught:  # handed to the caller, who knows what to do with it
                error = caught
            if error is not None or conversation.stopped is not None:
                self.stop()
            self._said.put((conversation, None, error))

    def _hold(self, conversation: Conversation) -> None:
        if self._unwanted.is_set():
            return
        for verdicts in conversation.hold(self._provider, wanted=lambda: not self._unwanted.is_set()):
            self._said.put((conversation, verdicts, None))
