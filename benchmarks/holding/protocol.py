"""A browser without a screen: signs in over HTTP, opens the websocket, speaks the framework's protobuf messages."""

import asyncio
import re
import ssl
import time
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from urllib.parse import parse_qsl, urlencode

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import WebSocketException

OLD = 2  # runs after which a browser forgets a message that it has not needed (global.maxCachedMessageAge)
LONGEST = 60  # seconds that a redraw may take
_TITLE = re.compile(r"<h1 class='page'>(.*?)</h1>")


class LostError(Exception):
    """The connection is gone, or could not be made."""


@dataclass(frozen=True)
class Place:
    """Where to ask: a port of this machine, with TLS where a certificate is given."""

    port: int
    certificate: str = ""

    @property
    def origin(self) -> str:
        return f"https://localhost:{self.port}" if self.certificate else f"http://localhost:{self.port}"

    def trust(self) -> ssl.SSLContext | None:
        return ssl.create_default_context(cafile=self.certificate) if self.certificate else None


@dataclass
class Screen:
    """What the last run of the script has put on the page, as far as it is looked at."""

    html: list[str] = field(default_factory=list)
    said: list[str] = field(default_factory=list)  # titles and coloured boxes of the framework
    lists: dict[str, object] = field(default_factory=dict)  # label → selectbox or button_group
    pages: dict[str, str] = field(default_factory=dict)  # address → hash of the page
    page: str = ""  # the hash of the page that was drawn
    query: str | None = None  # the address that the script has written, if it has
    broken: str = ""  # an error that the page shows

    @property
    def title(self) -> str:
        return next((found[1] for each in self.html if (found := _TITLE.search(each))), "")


class Browser:
    """One reader's browser. `source` is the address of this machine that it calls from; `marks` must never come."""

    def __init__(self, place: Place, source: str, marks: re.Pattern[bytes] | None = None):
        self.place, self.source, self.marks = place, source, marks
        self.cookies: dict[str, str] = {}
        self.screen, self.query, self.strange = Screen(), "", set[str]()
        self.received = 0  # bytes
        self.began = 0.0  # when the last run was asked for
        self._trust = place.trust()
        self._socket: ClientConnection | None = None
        self._session, self._path = "", ""
        self._states: list[WidgetState] = []  # taken on the page, and no run has yet ended that knows of it
        self._kept: dict[str, tuple[ForwardMsg, int]] = {}  # hash → a message, and the run that needed it last
        self._run = 0

    async def ask(self, path: str, form: dict[str, str] | None = None) -> int:
        """One HTTP request as a browser makes it for a page; the status. Raises LostError."""
        body = urlencode(form).encode() if form else b""
        lines = [f"{'POST' if form else 'GET'} {path} HTTP/1.1", f"Host: {self.place.origin.split('//')[1]}"]
        lines += ["Accept: text/html", "Connection: close", f"Origin: {self.place.origin}", f"Cookie: {self._cookie()}"]
        if form:
            lines += ["Content-Type: application/x-www-form-urlencoded", f"Content-Length: {len(body)}"]
        try:
            async with asyncio.timeout(20):
                told = await self._answer("\r\n".join(lines).encode() + b"\r\n\r\n" + body)
        except (OSError, TimeoutError) as error:
            raise LostError(f"{path}: {type(error).__name__}") from error
        head = told.partition(b"\r\n\r\n")[0].decode("latin-1").split("\r\n")
        if not head[0].startswith("HTTP/"):
            raise LostError(f"{path}: no answer")
        for line in head[1:]:
            if line.lower().startswith("set-cookie:"):
                for name, each in SimpleCookie(line.partition(":")[2].strip()).items():
                    self.cookies[name] = each.value
        return int(head[0].split()[1])

    async def _answer(self, request: bytes) -> bytes:
        name = "localhost" if self._trust else None
        reader, writer = await asyncio.open_connection(
            "127.0.0.1", self.place.port, ssl=self._trust, server_hostname=name, local_addr=(self.source, 0)
        )
        try:
            writer.write(request)
            return await reader.read()
        finally:
            writer.close()

    def _cookie(self) -> str:
        return "; ".join(f"{name}={value}" for name, value in self.cookies.items())

    async def sign_in(self, account: str, password: str) -> None:
        """Raises PermissionError where it is refused."""
        await self.ask("/dang-nhap")
        status = await self.ask("/dang-nhap", {"account": account, "password": password, "next": "/"})
        if status != 303:
            raise PermissionError(f"{account}: {status}; expected 303")

    async def open(self, path: str, asked: dict[str, str]) -> None:
        """Open an address in a fresh tab: the page, its settings, the socket, the first run. Raises LostError."""
        await self.close()
        self.query, self._path, self._session, self.screen = urlencode(asked), path, "", Screen()
        self._kept.clear()
        self._states = []
        await self.connect()
        await self.rerun(path=path)

    async def connect(self) -> None:
        """The page and the socket, with the session that was there before, if one was. Raises LostError."""
        for path in (f"/{self._path}", "/_stcore/host-config"):
            status = await self.ask(path)
            if status != 200:
                raise LostError(f"{path or '/'}: {status}")
        await self._connect()

    async def _connect(self) -> None:
        kind, rest = ("wss" if self._trust else "ws"), self.place.origin.split("//")[1]
        told = ["streamlit", "PLACEHOLDER_AUTH_TOKEN", *([self._session] if self._session else [])]
        how = {"ssl": self._trust, "server_hostname": "localhost"} if self._trust else {}
        try:
            self._socket = await connect(
                f"{kind}://{rest}/_stcore/stream", host="127.0.0.1", port=self.place.port, origin=self.place.origin,
                subprotocols=told, additional_headers={"Cookie": self._cookie()}, local_addr=(self.source, 0),
                max_size=None, ping_interval=None, open_timeout=20, close_timeout=1, **how,
            )  # fmt: skip
        except (OSError, TimeoutError, WebSocketException) as error:
            raise LostError(f"socket: {type(error).__name__}") from error

    async def close(self) -> None:
        if self._socket:
            await self._socket.close()
            self._socket = None

    async def is_lost_within(self, seconds: float) -> bool:
        """Wait so long, or until the connection is gone."""
        try:
            await asyncio.wait_for(self._socket.wait_closed(), seconds)
        except TimeoutError:
            return False
        return True

    def offers(self, label: str, option: str) -> bool:
        """Whether there is a list that can be changed to an option: it stands in it, and is not the one taken.

        A unit stands in it by what it was called in the period; taking anew what is taken tells the program nothing.
        """
        widget = self.screen.lists.get(label)
        if widget is None or hasattr(widget, "click_mode"):  # alternatives side by side: all of them can be seen
            return widget is not None
        return option in widget.options and option != widget.options[widget.default]

    async def choose(self, label: str, option: str) -> None:
        """Take an option of a list or of alternatives side by side, by its words. Raises LostError, KeyError."""
        widget = self.screen.lists[label]
        if hasattr(widget, "click_mode"):
            state = WidgetState(id=widget.id)
            state.string_array_value.data.append(option)
        else:
            state = WidgetState(id=widget.id, string_value=option)
        self._states = [state]
        await self.rerun(page=self.screen.page)

    async def go_to(self, address: str) -> None:
        """Another page by the table of contents: the address is emptied. Raises LostError, KeyError."""
        self.query, self._path = "", address
        await self.rerun(page=self.screen.pages[address])

    async def rerun(self, path: str = "", page: str = "") -> None:
        """Ask for a run as the browser does, and take in what comes until it has ended. Raises LostError."""
        self._run += 1
        self._kept = {key: each for key, each in self._kept.items() if self._run - each[1] <= OLD}
        message = BackMsg()
        told = message.rerun_script
        told.query_string, told.page_script_hash, told.page_name = self.query, page, path
        told.widget_states.widgets.extend(self._states)
        told.cached_message_hashes.extend(self._kept)
        told.context_info.timezone, told.context_info.locale = "Asia/Ho_Chi_Minh", "vi"
        told.context_info.url = f"{self.place.origin}/{self._path}"
        self.began = time.monotonic()
        try:
            await self._socket.send(message.SerializeToString())
            async with asyncio.timeout(LONGEST):
                while not self._take(await self._socket.recv()):
                    pass
        except (OSError, WebSocketException) as error:
            raise LostError(f"socket: {type(error).__name__}") from error
        self._states = []
        if self.screen.query is not None:
            self.query = self.screen.query

    async def again(self) -> None:
        """The same page anew: what a browser asks for when it has come back.

        One that was cut off before it was told which page it draws comes back on the first one, and its address does.
        """
        await self.rerun(path=self._path, page=self.screen.page)
        self._path = next((path for path, each in self.screen.pages.items() if each == self.screen.page), self._path)

    @property
    def path(self) -> str:
        """The page that stands in the address."""
        return self._path

    def asked(self) -> dict[str, str]:
        """The choice that stands in the address."""
        return dict(parse_qsl(self.query))

    def _take(self, data: bytes) -> bool:
        """Take in one message; whether the run has ended with it."""
        self.received += len(data)
        if self.marks:
            self.strange.update(each.decode() for each in self.marks.findall(data))
        message = ForwardMsg.FromString(data)
        kind = message.WhichOneof("type")
        if kind == "ref_hash":
            message = self._kept[message.ref_hash][0]
            kind = message.WhichOneof("type")
        if message.hash and message.metadata.cacheable:
            self._kept[message.hash] = message, self._run
        if kind == "script_finished":
            return self._ended(message.script_finished)
        getattr(self, f"_on_{kind}", lambda told: None)(getattr(message, kind))
        return False

    def _on_delta(self, told: object) -> None:
        if told.WhichOneof("type") == "new_element":
            _put(self.screen, told.new_element)

    def _on_new_session(self, told: object) -> None:
        self.screen = Screen(pages=self.screen.pages, page=told.page_script_hash)
        self._session = told.initialize.session_id or self._session

    def _on_navigation(self, told: object) -> None:
        self.screen.pages = {each.url_pathname: each.page_script_hash for each in told.app_pages}
        self.screen.page = told.page_script_hash or self.screen.page

    def _on_page_info_changed(self, told: object) -> None:
        self.screen.query = told.query_string

    def _on_page_not_found(self, told: object) -> None:
        self.screen.broken = "page not found"

    def _ended(self, how: int) -> bool:
        if how == ForwardMsg.FINISHED_WITH_COMPILE_ERROR:
            self.screen.broken = "script failed"
        return how != ForwardMsg.FINISHED_EARLY_FOR_RERUN  # then another run follows by itself


def _put(screen: Screen, element: object) -> None:
    """An element on the page, if it is one of those that are looked at."""
    kind = element.WhichOneof("type")
    if kind == "html":
        screen.html.append(element.html.body)
    elif kind == "exception":
        screen.broken = f"exception {element.exception.type}"
    elif kind in ("selectbox", "button_group"):
        screen.lists[getattr(element, kind).label] = getattr(element, kind)
    elif kind in ("alert", "heading", "markdown"):
        screen.said.append(getattr(element, kind).body)
