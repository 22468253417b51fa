"""Frames on a socket: a number, two lengths, a header, a payload; with caps and deadlines.

A reply carries the number of its request, so that none can be taken for another's.

The reader trusts nothing: a frame that is too long is refused before a byte of it is kept,
and a sender that stalls meets the deadline, however slowly it drips.
"""

import socket
import struct
import time
from collections.abc import Callable

from fmnist.inside import codec

START = struct.Struct(">III")  # number of the request; bytes of header and payload
CHUNK = 2**16


class Closed(Exception):
    """The other side has gone."""


class DeadlinePassed(Exception):
    """The other side did not finish in time."""


Frame = tuple[int, bytes, bytes]
# Of `time.monotonic`, in seconds, or what says how many seconds are left; None waits for ever.
Deadline = float | Callable[[], float] | None


def send(
    connection: socket.socket,
    number: int,
    header: bytes,
    payload: bytes,
    *,
    deadline: Deadline = None,
) -> None:
    """Send one frame.

    Args:
        connection: a connected stream socket.
        number: of the request, from 0 to 2**32 - 1.
        header: as `codec.dumps` wrote it.
        payload: as `codec.dumps` wrote it.
        deadline: see above.

    Raises:
        Closed: the other side has gone.
        DeadlinePassed: it did not read in time.
    """
    rest = memoryview(START.pack(number, len(header), len(payload)) + header + payload)
    while rest:
        _set_timeout(connection, deadline)
        try:
            rest = rest[connection.send(rest) :]
        except TimeoutError:
            continue  # there may be time left after all
        except OSError:
            raise Closed from None


def receive(connection: socket.socket, *, deadline: Deadline = None) -> Frame:
    """Return the number, the header and the payload of the next frame.

    Raises:
        Closed: the other side has gone.
        DeadlinePassed: the frame was not whole in time.
        codec.Malformed: the frame is longer than any honest one.
    """
    start = receive_exactly(connection, START.size, deadline)
    number, header_length, payload_length = START.unpack(start)
    if header_length > codec.MAX_HEADER or payload_length > codec.MAX_PAYLOAD:
        raise codec.Malformed("a frame that is too long")
    rest = receive_exactly(connection, header_length + payload_length, deadline)
    return number, rest[:header_length], rest[header_length:]


def receive_exactly(connection: socket.socket, length: int, deadline: Deadline) -> bytes:
    """Return the next `length` bytes.

    Raises:
        Closed: the other side has gone.
        DeadlinePassed: they did not come in time.
    """
    received = bytearray()
    while len(received) < length:
        _set_timeout(connection, deadline)
        try:
            chunk = connection.recv(min(CHUNK, length - len(received)))
        except TimeoutError:
            continue  # there may be time left after all
        except OSError:
            raise Closed from None
        if not chunk:
            raise Closed
        received += chunk
    return bytes(received)


def _set_timeout(connection: socket.socket, deadline: Deadline) -> None:
    if deadline is None:
        if connection.gettimeout() is not None:  # each setting is a system call
            connection.settimeout(None)
        return
    remaining = deadline() if callable(deadline) else deadline - time.monotonic()
    if remaining <= 0:
        raise DeadlinePassed
    connection.settimeout(remaining)
