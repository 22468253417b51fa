"""Frames arrive whole and in time, or not at all."""

import socket
import struct
import threading
import time

import pytest

from fmnist.inside import codec, wire


@pytest.fixture(name="pair")
def _pair():
    """Two connected sockets."""
    ours, theirs = socket.socketpair()
    with ours, theirs:
        yield ours, theirs


def test_a_frame_arrives_as_it_was_sent(pair):
    """Number, header and payload come out at the other end."""
    ours, theirs = pair
    wire.send(ours, 7, b"header", b"payload")
    assert wire.receive(theirs) == (7, b"header", b"payload")


def test_a_dripping_sender_meets_the_deadline(pair):
    """A byte now and then does not keep the reader beyond its deadline."""
    ours, theirs = pair
    stop = threading.Event()

    def drip():
        ours.sendall(struct.pack(">III", 1, 1000, 0))
        while not stop.wait(0.02):
            ours.sendall(b"x")

    dripping = threading.Thread(target=drip)
    dripping.start()
    started = time.monotonic()
    try:
        with pytest.raises(wire.DeadlinePassed):
            wire.receive(theirs, deadline=started + 0.2)
    finally:
        stop.set()
        dripping.join()
    assert time.monotonic() - started < 2


def test_a_deadline_of_the_past_is_passed(pair):
    """No time left is no time to wait."""
    with pytest.raises(wire.DeadlinePassed):
        wire.receive(pair[0], deadline=time.monotonic() - 1)


def test_a_monstrous_frame_is_refused_before_it_is_read(pair):
    """Lengths beyond the caps end the reading at once."""
    ours, theirs = pair
    ours.sendall(struct.pack(">III", 1, 2**31, 0))
    with pytest.raises(codec.Malformed, match="too long"):
        wire.receive(theirs)


def test_a_closed_connection_is_told(pair):
    """Half a frame and an end is no frame."""
    ours, theirs = pair
    ours.sendall(b"\0\0\0")
    ours.close()
    with pytest.raises(wire.Closed):
        wire.receive(theirs)
    with pytest.raises(wire.Closed):
        wire.send(theirs, 1, b"x" * 10**7, b"")
