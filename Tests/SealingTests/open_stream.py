"""Opens a sealed stream with nothing of this project: `open_stream.py VECTOR.json`.

A second implementation of docs/SEALING.md, on the Python package `cryptography` (48 or newer, for ML-KEM). It
opens the stream of a test vector, verifies its header, and compares the content.
"""

import base64
import hashlib
import hmac
import json
import sys

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ed25519, mlkem, x25519
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand

CHUNK, TAG, HEADER, ENCAPSULATED, PREFIX = 131072, 16, 4096, 1120, b"2cvm sealed v1\n"
SUITE = b"HPKE" + (0x647A).to_bytes(2) + (1).to_bytes(2) + (2).to_bytes(2)


def decapsulate(seed, encapsulated):
    """X-Wing (draft-connolly-cfrg-xwing-kem-06)."""
    expanded = hashlib.shake_256(seed).digest(96)
    lattice = mlkem.MLKEM768PrivateKey.from_seed_bytes(expanded[:64])
    curve = x25519.X25519PrivateKey.from_private_bytes(expanded[64:])
    ciphertext, point = encapsulated[:1088], encapsulated[1088:]
    first = lattice.decapsulate(ciphertext)
    second = curve.exchange(x25519.X25519PublicKey.from_public_bytes(point))
    return hashlib.sha3_256(first + second + point + curve.public_key().public_bytes_raw() + b"\\.//^\\").digest()


def extract(salt, label, material):
    return hmac.new(salt or bytes(32), b"HPKE-v1" + SUITE + label + material, hashlib.sha256).digest()


def expand(secret, label, info, length):
    labelled = length.to_bytes(2) + b"HPKE-v1" + SUITE + label + info
    return HKDFExpand(hashes.SHA256(), length, labelled).derive(secret)


def main():
    vector = json.load(open(sys.argv[1]))
    stream = base64.b64decode(vector["stream"])
    session = bytes.fromhex(vector["session"])
    assert stream.startswith(PREFIX)
    start = len(PREFIX) + ENCAPSULATED

    shared = decapsulate(bytes.fromhex(vector["recipientSeed"]), stream[len(PREFIX) : start])
    info = b"2cvm sealed v1" + vector["purpose"].encode() + session
    context = b"\0" + extract(b"", b"psk_id_hash", b"") + extract(b"", b"info_hash", info)
    secret = extract(shared, b"secret", b"")
    cipher = AESGCM(expand(secret, b"key", context, 32))
    base = int.from_bytes(expand(secret, b"base_nonce", context, 12))
    exporter = expand(secret, b"exp", context, 32)
    binding = expand(exporter, b"sec", b"2cvm header binding v1", 32)

    def open_chunk(index, chunk, kind):
        return cipher.decrypt((base ^ index).to_bytes(12), chunk, bytes([kind]))

    end = start + HEADER + TAG
    header = open_chunk(0, stream[start:end], 0)
    length = int.from_bytes(header[:2])
    envelope, padding = json.loads(header[2 : 2 + length]), header[2 + length :]
    assert not any(padding)
    payload, kind = base64.b64decode(envelope["payload"]), envelope["payloadType"]
    signed = f"DSSEv1 {len(kind)} {kind} {len(payload)} ".encode() + payload
    [signature] = envelope["signatures"]
    sender = ed25519.Ed25519PublicKey.from_public_bytes(bytes.fromhex(vector["senderKey"]))
    sender.verify(base64.b64decode(signature["sig"]), signed)

    said = json.loads(payload)
    code = said.pop("binding")
    unbound = json.dumps(said, sort_keys=True, separators=(",", ":")).encode()
    assert hmac.new(binding, unbound, hashlib.sha256).hexdigest() == code
    assert (said["session"], said["purpose"], said["slot"]) == (vector["session"], vector["purpose"], vector["slot"])

    content, count = b"", max(1, -(-said["length"] // CHUNK))
    for index in range(count):
        size = min(CHUNK, said["length"] - index * CHUNK) + TAG
        content += open_chunk(index + 1, stream[end : end + size], 2 if index == count - 1 else 1)
        end += size
    assert end == len(stream) and len(content) == said["length"]
    assert hashlib.sha256(content).hexdigest() == vector["contentDigest"]
    print(f"opened {len(content)} bytes")


main()
