"""`2cvm evidence endorse` between a stand-in for an agent and one for AMD's service, with recorded real evidence."""

import base64
import http.server
import json
import os
import pathlib
import ssl
import subprocess
import tempfile
import threading
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
PROGRAM = ROOT / ".build" / "release" / "2cvm"
VECTORS = ROOT.parent / "shared" / "vectors" / "snp"
CHIP, OTHER = VECTORS / "genoa-v3-vcek-azure-1", VECTORS / "genoa-v3-vcek-other-2"
LIST = VECTORS / "crl" / "vcek-genoa.crl.der"

# Each address that it is asked for, a line; the file of the same last segment, or an error.
CURL = """#!/bin/sh
for address; do :; done
echo "$address" >> "$(dirname "$0")/asked"
case $address in
*/cert_chain) name=chain.pem ;;
*/crl) name=list.der ;;
*) name=leaf.der ;;
esac
exec cat "$(dirname "$0")/$name"
"""


class Agent(http.server.BaseHTTPRequestHandler):
    """Tells one bundle, and takes what is put."""

    bundle = {}
    put = []
    answer = 204

    def do_GET(self):
        body = json.dumps(self.bundle).encode()
        self.reply(200, "application/vnd.2cvm.evidence+json", body)

    def do_PUT(self):
        self.put.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
        if self.answer == 204:
            self.send_response(204)
            self.end_headers()
            return
        problem = {"type": "about:blank", "title": "no", "status": self.answer, "code": "endorsements.report"}
        self.reply(self.answer, "application/problem+json", json.dumps(problem).encode())

    def reply(self, status, kind, body):
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


def base64_of(path):
    return base64.b64encode(path.read_bytes()).decode()


def chain(*certificates):
    """Intermediate, then root, as the service sends them."""
    return "".join(map(ssl.DER_cert_to_PEM_cert, certificates))


@unittest.skipUnless(VECTORS.exists(), "SKIPPED: the recorded evidence beside the repository is not here")
class EndorseTests(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="2cvm-endorse-")
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        (self.folder / "curl").write_text(CURL)
        (self.folder / "curl").chmod(0o755)
        self.serve(CHIP)
        Agent.bundle = json.loads((ROOT / "Tests/CommandTests/Evidence/bundle.json").read_text())
        Agent.bundle |= {"report": base64_of(CHIP / "report.bin"), "certificates": {}}
        del Agent.bundle["revocationList"]
        Agent.put, Agent.answer = [], 204
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Agent)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)
        self.address = f"http://127.0.0.1:{server.server_port}"

    def serve(self, chip):
        """What the service has from now on."""
        (self.folder / "leaf.der").write_bytes((chip / "vcek.der").read_bytes())
        (self.folder / "chain.pem").write_text(chain(*((CHIP / name).read_bytes() for name in ("ask.der", "ark.der"))))
        (self.folder / "list.der").write_bytes(LIST.read_bytes())

    def asked(self):
        path = self.folder / "asked"
        return path.read_text().splitlines() if path.exists() else []

    def kept(self):
        folder = self.folder / "home" / "certificates"
        return sorted(path.name for path in folder.iterdir()) if folder.exists() else []

    def endorse(self, *arguments):
        environment = {"PATH": f"{self.folder}:{os.environ['PATH']}", "TWOCVM_HOME": str(self.folder / "home")}
        return subprocess.run(
            [PROGRAM, "evidence", "endorse", self.address, *arguments],
            env=environment,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    def test_hands_over_what_the_service_has(self):
        run = self.endorse()
        # The recorded list has run out: it is handed over, and one that holds is still wanted.
        self.assertEqual(run.returncode, 3, run.stderr)
        self.assertIn("out of date: 1 of 3 files", run.stderr)
        certificates = {"vcek": "vcek.der", "ask": "ask.der", "ark": "ark.der"}
        expected = {
            "version": 1,
            "certificates": {name: base64_of(CHIP / file) for name, file in certificates.items()},
            "revocationList": base64_of(LIST),
        }
        self.assertEqual(Agent.put, [expected])
        self.assertEqual(len(self.asked()), 3)
        self.assertTrue(self.asked()[0].endswith("/vcek/v1/Genoa/cert_chain"))
        self.assertEqual(len(self.kept()), 3)
        self.assertIn("handed over", run.stdout)

    def test_takes_what_is_kept_without_asking_again(self):
        self.endorse()
        Agent.put.clear()
        # The recorded list runs out one day, and is then asked for again: offline it is what there is.
        run = self.endorse("--offline", "--json")
        self.assertIn(run.returncode, (0, 3), run.stderr)
        self.assertEqual(len(Agent.put), 1)
        self.assertEqual(len(self.asked()), 3)
        self.assertEqual(len(json.loads(run.stdout)["files"]), 3)

    def test_keeps_what_came_before_the_service_asked_to_wait_and_asks_for_the_rest_alone(self):
        """The service refuses the list: what came is kept, and the next try asks for the list alone."""
        (self.folder / "curl").write_text(CURL.replace("*/crl) name=list.der ;;", "*/crl) exit 22 ;;"))
        run = self.endorse("--json")
        self.assertEqual(run.returncode, 3, run.stderr)
        states = [file["state"] for file in json.loads(run.stdout)["files"]]
        self.assertEqual(states, ["fetched", "fetched", "missing"])
        self.assertEqual(len(self.kept()), 2)
        for file in json.loads(run.stdout)["files"]:
            self.assertEqual(pathlib.Path(file["path"]).exists(), file["state"] == "fetched", file)
        self.assertIn("what was fetched is kept", run.stderr)
        self.endorse()
        self.assertEqual([address.rsplit("/", 1)[1] for address in self.asked()[3:]], ["crl"])

    def test_does_not_keep_what_nothing_vouches_for(self):
        """Without the chain neither certificate nor list can be verified."""
        (self.folder / "curl").write_text(CURL.replace("*/cert_chain) name=chain.pem ;;", "*/cert_chain) exit 22 ;;"))
        run = self.endorse("--json")
        self.assertEqual(run.returncode, 3, run.stderr)
        states = [file["state"] for file in json.loads(run.stdout)["files"]]
        self.assertEqual(states, ["missing", "unverified", "unverified"])
        self.assertEqual((Agent.put, self.kept()), ([], []))

    def test_says_what_is_missing_and_hands_over_nothing(self):
        run = self.endorse("--offline")
        self.assertEqual(run.returncode, 3)
        self.assertIn("fetch it from https://kdsintf.amd.com/vcek/v1/Genoa/", run.stdout)
        self.assertIn("error[evidence.certificates.missing]", run.stderr)
        self.assertEqual((Agent.put, self.asked(), self.kept()), ([], [], []))

    def test_refuses_and_forgets_a_certificate_of_another_chip(self):
        self.serve(OTHER)
        run = self.endorse()
        self.assertEqual(run.returncode, 1, run.stdout)
        self.assertIn("error[evidence.certificates.key]", run.stderr)
        # What AMD's root vouches for is kept; the other chip's certificate is not.
        self.assertEqual((Agent.put, self.kept()), ([], ["vcek-chain-Genoa.pem", "vcek-crl-Genoa.der"]))

    def test_refuses_what_no_root_of_amds_vouches_for(self):
        bundle = json.loads((ROOT / "Tests/CommandTests/Evidence/bundle.json").read_text())
        authorities = [base64.b64decode(bundle["certificates"][name]) for name in ("ask", "ark")]
        (self.folder / "chain.pem").write_text(chain(*authorities))
        run = self.endorse()
        self.assertEqual(run.returncode, 1, run.stdout)
        self.assertIn("error[evidence.certificates.unverified]", run.stderr)
        self.assertEqual((Agent.put, self.kept()), ([], []))

    def test_tells_why_the_agent_does_not_take_it(self):
        Agent.answer = 422
        run = self.endorse()
        self.assertEqual(run.returncode, 1)
        self.assertIn("endorsements.report", run.stderr)

    def test_asks_nobody_when_nothing_is_lacking(self):
        names = {"vcek": "vcek.der", "ask": "ask.der", "ark": "ark.der"}
        Agent.bundle["certificates"] = {name: base64_of(CHIP / file) for name, file in names.items()}
        Agent.bundle["revocationList"] = self.fresh_list()
        run = self.endorse()
        self.assertEqual((run.returncode, run.stdout), (0, "nothing is lacking\n"), run.stderr)
        self.assertEqual((Agent.put, self.asked()), ([], []))

    def test_lets_no_older_list_take_a_newer_ones_place(self):
        self.endorse()
        kept = self.folder / "home" / "certificates" / "vcek-crl-Genoa.der"
        self.assertEqual(kept.read_bytes(), LIST.read_bytes())
        newer = self.list_with(begin=b"490101000000Z", end=b"250101000000Z")
        kept.write_bytes(newer)
        run = self.endorse()
        # It was asked for, came, is older than what is there, and what is there is no list of AMD's.
        self.assertEqual(len([address for address in self.asked() if address.endswith("/crl")]), 2)
        self.assertEqual(run.returncode, 1, run.stdout)
        self.assertIn("error[evidence.certificates.unverified]", run.stderr)
        self.assertEqual(kept.read_bytes(), newer)

    def fresh_list(self):
        return base64.b64encode(self.list_with(end=b"491231235959Z")).decode()

    def list_with(self, begin=None, end=None):
        """The recorded list with other times. Its signature is not looked at before somebody relies on it."""
        encoded = bytearray(LIST.read_bytes())
        places = [at + 2 for at in range(len(encoded) - 15) if encoded[at : at + 2] == b"\x17\x0d"]
        for at, time in zip(places, (begin, end)):
            if time:
                encoded[at : at + 13] = time
        return bytes(encoded)


if __name__ == "__main__":
    unittest.main()
