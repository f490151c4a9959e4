"""A host that does what it can to a VM from outside: it stands where `2cvm launch` expects QEMU.

Used as a program: hostile_host.py BEHAVIOUR FOLDER QEMU'S ARGUMENTS. Each behaviour changes what the VM is given and
leaves kernel, initramfs and command line as they were, which SEV-SNP measures; but for two that change the line, so
that a test can see what it would look like if a protection were not there.
"""

import ctypes
import json
import os
import pathlib
import re
import signal
import socket
import struct
import subprocess
import sys
import threading
import time

QEMU = "qemu-system-x86_64"
MARKER = b"BYTECODE-RAN\r\n"
KERNEL_LINE = re.compile(r"^console: .*\[ *[0-9]+\.[0-9]{6}\]", re.MULTILINE)


def wrapper(folder, behaviour):
    """A program for `--qemu`."""
    path = pathlib.Path(folder) / f"qemu-{behaviour}"
    path.write_text(f'#!/bin/sh\nexec {sys.executable} -B {__file__} {behaviour} {folder} "$@"\n')
    path.chmod(0o755)
    return path


def secondary_table():
    """An SSDT whose code, as soon as a kernel loads it, writes MARKER to the first serial port.

    ACPI 6.5: 5.2.6 (header), 20.2.5.2 (OperationRegion, Field), 20.2.5.4 (Store).
    """
    code = b"\x5b\x80PORT\x01\x0b\xf8\x03\x01"  # OperationRegion (PORT, SystemIO, 0x3F8, 1)
    code += b"\x5b\x81\x0bPORT\x01DATA\x08"  # Field (PORT, ByteAcc) { DATA, 8 }
    for byte in MARKER:
        code += b"\x70\x0a" + bytes([byte]) + b"DATA"  # Store (byte, DATA)
    table = b"SSDT" + struct.pack("<IBB", 36 + len(code), 2, 0) + b"HOSTILHOSTILE " + struct.pack("<I", 1)
    table += b"TEST" + struct.pack("<I", 1) + code
    checksum = -sum(table) & 0xFF
    return table[:9] + bytes([checksum]) + table[10:]


# --- A network with nobody in it but this host: Ethernet frames in datagrams. ---

GOOD = bytes([10, 77, 0, 20])
SERVER = bytes([10, 77, 0, 1])
MASK = bytes([255, 255, 255, 0])
OUR_HARDWARE = bytes([0x02, 0, 0, 0, 0, 1])
# Every hostile offer names an address of this network, so that one look tells whether one was taken.
BAD_NETWORK = bytes([10, 66])


def checksum16(data):
    """RFC 1071."""
    total = sum(struct.unpack(f">{(len(data) + 1) // 2}H", data + b"\0" * (len(data) % 2)))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def datagram(payload, source=67):
    """From the server to everyone, without a UDP checksum."""
    udp = struct.pack(">HHHH", source, 68, 8 + len(payload), 0) + payload
    head = struct.pack(">BBHHHBBH4s4s", 0x45, 0, 20 + len(udp), 0, 0, 64, 17, 0, SERVER, b"\xff" * 4)
    head = head[:10] + struct.pack(">H", checksum16(head)) + head[12:]
    return b"\xff" * 6 + OUR_HARDWARE + b"\x08\x00" + head + udp


def options(kind, *more):
    return bytes([53, 1, kind, 54, 4]) + SERVER + b"".join(more)


def usual(mask=MASK, router=SERVER):
    return [bytes([1, len(mask)]) + mask, bytes([3, len(router)]) + router, b"\xff"]


def reply(question, address, body, *, operation=2, transaction=None, hardware=None, cookie=b"\x63\x82\x53\x63"):
    """A BOOTREPLY. RFC 2131, 2."""
    fixed = bytes([operation, 1, 6, 0]) + (transaction or question[4:8]) + b"\0" * 8 + address + b"\0" * 8
    fixed += (hardware or question[28:34]) + b"\0" * 10 + b"\0" * 192
    return fixed + cookie + body


def hostile_replies(question, kind):
    """Answers that nobody may believe, by name."""
    offer = options(kind)
    number = 0

    def bad(body=None, **changes):
        nonlocal number
        number += 1
        router = BAD_NETWORK + bytes([0, 1])
        whole = offer + b"".join(usual(router=router)) if body is None else body
        return datagram(reply(question, BAD_NETWORK + bytes([0, 10 + number]), whole, **changes))

    router = bytes([3, 4]) + BAD_NETWORK + bytes([0, 1])
    mask = bytes([1, 4]) + MASK
    addresses = [[127, 0, 0, 1], [0, 0, 0, 0], [224, 0, 0, 1], [255, 255, 255, 255], [10, 66, 0, 0], [10, 66, 0, 255]]
    yield from (datagram(reply(question, bytes(address), offer + mask + b"\xff")) for address in addresses)
    yield bad(transaction=bytes(byte ^ 0xFF for byte in question[4:8]))
    yield bad(hardware=b"\x02\0\0\0\0\x99")
    yield bad(operation=1)
    yield bad(cookie=b"\x63\x82\x53\x64")
    yield bad(b"")
    yield bad(offer + router + b"\xff")  # no mask
    yield bad(offer + mask + router)  # no end
    yield bad(offer + mask + router + b"\x0c\xff")  # an option past the end
    yield bad(offer + mask + mask + router + b"\xff")  # twice
    yield bad(offer + bytes([1, 4, 255, 0, 255, 0]) + b"\xff")  # no mask of leading ones
    yield bad(offer + bytes([1, 4, 0, 0, 0, 0]) + b"\xff")
    yield bad(offer + mask + bytes([3, 4, 192, 168, 1, 1]) + b"\xff")  # a router elsewhere
    yield bad(offer + mask + bytes([3, 3, 10, 66, 0]) + b"\xff")
    yield bad(offer + mask + router + bytes([52, 1, 1]) + b"\xff")  # options in other fields
    yield bad(b"\x35\x01\x09\xff")  # no such kind
    yield datagram(reply(question, BAD_NETWORK + b"\0\x63", offer + b"".join(usual())), source=4067)
    yield datagram(b"\x02\x01\x06")
    yield datagram(b"\xff" * 1400)


class Network(threading.Thread):
    """Answers DHCP with lies, and with the truth after them where `relents`. Tells what was asked for in a file."""

    def __init__(self, folder, relents):
        super().__init__(daemon=True)
        self.relents = relents
        self.record = pathlib.Path(folder) / "network.jsonl"
        self.record.write_text("")
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", 0))
        probe = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        probe.bind(("127.0.0.1", 0))
        self.machine = probe.getsockname()
        probe.close()

    def arguments(self):
        """QEMU's, in place of its user network."""
        here = self.socket.getsockname()
        return (
            f"dgram,id=n0,local.type=inet,local.host={self.machine[0]},local.port={self.machine[1]},"
            f"remote.type=inet,remote.host={here[0]},remote.port={here[1]}"
        )

    def note(self, **words):
        with self.record.open("a") as file:
            file.write(json.dumps(words) + "\n")

    def send(self, frame):
        self.socket.sendto(frame, self.machine)

    def run(self):
        while True:
            frame = self.socket.recv(65536)
            if frame[12:14] == b"\x08\x00" and frame[23] == 17 and frame[36:38] == b"\x00\x43":
                self.answer(frame[42:])
            elif frame[12:14] == b"\x08\x06" and frame[20:22] == b"\x00\x02":
                self.note(arp=list(frame[28:32]))

    def answer(self, question):
        kind, wanted = question[242], None
        at = question.find(b"\x32\x04", 240)
        if at >= 0:
            wanted = question[at + 2 : at + 6]
        self.note(kind=kind, wanted=None if wanted is None else list(wanted))
        right = 2 if kind == 1 else 5
        for frame in hostile_replies(question, right):
            self.send(frame)
        if kind == 3:
            # An acknowledgement of something else than what was asked for.
            self.send(datagram(reply(question, bytes([10, 77, 0, 66]), options(5, *usual()))))
        if not self.relents:
            return
        self.send(datagram(reply(question, GOOD, options(right, *usual()))))
        if kind == 3:
            threading.Thread(target=self.ask_who, daemon=True).start()

    def ask_who(self):
        """Who has which address (ARP, RFC 826), for as long as anyone may answer."""
        for _ in range(40):
            for address in (GOOD, bytes([10, 77, 0, 66]), BAD_NETWORK + b"\0\x11"):
                head = struct.pack(">HHBBH", 1, 0x0800, 6, 4, 1)
                body = OUR_HARDWARE + SERVER + b"\0" * 6 + address
                self.send(b"\xff" * 6 + OUR_HARDWARE + b"\x08\x06" + head + body)
            time.sleep(0.25)


# --- The console and the buttons of the machine. ---


class Keys(threading.Thread):
    """Sends a break and a key: the kernel's SysRq. 9 has it show everything that it logs, h says which keys there are.

    Pressed from the machine's first moment until its first process speaks, and again once the agent listens. Between
    these nothing is sent, so that the terminal's echo does not tear the line that the launcher waits for.
    """

    def __init__(self, folder):
        super().__init__(daemon=True)
        self.console = pathlib.Path(folder) / "console.socket"
        self.control = pathlib.Path(folder) / "control.socket"
        self.seen = b""

    @staticmethod
    def connect(path):
        for _ in range(200):
            client = socket.socket(socket.AF_UNIX)
            try:
                client.connect(str(path))
                return client
            except OSError:
                client.close()
                time.sleep(0.05)
        raise SystemExit(f"{path} is not there")

    def run(self):
        console = self.connect(self.console)
        control = self.connect(self.control)
        self.command(control, "qmp_capabilities")
        threading.Thread(target=self.copy, args=(console,), daemon=True).start()
        count = 0
        while True:
            time.sleep(0.03)
            listens = b"listening on" in self.seen
            if b"measurement " in self.seen or b"TRIAL" in self.seen:
                if not listens:
                    continue
            count += 1
            self.command(control, "chardev-send-break", id="console")
            time.sleep(0.02)
            try:
                console.sendall(b"h" if listens else b"9")
            except OSError:
                return
            if listens and count % 40 == 0:
                # Something that a kernel has words for.
                self.command(
                    control, "device_add", driver="virtio-rng-pci", bus="hotplug0", id=f"device{count}", romfile=""
                )

    @staticmethod
    def command(control, name, **arguments):
        try:
            control.sendall(json.dumps({"execute": name, "arguments": arguments}).encode() + b"\n")
            control.recv(65536, socket.MSG_DONTWAIT)
        except OSError:
            pass

    def copy(self, console):
        while True:
            text = console.recv(65536)
            if not text:
                return
            self.seen += text
            os.write(1, text)


def replace(arguments, flag, value):
    arguments[arguments.index(flag) + 1] = value


def change_line(arguments, change):
    """A command line that SEV-SNP would not have measured."""
    replace(arguments, "-append", change(arguments[arguments.index("-append") + 1]))


def main():
    behaviour, folder, arguments = sys.argv[1], sys.argv[2], sys.argv[3:]
    threads = []
    if behaviour.startswith("bytecode"):
        path = pathlib.Path(folder) / "hostile.aml"
        path.write_bytes(secondary_table())
        arguments += ["-acpitable", f"file={path}"]
        if behaviour == "bytecode-believed":
            change_line(arguments, lambda line: line.replace("acpi=off", "acpi=force"))
    elif behaviour == "no-groups":
        change_line(arguments, lambda line: line + " cgroup_disable=memory")
    elif behaviour.startswith("dhcp"):
        network = Network(folder, relents=behaviour == "dhcp-mixed")
        replace(arguments, "-netdev", network.arguments())
        threads.append(network)
    elif behaviour == "keys":
        replace(arguments, "-serial", "chardev:console")
        arguments += [
            "-chardev",
            f"socket,id=console,path={folder}/console.socket,server=on,wait=on",
            "-qmp",
            f"unix:{folder}/control.socket,server=on,wait=off",
            "-device",
            "pcie-root-port,id=hotplug0,chassis=9",
        ]
    parent = os.getpid()

    def end_with_parent():
        ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG
        if os.getppid() != parent:
            os._exit(1)

    child = subprocess.Popen([QEMU, *arguments], stdin=subprocess.DEVNULL, preexec_fn=end_with_parent)
    if behaviour == "keys":
        threads.append(Keys(folder))
    for thread in threads:
        thread.start()
    status = child.wait()
    time.sleep(0.5)  # what the console's copy still holds
    sys.exit(status)


if __name__ == "__main__":
    main()
