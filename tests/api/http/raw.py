"""Requests as an attacker writes them: bytes on a socket, with nothing tidied up on the way."""

from __future__ import annotations

import socket

from tests.api.http.stack import Stack


def raw(stack: Stack, target: str, *headers: bytes, method: str = "GET", body: bytes = b"") -> tuple[int, bytes, bytes]:
    """Status, header lines and body of the answer to a request with this target and these header lines."""
    host = f"127.0.0.1:{stack.settings.port}".encode()
    lines = [f"{method} {target} HTTP/1.1".encode(), b"Host: " + host, b"Connection: close", *headers]
    if body:
        lines += [b"Content-Type: application/json", b"Content-Length: " + str(len(body)).encode()]
    with socket.create_connection(("127.0.0.1", stack.settings.port), timeout=30) as connection:
        connection.sendall(b"\r\n".join(lines) + b"\r\n\r\n" + body)
        answer = b""
        while part := connection.recv(65_536):
            answer += part
    head, _, content = answer.partition(b"\r\n\r\n")
    return int(head.split()[1]), head, content
