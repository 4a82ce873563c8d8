"""One connected person with one avatar."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable

from visavis.core.commands import (
    AddItem,
    AppendAudio,
    CancelResponse,
    ClearAudio,
    Command,
    CommitAudio,
    Configure,
    CreateResponse,
    DeleteItem,
    ReportPlayback,
    RetrieveItem,
    TruncateItem,
)
from visavis.core.events import (
    Event,
    InputCleared,
    ItemAdded,
    ItemDeleted,
    ItemRetrieved,
    ItemTruncated,
    LanguageChanged,
    Notice,
    Refused,
)
from visavis.core.session import SessionOptions, SessionState
from visavis.live.ambient import Ambient
from visavis.live.ear import Ear
from visavis.live.floor import Floor
from visavis.live.listen import Listener
from visavis.live.memory import Memory
from visavis.live.presence import Presence
from visavis.live.recall import Recall
from visavis.live.resources import Resources
from visavis.live.transport import Transport
from visavis.live.turns import Turns

_MOST_ITEMS = 1000
"""Of a conversation, as far as a client may add them."""

_AT_A_TIME = 0.1
"""Seconds of sound that are heard before others have their turn."""


class _HungUpError(Exception):
    """Ends the session's tasks."""


class _Observed:
    """A transport whose every event is also seen by an observer."""

    def __init__(self, transport: Transport, observe: Callable[[Event], None]) -> None:
        self._transport = transport
        self._observe = observe
        self.commands: Callable[[], AsyncIterator[Command]] = transport.commands
        self.flush: Callable[[], None] = transport.flush

    def emit(self, event: Event) -> None:
        """Queues an event; never blocks."""
        self._transport.emit(event)
        self._observe(event)

    async def writable(self) -> None:
        """Waits until the way out has room for more audio."""
        await self._transport.writable()


class Session:
    """Runs one conversation over one transport; what it remembers is in `memory`, which may outlive it."""

    def __init__(self, memory: Memory, resources: Resources, transport: Transport) -> None:
        self.memory = memory
        self._resources = resources
        self._transport: Transport = _Observed(transport, resources.observe)
        self._ended = asyncio.Event()
        self._moving = asyncio.Event()
        self._activity = 0.0
        self._state: Callable[[], SessionState] = lambda: "idle"

    def hang_up(self) -> None:
        """Ends the session; `run` returns soon after."""
        self._ended.set()

    @property
    def quiet(self) -> bool:
        """Whether nobody speaks or thinks now."""
        return self._state() == "idle"

    async def run(self) -> None:
        """Serves the client until it is gone, has been idle too long, or `hang_up` is called."""
        try:
            async with asyncio.TaskGroup() as group:
                self._assemble(group)
                group.create_task(self._serve())
                group.create_task(self._watch())
                await self._ended.wait()
                if self._floor.active is not None:
                    self._floor.interrupt(self._floor.active, "client_cancelled")
                raise _HungUpError
        except* _HungUpError:
            pass

    def _assemble(self, group: asyncio.TaskGroup) -> None:
        resources, memory, transport = self._resources, self.memory, self._transport
        vad = resources.engines.vad
        detection = memory.options.turn_detection
        self._ear = Ear(vad.stream(), vad.capabilities, detection.threshold if detection else 0.5)
        ambient = Ambient(resources.animators.ambient(), transport.emit)
        presence = Presence(transport, ambient.animator)
        self._state = lambda: presence.state
        recall = Recall(memory, group.create_task)
        turns = Turns(memory, resources, transport, ear=self._ear, presence=presence, recall=recall)
        self._floor = Floor(memory, resources, transport, ear=self._ear, presence=presence, turns=turns, group=group)
        self._listener = Listener(
            self._ear, resources.engines.turn_detector, self._floor, group.create_task, resources.options.listen
        )
        turns.on_understood = self._reconsider
        self._buffer_start = 0.0
        self._configure(memory.options)
        group.create_task(ambient.run(self._moving))

    async def _serve(self) -> None:
        self._activity = asyncio.get_running_loop().time()
        heard = 0.0
        async for command in self._transport.commands():
            self._do(command)
            if isinstance(command, AppendAudio):
                heard += command.audio.duration
                if heard < _AT_A_TIME:
                    continue
            elif not isinstance(command, ReportPlayback):
                self._activity = asyncio.get_running_loop().time()
            # A client that sends much at once must not keep the others waiting.
            heard = 0.0
            await asyncio.sleep(0)
        self._ended.set()

    async def _watch(self) -> None:
        limit = self._resources.options.idle_timeout
        clock = asyncio.get_running_loop().time
        while True:
            await asyncio.sleep(limit / 8)
            if not self.quiet:
                self._activity = clock()
            if clock() - self._activity >= limit:
                message = "The conversation was idle for too long and has been ended; reconnect to go on."
                self._transport.emit(Notice("session.idle", message, "warning"))
                self._ended.set()

    def _reconsider(self) -> None:
        detection = self.memory.options.turn_detection
        if detection is not None:
            self._listener.reconsider(detection)

    def _do(self, command: Command) -> None:
        match command:
            case AppendAudio():
                self._hear(command)
            case ReportPlayback():
                self._report(command)
            case Configure():
                self._configure(command.options)
            case CommitAudio():
                self._commit(command)
            case ClearAudio():
                self._listener.abandon()
                self._ear.forget()
                self._buffer_start = self._ear.time
                self._transport.emit(InputCleared())
            case CreateResponse():
                error = self._floor.respond(command.modality)
                if error is not None:
                    self._refuse(error.code, error.message, command.event_id)
            case CancelResponse():
                if not self._floor.cancel(command.response_id):
                    self._refuse("response_cancel_not_active", "There is no answer to cancel.", command.event_id)
            case AddItem() | DeleteItem() | RetrieveItem() | TruncateItem():
                self._edit(command)

    def _hear(self, command: AppendAudio) -> None:
        detection = self.memory.options.turn_detection
        if detection is not None:
            self._listener.hear(command.audio, detection)
            return
        for _ in self._ear.push(command.audio, asyncio.get_running_loop().time()):
            pass

    def _configure(self, options: SessionOptions) -> None:
        if (options.turn_detection is None) != (self.memory.options.turn_detection is None):
            self._listener.abandon()
            self._buffer_start = self._ear.time
        self.memory.options = options
        if options.motion:
            self._moving.set()
        else:
            self._moving.clear()
        if options.language is not None and options.language != self.memory.language:
            self.memory.language = options.language
            self._transport.emit(LanguageChanged(options.language))

    def _commit(self, command: CommitAudio) -> None:
        self._listener.abandon()
        if self._floor.commit(self._buffer_start):
            self._buffer_start = self._ear.time
        else:
            message = "The input audio buffer holds less than 100 ms of audio; append audio before committing."
            self._refuse("input_audio_buffer_commit_empty", message, command.event_id)

    def _report(self, command: ReportPlayback) -> None:
        active = self._floor.active
        now = asyncio.get_running_loop().time()
        if active is not None and active.response.item_id == command.item_id:
            active.response.playout.report(command.position, command.playing, now)
        elif command.item_id in self.memory.answers:
            self.memory.answers[command.item_id].report(command.position, command.playing, now)

    def _edit(self, command: AddItem | DeleteItem | RetrieveItem | TruncateItem) -> None:
        match command:
            case AddItem(message=message):
                if message.id and self.memory.conversation.find(message.id):
                    self._refuse("item.exists", f"There is an item '{message.id}' already.", command.event_id)
                    return
                if len(self.memory.conversation.messages) >= _MOST_ITEMS:
                    sentence = f"The conversation holds {_MOST_ITEMS} items, as many as may be; delete some first."
                    self._refuse("conversation.full", sentence, command.event_id)
                    return
                previous = command.previous_item_id or self.memory.last_item
                self.memory.add(message, command.previous_item_id)
                self._transport.emit(ItemAdded(message, None if previous == "root" else previous))
            case DeleteItem(item_id=item_id):
                if self.memory.remove(item_id):
                    self._transport.emit(ItemDeleted(item_id))
                else:
                    self._unknown(item_id, command.event_id)
            case RetrieveItem(item_id=item_id):
                found = self.memory.conversation.find(item_id)
                if found is not None:
                    self._transport.emit(ItemRetrieved(found))
                else:
                    self._unknown(item_id, command.event_id)
            case TruncateItem(item_id=item_id):
                self._truncate(command)

    def _truncate(self, command: TruncateItem) -> None:
        active = self._floor.active
        if active is not None and active.response.item_id == command.item_id:
            now = asyncio.get_running_loop().time()
            active.response.playout.report(command.audio_end, False, now)
            self._floor.interrupt(active, "client_cancelled")
            return
        heard = self.memory.truncate(command.item_id, command.audio_end)
        if heard is None:
            self._unknown(command.item_id, command.event_id)
        else:
            self._transport.emit(ItemTruncated(command.item_id, command.audio_end, heard))

    def _unknown(self, item_id: str, event_id: str | None) -> None:
        self._refuse("item.unknown", f"The conversation has no item '{item_id}'.", event_id)

    def _refuse(self, code: str, message: str, event_id: str | None) -> None:
        self._transport.emit(Refused(code, message, event_id))
