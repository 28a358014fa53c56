"""One seed: daemons with small receive buffers, stopped now and then, in a storm of changes; then everything is held
against iproute2."""

import collections
import json
import random
import subprocess
import sys
import time

from support import oracle
from support.daemon import Daemon, wait_until
from support.namespace import Namespace
from support.reader import Hub
from support.web import Follower, ask, scrape

SMALLEST = 2304  # bytes: the kernel's least receive buffer, which always holds one message
# Audits would heal in the end what a resync did wrong; here each difference has to show.
_CONFIG = """
[http]
listen = []
[netlink]
receive_buffer = {least}
receive_buffer_max = {most}
resync_min_interval = "{interval} ms"
audit_interval = "1 h"
[backlog]
bytes = "{backlog} MiB"
"""
SCOPES = ({"interface": "c*"}, {"link_kind": "veth"}, {"kind": "address"}, {"interface": "z*", "kind": "link"})

Outcome = collections.namedtuple("Outcome", "changes resyncs overruns disturbed gaps")

# Seconds. What the kernel changes in silence an audit finds, and audits take a twentieth of the time at most: behind a
# dump that took some seconds, since the machine was busy, the next one is minutes off.
PATIENCE = 300


class Trial:
    """In namespaces of its own. run() raises AssertionError (LawBroken too) if the stream has lied."""

    def __init__(self, seed):
        self.seed = seed
        self.dice = random.Random(f"{seed} trial")
        self.dad = self.dice.random() < 0.1  # seconds long: duplicate address detection
        self.daemons = []
        self.views, self.scoped = [], []  # clients: for each daemon, one of all and one of a scope

    def run(self):
        hub = Hub()
        try:
            with Namespace(self.dad) as near, Namespace(self.dad) as far:
                self._near = near
                try:
                    self._prepare(hub)
                    changes = self._churn(far)
                    oracle.assert_all_agree(near, [*self.views, *self.scoped], timeout=PATIENCE)
                    self._look_at_states()
                    outcome = self._outcome(changes)
                    self._end()
                    return outcome
                except AssertionError as error:
                    raise AssertionError(f"{error}\n{self._logs()}") from error
                finally:
                    for daemon in self.daemons:
                        daemon.close()
        finally:
            hub.close()

    def _prepare(self, hub):
        dice, near = self.dice, self._near
        for name in ("ipv4.conf.all.promote_secondaries", "ipv6.conf.all.keep_addr_on_down"):
            near.run("sysctl", "-q", "-w", f"net.{name}={dice.randrange(2)}")
        large = 128 << 20
        small = [(SMALLEST, SMALLEST)]
        other = [dice.choice(((8192, 8192), (16384, 16384), (65536, 65536))),
                 dice.choice(((SMALLEST, large), (16384, large), (8 << 20, large)))]
        for least, most in small + other:
            config = _CONFIG.format(least=least, most=most, interval=dice.choice((20, 20, 200)),
                                    backlog=dice.choice((1, 32)))
            daemon = Daemon(near, hub, config)
            self.daemons.append(daemon)
            self.views.append(daemon.settled_client())
            scope = dice.choice(SCOPES)
            target = "/v1/events?" + "&".join(f"{word}={glob}" for word, glob in scope.items())
            self.scoped.append(Follower(hub, daemon.directory / "http.sock", target, scope=scope))

    def _churn(self, far):
        """Returns how many changes the kernel made."""
        argv = [sys.executable, "-B", "-m", "convergence.churn", str(self.seed), self._near.name, far.name]
        with subprocess.Popen(argv, stdout=subprocess.PIPE) as churn:
            while churn.poll() is None:
                if self.dice.random() < 0.6:
                    self._stall()
                else:
                    time.sleep(0.02)
            assert churn.returncode == 0, f"the churn ended with {churn.returncode}"
            done = json.loads(churn.stdout.read())
        return done["asked"] - done["refused"]

    def _stall(self):
        """A reader that does not come to read: the buffer of its kernel socket overflows."""
        daemon = self.dice.choice(self.daemons)
        daemon.stop()
        time.sleep(self.dice.choice((0.005, 0.02, 0.1, 0.4)))
        daemon.resume()

    def _look_at_states(self):
        for daemon, client in zip(self.daemons, self.views):
            wait_until(lambda: self._state_is_settled_and_the_fold(daemon, client), "/v1/state is settled")

    @staticmethod
    def _state_is_settled_and_the_fold(daemon, client):
        """False while it is not: the kernel may have said something late, which so small a buffer did not hold."""
        status, body = ask(daemon.directory / "http.sock", "/v1/state")
        assert status == 200, body
        state = json.loads(body)
        client.until(lambda fold: fold.seq >= state["seq"])
        if state["seq"] != client.fold.seq:
            return False  # it has gone on
        assert state["objects"] == client.fold.objects, "/v1/state and the stream differ:\n  " + "\n  ".join(
            oracle.differences(client.fold.objects, state["objects"]))
        return state["settled"]

    def _outcome(self, changes):
        counts = collections.Counter()
        for client, daemon in zip(self.views, self.daemons):
            counts["resyncs"] += client.fold.counts.get("resync.end", 0)
            counts["gaps"] += client.fold.counts.get("gap", 0)
            series = scrape(daemon.directory / "http.sock")
            counts["overruns"] += sum(series.get(f'nlwatch_resyncs_total{{cause="{cause}"}}', 0)
                                      for cause in ("overrun", "drops"))
            counts["disturbed"] += series.get('nlwatch_passes_total{result="dirty"}', 0) + sum(
                series.get(f'nlwatch_dump_interruptions_total{{kind="{kind}"}}', 0) for kind in ("link", "address"))
        return Outcome(changes, counts["resyncs"], int(counts["overruns"]), int(counts["disturbed"]), counts["gaps"])

    def _end(self):
        for daemon in self.daemons:
            code = daemon.terminate()
            assert code == 0, f"nlwatch ended with {code}"

    def _logs(self):
        """What the daemons said of themselves, and a sanitizer of them; not the thousands of events."""
        said = []
        for daemon in self.daemons:
            said.append(f"--- the log of process {daemon.pid}")
            said += [line for line in daemon.log().splitlines() if " info " not in line]
        return "\n".join(said)
