"""The next thing to type, in Python, where `2cvm` names a command for it."""

from __future__ import annotations

from collections.abc import Mapping

HINTS: Mapping[str, str] = {
    "run.salt.missing": "Manifest(path, files) with the NAME.files.json beside the draft, or salts={name: hex}",
    "ledger.session": "compare the session's words with the others; to submit all the same: "
    "session.submit(accept_second_session=session.words)",
    "manifest.keys.unknown": "compare each fingerprint with its owner, then identity.trust(name, 'NAME.pub')",
    "manifest.signatures.missing": "manifest.sign(identity) by each of them, then manifest.join(...)",
    "manifest.unsigned": "manifest.sign(identity) by each participant, then manifest.join(...)",
    "query.output.format": "say what it may be: .output(..., format=twocvm.table(...)), or format='any' for all bytes",
    "query.participant.missing": ".participant('NAME.pub') names the file that they sent you",
    "review.none": "session.reviews(wait=True) waits for it",
    "review.unseen": "session.reviews() shows what waits; approve takes the digest of that",
    "session.other": "session = agent.attest(manifest, identity), and compare its words with the others again",
    "session.unlocked": "any participant locks it: session = session.lock()",
    "submission.nothing": "name it: session.submit(NAME=frame)",
    "submission.question": "session.submit(...) brings it",
}
"""By the error's code. Every other error keeps the hint of `2cvm`."""
