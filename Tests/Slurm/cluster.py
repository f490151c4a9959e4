"""Three hosts on this machine, with Slurm: `with Cluster(folder) as cluster`.

Each host has its own network, processes, hostname and IPC (namespaces); all see one file system, as a cluster's hosts
see a shared folder. `head` runs the controller, `node1` and `node2` machines. A host can lose its power or its link.
Root alone; Debian's slurmctld, slurmd, slurm-client, munge, iproute2 and util-linux. Nothing outside `folder` is
written, and everything that was started is ended by its own number.
"""

import contextlib
import os
import pathlib
import secrets
import shutil
import signal
import subprocess
import time

PROGRAMS = ("slurmctld", "slurmd", "sbatch", "squeue", "scontrol", "munged", "ip", "nsenter", "unshare")
NETWORK = "10.78.0"
HOSTS = {"head": 10, "node1": 11, "node2": 12}
# How many VMs each could hold: all of the plan, when the other is lost. The least loaded gets the next one.
GUESTS = {"node1": 12, "node2": 12}

SETTINGS = """
ClusterName=twocvm
SlurmctldHost=head({network}.10)
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
AuthInfo=socket={folder}/run/munge.sock,cred_expire=5
CredType=cred/munge
SlurmctldPidFile={folder}/run/slurmctld.pid
SlurmdPidFile={folder}/run/slurmd-%n.pid
StateSaveLocation={folder}/state
SlurmdSpoolDir={folder}/spool-%n
SlurmctldLogFile={folder}/log/slurmctld.log
SlurmdLogFile={folder}/log/slurmd-%n.log
DebugFlags=NO_CONF_HASH
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
MpiDefault=none
SwitchType=switch/none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU_Memory,CR_LLN
SchedulerType=sched/backfill
SchedulerParameters=batch_sched_delay=0,sched_interval=2,sched_min_interval=0,bf_interval=1
SlurmdParameters=config_overrides
ReturnToService=2
SlurmctldTimeout=5
SlurmdTimeout=6
KillWait=2
UnkillableStepTimeout=10
JobRequeue=1
MaxArraySize=1001
GresTypes=snp_guest
{nodes}
PartitionName=tee Nodes=node1,node2 Default=YES MaxTime=INFINITE State=UP
"""


def missing():
    """What has to be installed, or why it cannot run here; empty where it can."""
    if os.geteuid() != 0:
        return "root, for namespaces"
    absent = [
        program for program in PROGRAMS if not shutil.which(program, path=os.environ["PATH"] + ":/usr/sbin:/sbin")
    ]
    if absent:
        return f"{', '.join(absent)}: apt-get install slurmctld slurmd slurm-client munge iproute2"
    name = f"t{secrets.token_hex(3)}"
    for words in (["netns", "add", name], ["netns", "del", name]):
        if subprocess.run(["ip", *words], capture_output=True, check=False).returncode != 0:
            return "network namespaces, which this machine refuses"
    processes = ["unshare", "--pid", "--fork", "--mount-proc", "--uts", "--ipc", "true"]
    if subprocess.run(processes, capture_output=True, check=False).returncode != 0:
        return "namespaces of processes, which this machine refuses"
    return ""


class Cluster:
    """The three hosts, until the end of the block."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        # Of this cluster's namespaces alone, so that another's are never touched.
        self.prefix = f"t{secrets.token_hex(3)}"
        self.hosts = {}
        self.environment = os.environ | {
            "SLURM_CONF": str(self.folder / "slurm.conf"),
            "PATH": os.environ["PATH"] + ":/usr/sbin:/sbin",
        }

    def __enter__(self):
        try:
            self._configure()
            self._connect()
            for host in HOSTS:
                self.start(host)
            self._wait_until("both nodes are idle", lambda: self.run("sinfo", "-h", "-t", "idle", "-o", "%D") == "2")
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        for host in list(self.hosts):
            self.kill(host)
        for name in (*HOSTS, "switch"):
            subprocess.run(["ip", "netns", "del", self._namespace(name)], capture_output=True, check=False)

    def _namespace(self, name):
        return f"{self.prefix}{name}"

    def _configure(self):
        for name in ("run", "state", "log", "spool-node1", "spool-node2"):
            (self.folder / name).mkdir(parents=True)
        key = self.folder / "munge.key"
        key.write_bytes(secrets.token_bytes(128))
        key.chmod(0o400)
        nodes = [
            f"NodeName={node} NodeAddr={NETWORK}.{HOSTS[node]} CPUs=12 RealMemory=32000 Gres=snp_guest:{count}"
            for node, count in GUESTS.items()
        ]
        (self.folder / "slurm.conf").write_text(
            SETTINGS.format(network=NETWORK, folder=self.folder, nodes="\n".join(nodes))
        )
        gres = [f"NodeName={node} Name=snp_guest Count={count}\n" for node, count in GUESTS.items()]
        (self.folder / "gres.conf").write_text("".join(gres))

    def _connect(self):
        """A switch in a namespace of its own, and a wire from it to each host."""
        switch = self._namespace("switch")
        self._ip("netns", "add", switch)
        self._ip("-n", switch, "link", "add", "br0", "type", "bridge")
        self._ip("-n", switch, "link", "set", "br0", "up")
        for host, number in HOSTS.items():
            name = self._namespace(host)
            self._ip("netns", "add", name)
            self._ip("-n", name, "link", "set", "lo", "up")
            peer = f"p{number}"
            self._ip("link", "add", "eth0", "netns", name, "type", "veth", "peer", "name", peer, "netns", switch)
            self._ip("-n", switch, "link", "set", peer, "master", "br0", "up")
            self._ip("-n", name, "addr", "add", f"{NETWORK}.{number}/24", "dev", "eth0")
            self._ip("-n", name, "link", "set", "eth0", "up")

    def _ip(self, *words):
        subprocess.run(["ip", *words], check=True, capture_output=True, env=self.environment)

    def start(self, host):
        """Switches a host on: its first process ends with everything on it."""
        if host == "head":
            run = self.folder / "run"
            daemons = (
                f"munged -F --force --num-threads=2 --key-file={self.folder}/munge.key --socket={run}/munge.sock"
                f" --pid-file={run}/munged.pid --log-file={self.folder}/log/munged.log --seed-file={run}/seed &"
                f" until [ -S {run}/munge.sock ]; do sleep .05; done; slurmctld -D & wait -n"
            )
        else:
            daemons = f"slurmd -D -N {host} & wait -n"
        words = ["nsenter", f"--net=/run/netns/{self._namespace(host)}", "unshare", "--pid", "--fork"]
        words += ["--kill-child=KILL", "--mount-proc", "--uts", "--ipc", "bash", "-c", f"hostname {host}; {daemons}"]
        with (self.folder / "log" / f"{host}.log").open("ab") as log:
            self.hosts[host] = subprocess.Popen(
                words, stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=self.environment, start_new_session=True
            )

    def kill(self, host):
        """A host loses its power."""
        process = self.hosts.pop(host)
        children = pathlib.Path(f"/proc/{process.pid}/task/{process.pid}/children")
        with contextlib.suppress(OSError):
            for child in children.read_text().split():
                os.kill(int(child), signal.SIGKILL)
        process.kill()
        process.wait()

    def lose_power(self, host):
        """And the controller is told, so that nobody waits for it to notice."""
        self.kill(host)
        self.run("scontrol", "update", f"NodeName={host}", "State=DOWN", "Reason=power")

    def link(self, host, state):
        """Cuts a host's link, or heals it: `down` or `up`."""
        self._ip("-n", self._namespace(host), "link", "set", "eth0", state)

    def command(self, host, *words):
        """As `words` on a host."""
        return ["nsenter", f"--net=/run/netns/{self._namespace(host)}", *map(str, words)]

    def run(self, *words):
        """A command of Slurm's, on the head; what it printed."""
        done = subprocess.run(
            self.command("head", *words), capture_output=True, text=True, env=self.environment, timeout=60, check=False
        )
        return done.stdout.strip()

    @staticmethod
    def _wait_until(what, holds, seconds=60):
        end = time.monotonic() + seconds
        while not holds():
            if time.monotonic() > end:
                raise TimeoutError(f"{what}: not after {seconds} s")
            time.sleep(0.1)
