"""A programmable far end: what it answers next, and what it was asked."""

from collections.abc import Callable, Iterable

import httpx

type Answer = httpx.Response | Exception | Callable[[httpx.Request], httpx.Response]


class Wire(httpx.MockTransport):
    """Gives its answers in turn, the last one for ever."""

    def __init__(self, *answers: Answer) -> None:
        super().__init__(self._answer)
        self.answers = list(answers)
        self.requests: list[httpx.Request] = []

    def _answer(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Exception):
            raise answer
        return answer(request) if callable(answer) else _fresh(answer)


class Routes(httpx.MockTransport):
    """Answers by "METHOD /path" below /api/v3; 404 elsewhere. A list gives its answers in turn, the last for ever."""

    def __init__(self, routes: dict[str, Answer | list[Answer]] | None = None) -> None:
        super().__init__(self._answer)
        self.routes: dict[str, list[Answer]] = {}
        self.requests: list[httpx.Request] = []
        for name, answer in (routes or {}).items():
            self.on(name, answer)

    def on(self, name: str, answer: Answer | list[Answer] | object) -> None:
        self.routes[name] = [_as_answer(each) for each in answer] if _is_turns(answer) else [_as_answer(answer)]

    def asked(self) -> list[str]:
        return [f"{each.method} {_path(each)}" for each in self.requests]

    def _answer(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        answers = self.routes.get(f"{request.method} {_path(request)}", [httpx.Response(404, json={})])
        answer = answers.pop(0) if len(answers) > 1 else answers[0]
        if isinstance(answer, Exception):
            raise answer
        return answer(request) if callable(answer) else _fresh(answer)


class Turns(list):
    """Answers to be given one after the other."""


def turns(*answers: object) -> Turns:
    return Turns(answers)


def _is_turns(answer: object) -> bool:
    return isinstance(answer, Turns)


def _as_answer(answer: object) -> Answer:
    if isinstance(answer, httpx.Response | Exception) or callable(answer):
        return answer
    return httpx.Response(200, json=answer)


def _fresh(answer: httpx.Response) -> httpx.Response:
    return httpx.Response(answer.status_code, headers=answer.headers, content=answer.content)


def _path(request: httpx.Request) -> str:
    return request.url.raw_path.decode().removeprefix("/api/v3")


def bodies(requests: Iterable[httpx.Request]) -> list[bytes]:
    return [each.read() for each in requests]
