"""Clients of an agent, honest and hostile. Each call is one of them, from its connection to its end."""

import json
import secrets
import socket
import time


class Refused(Exception):
    """The agent answered with a problem, as it may."""


def exchange(machine, request, timeout=30):
    """Sends bytes and reads one whole answer: status, head and body."""
    with socket.create_connection((machine.host, machine.port), timeout=timeout) as connection:
        connection.settimeout(timeout)
        try:
            connection.sendall(request)
        except (BrokenPipeError, ConnectionResetError):
            pass  # It refused before it had read everything. The answer may still be there.
        return read_answer(connection)


def read_answer(connection):
    data = b""
    while b"\r\n\r\n" not in data:
        piece = receive(connection)
        if not piece:
            raise Refused()
        data += piece
    head, _, body = data.partition(b"\r\n\r\n")
    length = next(
        (int(line.split(b":")[1]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")), 0
    )
    while len(body) < length:
        piece = receive(connection)
        if not piece:
            raise Refused()
        body += piece
    return int(head.split(b" ")[1]), head, body


def receive(connection):
    try:
        return connection.recv(65536)
    except ConnectionResetError:
        return b""


def head(method, path, length=None, close=True):
    lines = [f"{method} {path} HTTP/1.1", "Host: agent"]
    if length is not None:
        lines.append(f"Content-Length: {length}")
    if close:
        lines.append("Connection: close")
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


def ask_for_evidence(machine, _random, _end):
    nonce = secrets.token_hex(32)
    status, _, body = exchange(machine, head("GET", f"/v1/evidence?nonce={nonce}"))
    if status == 503:
        raise Refused()
    if status != 200 or json.loads(body)["nonce"] != nonce:
        raise ValueError(f"evidence was answered with {status}")


def ask_for_status(machine, _random, _end):
    status, _, body = exchange(machine, head("GET", "/v1/status"))
    if status == 503:
        raise Refused()
    if status != 200 or json.loads(body)["stage"] != "admitting":
        raise ValueError(f"the session is not admitting: {status} {body[:100]!r}")
    time.sleep(0.01)


def guess_a_token(machine, _random, _end):
    status, _, _ = exchange(machine, head("GET", f"/v1/outputs/{secrets.token_hex(32)}"))
    if status not in (404, 409, 429, 503):
        raise ValueError(f"a guessed token was answered with {status}")
    time.sleep(0.01)


def send_garbage(machine, random, _end):
    shape = random.randrange(6)
    if shape == 0:
        request = random.randbytes(random.randrange(1, 2000))
    elif shape == 1:
        request = b"GET /" + b"a" * random.randrange(1, 100_000) + b" HTTP/1.1\r\n\r\n"
    elif shape == 2:
        request = b"POST /v1/submissions HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n"
        request += b"\r\n0\r\n\r\n"
    elif shape == 3:
        body = random.randbytes(random.randrange(1, 50_000))
        request = head("POST", "/v1/submissions", len(body)) + body
    elif shape == 4:
        request = (
            b"GET /v1/status HTTP/1.1\r\n"
            + b"".join(b"X-%d: %s\r\n" % (i, b"y" * random.randrange(100)) for i in range(random.randrange(400)))
            + b"\r\n"
        )
    else:
        method = random.choice(["BREW", "PUT", "DELETE", "CONNECT", "TRACE", "OPTIONS", "HEAD"])
        path = random.choice(["/v1/status", "/v1/evidence", "/../../etc/passwd", "/v1//status", "*", "/v1/outputs/%00"])
        request = head(method, path, 0)
    with socket.create_connection((machine.host, machine.port), timeout=30) as connection:
        try:
            connection.sendall(request)
            connection.shutdown(socket.SHUT_WR)
        except OSError:
            return
        while receive(connection):
            pass


def cut_an_upload(machine, random, _end):
    """A client that is killed in mid-upload."""
    stream = machine.sealed
    with socket.create_connection((machine.host, machine.port), timeout=30) as connection:
        try:
            connection.sendall(head("POST", "/v1/submissions", len(stream)))
            connection.sendall(stream[: random.randrange(6000, len(stream))])
        except OSError:
            raise Refused() from None


def change_an_upload(machine, random, _end):
    """A stream with one bit changed: refused, whichever it was."""
    stream = bytearray(machine.sealed)
    stream[random.randrange(len(stream))] ^= 1 << random.randrange(8)
    status, _, body = exchange(machine, head("POST", "/v1/submissions", len(stream)) + stream)
    if status in (429, 503):
        raise Refused()
    if not 400 <= status < 500:
        raise ValueError(f"a changed stream was answered with {status} {body[:200]!r}")


def drip_a_head(machine, _random, end):
    with socket.create_connection((machine.host, machine.port), timeout=5) as connection:
        try:
            for byte in head("GET", "/v1/status" + "?" + "a" * 3000):
                connection.send(bytes([byte]))
                time.sleep(0.05)
                if time.monotonic() > end:
                    return
        except OSError:
            return


def drip_a_body(machine, _random, end):
    stream = machine.sealed
    with socket.create_connection((machine.host, machine.port), timeout=5) as connection:
        try:
            connection.sendall(head("POST", "/v1/submissions", len(stream)) + stream[:8000])
            for byte in stream[8000:12000]:
                connection.send(bytes([byte]))
                time.sleep(0.05)
                if time.monotonic() > end:
                    return
        except OSError:
            return


def stay_idle(machine, _random, end):
    connections = []
    try:
        for _ in range(200):
            connections.append(socket.create_connection((machine.host, machine.port), timeout=5))
        time.sleep(max(0, min(5, end - time.monotonic())))
    except OSError:
        raise Refused() from None
    finally:
        for connection in connections:
            connection.close()


def listen(machine, random, end):
    with socket.create_connection((machine.host, machine.port), timeout=30) as connection:
        connection.sendall(head("GET", "/v1/events"))
        first = receive(connection)
        if b" 503 " in first[:20] or b" 429 " in first[:20]:
            raise Refused()
        if not first.startswith(b"HTTP/1.1 200"):
            raise ValueError(f"a listener was answered with {first[:60]!r}")
        time.sleep(max(0, min(random.random() * 2, end - time.monotonic())))
