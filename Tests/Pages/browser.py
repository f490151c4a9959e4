"""Chromium without a window, by the WebDriver protocol (W3C), with nothing but Python's library."""

import base64
import contextlib
import json
import re
import shutil
import subprocess
import tempfile
import urllib.request

ELEMENT = "element-6066-11e4-a52e-4f735466cecf"
PROGRAMS = ("chromium", "chromedriver")
MISSING = [program for program in PROGRAMS if shutil.which(program) is None]
REASON = "Debian's packages chromium and chromium-driver are not installed"


class Browser:
    """One session of a browser. Each page that it shows is loaded anew."""

    def __init__(self, *more):
        self.ends = contextlib.ExitStack()
        folder = self.ends.enter_context(tempfile.TemporaryDirectory())
        self.driver = subprocess.Popen(
            ["chromedriver", "--port=0"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        )
        self.ends.callback(self.stop)
        port = None
        while port is None:
            line = self.driver.stdout.readline()
            if not line:
                raise RuntimeError("chromedriver ended")
            found = re.search(r"started successfully on port (\d+)", line)
            port = found and found.group(1)
        self.base = f"http://127.0.0.1:{port}/session"
        arguments = ["--headless=new", "--no-sandbox", "--disable-gpu", f"--user-data-dir={folder}", *more]
        options = {"binary": shutil.which("chromium"), "args": arguments}
        wanted = {"goog:chromeOptions": options, "goog:loggingPrefs": {"performance": "ALL", "browser": "ALL"}}
        made = self.call("", {"capabilities": {"alwaysMatch": wanted}})
        self.base += "/" + made["sessionId"]
        self.ends.callback(self.quit)

    def quit(self):
        self.call("", method="DELETE")

    def stop(self):
        self.driver.terminate()
        self.driver.wait(10)
        self.driver.stdout.close()

    def close(self):
        self.ends.close()

    def call(self, path, body=None, method=None):
        data = None if body is None else json.dumps(body).encode()
        headers = {"Content-Type": "application/json"}
        request = urllib.request.Request(self.base + path, data, headers, method=method)
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return json.load(answer)["value"]
        except urllib.error.HTTPError as error:
            raise AssertionError(error.read().decode()[:500]) from None

    def chrome(self, command, **parameters):
        """A command of the DevTools protocol."""
        return self.call("/goog/cdp/execute", {"cmd": command, "params": parameters})

    def run(self, script, *arguments):
        return self.call("/execute/sync", {"script": script, "args": list(arguments)})

    def show(self, address, width=1280, height=900, scheme="light"):
        self.chrome(
            "Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=width < 600
        )
        self.media("screen", scheme)
        self.log("performance")
        self.call("/url", {"url": str(address)})

    def media(self, kind, scheme="light"):
        features = [{"name": "prefers-color-scheme", "value": scheme}]
        self.chrome("Emulation.setEmulatedMedia", media=kind, features=features)

    def log(self, kind):
        return self.call("/se/log", {"type": kind})

    def requests(self):
        """Every address that was asked for since the page was shown, its own included."""
        messages = [json.loads(entry["message"])["message"] for entry in self.log("performance")]
        sent = [entry["params"] for entry in messages if entry["method"] == "Network.requestWillBeSent"]
        return [entry["request"]["url"] for entry in sent]

    def find(self, selector):
        return self.call("/element", {"using": "css selector", "value": selector})[ELEMENT]

    def click(self, selector):
        self.call(f"/element/{self.find(selector)}/click", {})

    def keys(self, text):
        actions = [{"type": kind, "value": key} for key in text for kind in ("keyDown", "keyUp")]
        self.call("/actions", {"actions": [{"type": "key", "id": "keyboard", "actions": actions}]})

    def pdf(self):
        return base64.b64decode(self.call("/print", {"background": True}))

    def picture(self):
        return base64.b64decode(self.call("/screenshot"))

    def text(self):
        return self.run("return document.body.innerText")

    def tree(self):
        """What a screen reader gets: role and name of each node that is not passed over."""
        nodes = self.chrome("Accessibility.getFullAXTree")["nodes"]
        shown = [node for node in nodes if not node["ignored"]]
        return [(node["role"]["value"], node.get("name", {}).get("value", "")) for node in shown]

    def bars(self, axe, test):
        """Holds the page to the rules of axe-core: contrast, labels, landmarks, order of titles, names of fields."""
        self.run(axe.read_text() + "; window.axe = axe")
        found = self.run(
            "return axe.run({resultTypes: ['violations']}).then(result =>"
            " result.violations.map(entry => [entry.id, entry.nodes[0].html, entry.help]))"
        )
        test.assertEqual(found, [])
