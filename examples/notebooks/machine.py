"""The machine of the three notebooks: a simulated agent, and a letter that says where it listens.

python3 examples/notebooks/machine.py
"""

import json
import pathlib
import signal

import mail
import twocvm


def main():
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with twocvm.SimulatedAgent() as machine:
        letter = pathlib.Path("machine.json")
        letter.write_text(json.dumps({"url": machine.url, "root": machine.root}))
        mail.send(letter)
        letter.unlink()
        print(f"{machine}; Ctrl-C ends it", flush=True)
        try:
            signal.pause()
        except KeyboardInterrupt:
            print("ended")


if __name__ == "__main__":
    main()
