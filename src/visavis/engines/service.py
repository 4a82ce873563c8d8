"""A service elsewhere that speaks OpenAI's HTTP: how it is asked, and whether it is there."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Annotated, Any, Final, TypeAlias, TypeVar

import httpx
from pydantic import AfterValidator

from visavis.core.errors import VisavisError
from visavis.core.web_address import web_address
from visavis.engines.health import Health
from visavis.engines.watch import Watch

T = TypeVar("T")

ServiceAddress: TypeAlias = Annotated[str, AfterValidator(web_address)]
"""Where a service is, `http` or `https`; it is asked there, and never where it would send us."""

CONNECT_TIMEOUT_S: Final = 5.0
_LOOK_TIMEOUT_S: Final = 3.0
_FIRST_PAUSE_S: Final = 0.1
_LONGEST_MESSAGE: Final = 300
_VERSIONED: Final = re.compile(r"/v\d+(beta\d*)?$")
_NOUN: Final = {
    "stt": "speech recognition service",
    "tts": "voice service",
    "llm": "language model server",
    "embedder": "embedding service",
}
_OWN_RHYTHM: Final = (3.0, 2.0)
_FOREIGN_RHYTHM: Final = (20.0, 5.0)
"""Seconds between two looks at a service of ours, and at one that may be somebody's who counts requests."""


def api_root(base_url: str) -> str:
    """The URL under which the routes lie: `base_url` with `/v1` unless it names a version already."""
    root = base_url.strip().rstrip("/")
    return root if _VERSIONED.search(root) else f"{root}/v1"


class Service:
    """One OpenAI-shaped service, behind one engine.

    A call that fails because the service is away, or too busy, is made again with growing pauses for as long as its
    caller has patience; once the service has been away for longer than that, calls fail at once until it is back,
    which is noticed without a call. `health` says how it is. Errors: `<part>.unavailable`, `<part>.timeout`, and the
    service's own code when it begins with `<part>.`.
    """

    def __init__(
        self,
        part: str,
        base_url: str,
        *,
        api_key: str = "",
        timeout_s: float = 30.0,
        refuse: Callable[[httpx.Response], VisavisError | None] | None = None,
    ) -> None:
        """`part` is the kind of engine; `timeout_s` the longest wait for an answer and for each piece of one;
        `refuse` may translate an answer that is no success."""
        self.part = part
        self.health = Health()
        self.offer: Mapping[str, Any] = {}
        """What a service of ours says of its engine (`/v1/engines`); empty for any other."""
        self.models: tuple[str, ...] = ()
        """The models that another service offers."""
        self._root = api_root(base_url)
        self._timeout_s = timeout_s
        self._refuse = refuse
        self._foreign = False
        headers = {"Authorization": f"Bearer {api_key}"} if api_key else {}
        timeout = httpx.Timeout(timeout_s, connect=min(CONNECT_TIMEOUT_S, timeout_s))
        self._client = httpx.AsyncClient(headers=headers, timeout=timeout)
        self._watch = Watch(self._look, self.health, self._rhythm)

    @property
    def ours(self) -> bool:
        """Whether it is one of visavis, which understands what we add to OpenAI's requests."""
        return bool(self.offer)

    async def look(self) -> None:
        """Asks the service how it is, and goes on asking from then on. Raises the VisavisError that it fails with."""
        error = await self._look()
        self._watch.start()
        if error is not None:
            self.health.fail(error)
            raise error
        self.health.recover()

    async def post(self, path: str, *, patience: float, **content: Any) -> httpx.Response:
        """The whole answer to a request; `content` as httpx takes it. Raises VisavisError."""

        async def ask() -> httpx.Response:
            response = await self._unless_away(self._client.post(f"{self._root}/{path}", **content))
            if not response.is_success:
                raise self.refused(response)
            return response

        return await self._call(ask, patience)

    @asynccontextmanager
    async def open(self, path: str, body: Mapping[str, Any], *, patience: float) -> AsyncIterator[httpx.Response]:
        """The answer to a request, while it comes; leaving the context ends it. Raises VisavisError; while the answer
        is read httpx raises, see `translated`."""
        async with AsyncExitStack() as stack:

            async def ask() -> httpx.Response:
                request = self._client.stream("POST", f"{self._root}/{path}", json=dict(body))
                response = await stack.enter_async_context(request)
                if not response.is_success:
                    await response.aread()
                    raise self.refused(response)
                return response

            yield await self._call(ask, patience)

    async def aclose(self) -> None:
        """Ends the looking and closes the connections."""
        await self._watch.aclose()
        await self._client.aclose()

    # What went wrong -------------------------------------------------------------------------------------------

    def unavailable(self, what: str, *, retryable: bool = False) -> VisavisError:
        """An error in the service's name."""
        return VisavisError(f"{self.part}.unavailable", f"The {_NOUN[self.part]} {what}.", retryable=retryable)

    def translated(self, error: Exception) -> VisavisError:
        """What an error of httpx means; from here on the service is taken to be away when it has gone."""
        if isinstance(error, httpx.InvalidURL | httpx.UnsupportedProtocol):
            return self.unavailable("has no valid address; set one that begins with http:// or https://")
        if isinstance(error, httpx.TimeoutException) and not isinstance(error, httpx.ConnectTimeout):
            self._watch.hurry()
            waited = f"was silent for {self._timeout_s:g} s; use a smaller model or wait longer"
            return VisavisError(f"{self.part}.timeout", f"The {_NOUN[self.part]} {waited}.", retryable=True)
        if isinstance(error, httpx.ConnectError | httpx.ConnectTimeout):
            failure = self.unavailable("does not answer; start it or change its address", retryable=True)
        else:
            failure = self.unavailable("broke the answer off", retryable=True)
        self.health.fail(failure)
        return failure

    def refused(self, response: httpx.Response) -> VisavisError:
        """What an answer that is no success means."""
        special = self._refuse(response) if self._refuse is not None else None
        special = special or self._own_words(response)
        if special is not None:
            return special
        status = response.status_code
        if status in {401, 403}:
            return self.unavailable(f"refuses the key; check VISAVIS_{self.part.upper()}_API_KEY")
        if status == 404:
            return self.unavailable("does not know that model or request; check its address and model")
        if status == 429:
            return self.unavailable("is asked too often; try again in a while", retryable=True)
        if status >= 500:
            return self.unavailable(f"failed with status {status}", retryable=True)
        return self.unavailable(f"refused the request with status {status}; check its address and model")

    def _own_words(self, response: httpx.Response) -> VisavisError | None:
        """The error that a service of ours had itself."""
        try:
            error = response.json()["error"]
            code, message = str(error["code"]), str(error["message"])
        except (ValueError, LookupError, TypeError):
            return None
        if not code.startswith(f"{self.part}."):
            return None
        again = response.status_code == 429 or response.status_code >= 500
        return VisavisError(code, message[:_LONGEST_MESSAGE], retryable=again)

    # Asking ----------------------------------------------------------------------------------------------------

    async def _call(self, ask: Callable[[], Awaitable[T]], patience: float) -> T:
        if self._client.is_closed:
            raise self.unavailable("has been left; start visavis again")
        self._watch.start()
        clock = asyncio.get_running_loop().time
        deadline, pause = clock() + patience, _FIRST_PAUSE_S
        while True:
            await self._admitted(patience, deadline)
            try:
                return await ask()
            except VisavisError as error:
                failure = error
            except (httpx.HTTPError, httpx.InvalidURL) as error:
                failure = self.translated(error)
            if not failure.retryable or clock() + pause > deadline:
                raise failure
            await asyncio.sleep(pause)
            pause *= 2

    async def _admitted(self, patience: float, deadline: float) -> None:
        """Returns when the service is well. Raises what it fails with once patience has run out."""
        error = self.health.error
        if error is None:
            return
        if self.health.away < patience:
            try:
                async with asyncio.timeout_at(deadline):
                    await self.health.until_well()
                return
            except TimeoutError:
                error = self.health.error or error
        raise _again(error)

    async def _unless_away(self, answer: Coroutine[Any, Any, httpx.Response]) -> httpx.Response:
        """The answer, unless the service is found to have gone meanwhile: one that hangs breaks no connection."""
        asking = asyncio.create_task(answer)
        going = asyncio.create_task(self.health.until_ill())
        try:
            await asyncio.wait((asking, going), return_when=asyncio.FIRST_COMPLETED)
            if not asking.done() and self.health.error is not None:
                raise _again(self.health.error)
            return await asking
        finally:
            for task in (asking, going):
                task.cancel()
            await asyncio.gather(asking, going, return_exceptions=True)

    # Looking ---------------------------------------------------------------------------------------------------

    def _rhythm(self) -> tuple[float, float]:
        return _OWN_RHYTHM if self.ours else _FOREIGN_RHYTHM

    async def _look(self) -> VisavisError | None:
        try:
            error = await self._ask_how_it_is()
        except (httpx.HTTPError, httpx.InvalidURL) as failed:
            error = self._unseen(failed)
        self._foreign = self._foreign and error is None
        return error

    async def _ask_how_it_is(self) -> VisavisError | None:
        if not self._foreign:
            reply = await self._client.get(f"{self._root}/engines", timeout=_LOOK_TIMEOUT_S)
            offer = _offer(reply, self.part)
            if offer is not None:
                self.offer = offer
                ready = offer.get("state") == "ready"
                return None if ready else self.unavailable(f"is not ready{_because(offer)}", retryable=True)
            self.offer, self._foreign = {}, reply.status_code < 500
        reply = await self._client.get(f"{self._root}/models", timeout=_LOOK_TIMEOUT_S)
        if reply.status_code in {401, 403} or reply.status_code >= 500:
            return self.refused(reply)
        self.models = _ids(reply)
        return None

    def _unseen(self, error: Exception) -> VisavisError:
        if isinstance(error, httpx.TimeoutException):
            silent = f"was silent for {_LOOK_TIMEOUT_S:g} s; look whether it still works"
            return VisavisError(f"{self.part}.timeout", f"The {_NOUN[self.part]} {silent}.", retryable=True)
        if isinstance(error, httpx.InvalidURL | httpx.UnsupportedProtocol):
            return self.translated(error)
        return self.unavailable("does not answer; start it or change its address", retryable=True)


def _again(error: VisavisError) -> VisavisError:
    return VisavisError(error.code, error.message, retryable=error.retryable)


def _offer(reply: httpx.Response, part: str) -> Mapping[str, Any] | None:
    """What `/v1/engines` says of the engine of that kind; None when this is no answer of visavis."""
    try:
        engines = reply.json()["data"] if reply.is_success else ()
        return next((one for one in engines if one["kind"] == part and "state" in one), None)
    except (ValueError, LookupError, TypeError):
        return None


def _because(offer: Mapping[str, Any]) -> str:
    detail = str(offer.get("detail") or "").strip().rstrip(".")
    return f": {detail[:_LONGEST_MESSAGE]}" if detail else ""


def _ids(reply: httpx.Response) -> tuple[str, ...]:
    try:
        return tuple(str(one["id"]) for one in reply.json()["data"] or ()) if reply.is_success else ()
    except (ValueError, LookupError, TypeError):
        return ()
