"""Holds back what passes between two network interfaces, since not every kernel has `netem`.

    relay.py A B DELAY_MS JITTER_MS

Copies each Ethernet frame that arrives at A to B, and the other way round, DELAY_MS later, give or take up to JITTER_MS,
so that frames may also overtake each other. Says "ready" when it does so. Ends when its standard input ends.

Frames come with the kernel's own header about checksums and segments that are still to be computed (PACKET_VNET_HDR):
handed on unchanged it keeps large frames whole, and lets the last kernel compute what the first one left out.
"""
import heapq
import random
import select
import socket
import sys
import time

ETH_P_ALL = 0x0003
SOL_PACKET = 263
PACKET_VNET_HDR = 15
PACKET_OUTGOING = 4
LARGEST_FRAME = 1 << 17
STANDARD_INPUT = 0


def open_interface(name):
    interface = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(ETH_P_ALL))
    interface.setsockopt(SOL_PACKET, PACKET_VNET_HDR, 1)
    interface.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 16 << 20)
    interface.bind((name, ETH_P_ALL))
    interface.setblocking(False)
    return interface


def frames_at(interface):
    """What has arrived; not what was sent from here."""
    while True:
        try:
            frame, address = interface.recvfrom(LARGEST_FRAME)
        except BlockingIOError:
            return
        if address[2] != PACKET_OUTGOING:
            yield frame


def relay(one, other, delay_s, jitter_s):
    opposite = {one: other, other: one}
    waiting = []
    number = 0
    while True:
        timeout_s = max(0.0, waiting[0][0] - time.monotonic()) if waiting else None
        readable, _, _ = select.select([one, other, STANDARD_INPUT], [], [], timeout_s)
        if STANDARD_INPUT in readable:
            return
        for interface in readable:
            for frame in frames_at(interface):
                due = time.monotonic() + max(0.0, delay_s + random.uniform(-jitter_s, jitter_s))
                number += 1
                heapq.heappush(waiting, (due, number, opposite[interface], frame))
        while waiting and waiting[0][0] <= time.monotonic():
            _, _, interface, frame = heapq.heappop(waiting)
            try:
                interface.send(frame)
            except OSError:
                # A full queue: a network may lose what it cannot carry.
                pass


def main():
    one, other, delay_ms, jitter_ms = sys.argv[1:5]
    interfaces = open_interface(one), open_interface(other)
    print("ready", flush=True)
    relay(*interfaces, float(delay_ms) / 1000, float(jitter_ms) / 1000)


main()
