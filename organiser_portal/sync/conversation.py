"""What is said with a provider about a few changes: look up what may be there, send the rest, look up lost answers.

No database here: verdicts come out as soon as they are known, and whoever listens writes them down.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from secrets import SystemRandom

from organiser_portal.connections.models import OutboundChange
from organiser_portal.sync import settle
from organiser_portal.sync.settle import About, Attempt, Step, Verdict
from providers.errors import AlreadyThere, ProviderError
from providers.port import Action, Change, Outcome, Provider, Receipt

type Verdicts = Mapping[Sent, Verdict]

MOST_TOGETHER = 2  # tries: the one that was cut off, and one more. What fails on one of many fails on all of them
MOST_ALONE = 3  # changes in a row; what fails on one may be a matter of that one, what fails on three is not
chance = SystemRandom().random


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Sent:
    """A change of ours, and the same as the provider takes it. ``unsure``: it may have been sent before.

    ``others_went``: others like it got through since it was tried last.
    """

    row: OutboundChange
    unsure: bool
    change: Change
    others_went: bool = False

    @property
    def adds(self) -> bool:
        return self.change.action is Action.ADD_ENTRY


class Conversation:
    """``begun``: from then on anything may have gone out. ``stopped``: why nothing else would fare better now."""

    def __init__(self, changes: Sequence[Sent], *, label: str, may_look_up: bool, about: About) -> None:
        self.changes = changes
        self.begun = False
        self.stopped: Verdict | None = None
        self._label = label
        self._may_look_up = may_look_up
        self._about = about
        self._wanted: Callable[[], bool] = lambda: True
        self._failed = 0

    def hold(self, provider: Provider, *, wanted: Callable[[], bool]) -> Iterator[Verdicts]:
        """First what may be there already, then what is new, then what has changed.

        Nothing more is said when it is not ``wanted`` any longer.
        """
        self.begun, self._wanted = True, wanted
        unsure = [each for each in self.changes if each.adds and each.unsure]
        if unsure and not self._over:
            yield from self._find(unsure, provider)
        yield from self._send_adds([each for each in self.changes if each.adds and not each.unsure], provider)
        for each in self.changes:
            if not each.adds:
                yield from self._send_one(each, provider)

    def without_sending(self, error: ProviderError, sent: Sent) -> Verdict:
        """The provider could not even be called."""
        return self._heeded(settle.without_sending(error, self._attempt(sent)))

    @property
    def _over(self) -> bool:
        return self.stopped is not None or not self._wanted()

    def _send_adds(self, adds: Sequence[Sent], provider: Provider) -> Iterator[Verdicts]:
        if len(adds) < 2:
            for each in adds:
                yield from self._send_one(each, provider)
        elif not self._over:
            outcomes = dict(zip(adds, _pushed_together(provider, adds), strict=True))
            verdicts = {each: settle.verdict(outcome, self._attempt(each)) for each, outcome in outcomes.items()}
            yield {each: self._heeded(told) for each, told in verdicts.items() if isinstance(told, Verdict)}
            for each, told in verdicts.items():
                if told is Step.LOOK_UP:
                    yield from self._settle(each, outcomes[each], provider)

    def _send_one(self, sent: Sent, provider: Provider) -> Iterator[Verdicts]:
        if not self._over:
            yield from self._settle(sent, _pushed(provider, sent.change), provider)

    def _settle(self, sent: Sent, outcome: Outcome, provider: Provider) -> Iterator[Verdicts]:
        attempt = self._attempt(sent)
        verdict = settle.verdict(outcome, attempt)
        if isinstance(verdict, Verdict):
            yield {sent: self._heeded(verdict)}
        elif not self._over:
            if isinstance(outcome, AlreadyThere):
                yield from self._look_at(sent, outcome, provider)
            else:
                yield from self._find([sent], provider)
        elif isinstance(outcome, ProviderError):
            yield {sent: self._heeded(settle.without_sending(outcome, self._doubt(sent)))}

    def _look_at(self, sent: Sent, taken: AlreadyThere, provider: Provider) -> Iterator[Verdicts]:
        """The reference was taken when this was sent for the first time: by what was sent before it was mended?"""
        verdict = self._looked_for(sent, provider)
        told = verdict if isinstance(verdict, Verdict) else settle.still_unknown(taken, self._doubt(sent))
        yield {sent: self._heeded(replace(told, older=True))}

    def _find(self, lost: Sequence[Sent], provider: Provider) -> Iterator[Verdicts]:
        """Are they there? Those that are not are sent once more, under the same references.

        Of many, nobody begins with the next when nothing more is wanted; a single one is seen through to a verdict.
        """
        missing: list[Sent] = []
        for each in lost:
            if each is not lost[0] and self._over:
                return
            told = self._looked_for(each, provider) if self._may_look_up else settle.cannot_look_up(self._doubt(each))
            if isinstance(told, Verdict):
                yield {each: self._heeded(told)}
            else:
                missing.append(each)
        for some in _parted(missing):
            if len(lost) == 1 or not self._over:
                outcomes = zip(some, _pushed_together(provider, some), strict=True)
                yield {each: self._heeded(self._sent_again(each, outcome, provider)) for each, outcome in outcomes}

    def _sent_again(self, sent: Sent, outcome: Outcome, provider: Provider) -> Verdict:
        """If it is there by now, the first request may have been late: that is looked up too, unless it is over."""
        verdict = settle.verdict(outcome, self._doubt(sent))
        if isinstance(outcome, AlreadyThere) and self.stopped is None:
            verdict = self._looked_for(sent, provider)
        if isinstance(outcome, ProviderError) and isinstance(verdict, Step):
            verdict = settle.still_unknown(outcome, self._doubt(sent))
        assert isinstance(verdict, Verdict)
        return verdict

    def _looked_for(self, sent: Sent, provider: Provider) -> Verdict | Step:
        return settle.after_look_up(_looked_up(provider, sent.change.reference), self._doubt(sent))

    def _doubt(self, sent: Sent) -> Attempt:
        """It may have arrived."""
        return replace(self._attempt(sent), unsure=True)

    def _attempt(self, sent: Sent) -> Attempt:
        return Attempt(
            change=sent.change,
            label=self._label,
            tries=sent.row.attempts,
            jitter=chance(),
            about=self._about,
            may_look_up=self._may_look_up,
            unsure=sent.unsure,
            others_went=sent.others_went,
        )

    def _heeded(self, verdict: Verdict) -> Verdict:
        self._failed = self._failed + 1 if verdict.alone else 0
        if verdict.alone and self._failed < MOST_ALONE:
            verdict = replace(verdict, stops=False)
        if verdict.stops:
            self.stopped = verdict
        return verdict


def _parted(missing: Sequence[Sent]) -> Sequence[Sequence[Sent]]:
    """Those that go together, and each by itself that has failed together with others."""
    together = [each for each in missing if each.row.attempts <= MOST_TOGETHER]
    alone = [[each] for each in missing if each not in together]
    return [together, *alone] if together else alone


def _pushed_together(provider: Provider, adds: Sequence[Sent]) -> Sequence[Outcome]:
    if len(adds) == 1:
        return [_pushed(provider, adds[0].change)]
    try:
        return provider.push_many([each.change for each in adds])
    except ProviderError as error:  # nothing was sent
        return [error] * len(adds)


def _pushed(provider: Provider, change: Change) -> Outcome:
    try:
        return provider.push(change)
    except ProviderError as error:
        return error


def _looked_up(provider: Provider, reference: str) -> Receipt | ProviderError | None:
    try:
        return provider.look_up(reference)
    except ProviderError as error:
        return error
