"""WebDriver BiDi: the W3C's JSON messages over a WebSocket, as far as the tests need them.

A browser as a distribution ships it speaks this language, and no driver has to be installed beside it.
"""

from __future__ import annotations

import base64
import json
import os
import socket
import struct
from collections.abc import Callable
from typing import Any

__all__ = ["Session", "WebSocket"]

TEXT, CLOSE, PING, PONG = 0x1, 0x8, 0x9, 0xA
FINAL = MASKED = 0x80


class WebSocket:
    """The client's end of RFC 6455: text messages, and answers to pings."""

    def __init__(self, host: str, port: int, path: str, timeout: float) -> None:
        self._socket = socket.create_connection((host, port), timeout)
        self._stream = self._socket.makefile("rb")
        key = base64.b64encode(os.urandom(16)).decode()
        request = [f"GET {path} HTTP/1.1", f"Host: {host}:{port}", "Upgrade: websocket", "Connection: Upgrade"]
        request += [f"Sec-WebSocket-Key: {key}", "Sec-WebSocket-Version: 13", "", ""]
        self._socket.sendall("\r\n".join(request).encode())
        status = self._stream.readline()
        if b" 101 " not in status:
            raise ConnectionError(status.decode())
        while self._stream.readline().strip():
            pass

    def send(self, text: str) -> None:
        """Send one message."""
        self._write(TEXT, text.encode())

    def receive(self) -> str:
        """Return the next message; a message may come in several frames."""
        message = b""
        while True:
            first, second = self._stream.read(2)
            size: int = second & 0x7F
            if size > 125:
                size = struct.unpack(*((">H", self._stream.read(2)) if size == 126 else (">Q", self._stream.read(8))))[
                    0
                ]
            data = self._stream.read(size)
            kind = first & 0x0F
            if kind == CLOSE:
                raise ConnectionError("the browser has closed the connection")
            if kind == PING:
                self._write(PONG, data)
            elif kind != PONG:
                message += data
                if first & FINAL:
                    return message.decode()

    def close(self) -> None:
        """Close the connection."""
        self._stream.close()
        self._socket.close()

    def _write(self, kind: int, data: bytes) -> None:
        size = len(data)
        if size <= 125:
            head = struct.pack(">BB", FINAL | kind, MASKED | size)
        elif size < 2**16:
            head = struct.pack(">BBH", FINAL | kind, MASKED | 126, size)
        else:
            head = struct.pack(">BBQ", FINAL | kind, MASKED | 127, size)
        mask = os.urandom(4)
        pattern = int.from_bytes((mask * (size // 4 + 1))[:size], "big")
        self._socket.sendall(head + mask + (int.from_bytes(data, "big") ^ pattern).to_bytes(size, "big"))


class Session:
    """Commands and their answers; events go to who listens while an answer is awaited."""

    def __init__(self, host: str, port: int, timeout: float) -> None:
        self._socket = WebSocket(host, port, "/session", timeout)
        self._listeners: list[Callable[[str, dict[str, Any]], None]] = []
        self._last = 0
        self.capabilities = self.send("session.new", capabilities={})["capabilities"]

    def listen(self, listener: Callable[[str, dict[str, Any]], None]) -> Callable[[], None]:
        """Have a function called with the name and the contents of every event; return how to end that."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def send(self, method: str, **parameters: object) -> Any:
        """Send a command and return its result."""
        self._last += 1
        self._socket.send(json.dumps({"id": self._last, "method": method, "params": parameters}))
        while (message := json.loads(self._socket.receive())).get("id") != self._last:
            if message["type"] == "event":
                for listener in tuple(self._listeners):
                    listener(message["method"], message["params"])
        if message["type"] == "error":
            raise RuntimeError(f"{method}: {message['error']}: {message['message']}")
        return message["result"]

    def close(self) -> None:
        """End the browser."""
        try:
            self.send("browser.close")
        finally:
            self._socket.close()
