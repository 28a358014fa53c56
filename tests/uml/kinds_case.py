"""Kinds of links that this machine's kernel may lack, as a daemon sees them that hardly anything reaches."""

from support import iproute, oracle
from support.case import DaemonCase
from support.daemon import wait_until

SMALLEST = 2304  # bytes: the kernel's least receive buffer; any two messages at once overrun it


class KindsCase(DaemonCase):
    """Gives self.client and the ways to change something under its eyes, and behind its back."""

    config = (f"[netlink]\nreceive_buffer = {SMALLEST}\nreceive_buffer_max = {SMALLEST}\n"
              'resync_min_interval = "50 ms"')

    def setUp(self):
        super().setUp()
        self.daemon = self.start()
        self.client = self.daemon.settled_client()

    def do(self, *lines):
        """Runs `ip` commands; returns when the stream has told of them all, and folds to what iproute2 says."""
        self.namespace.batch(lines)
        oracle.assert_agrees(self.namespace, self.client)

    def do_unseen(self, *lines, until=None):
        """The same, while the daemon stands still, so that it has to find out by itself. until: of the kernel's links."""
        begins = self.client.fold.counts.get("resync.begin", 0)
        self.daemon.stop()
        self.namespace.batch(lines)
        if until:
            wait_until(lambda: until({row["ifname"]: row for row in iproute.show(self.namespace, "link")}),
                       "the kernel has it")
        self.daemon.resume()
        oracle.assert_agrees(self.namespace, self.client)
        self.assertGreater(self.client.fold.counts["resync.begin"], begins, "something was lost, and told")

    def until(self, ifname, **kind_data):
        """Waits until the stream says that of the kind's data of a link."""
        self.client.until(lambda fold: kind_data.items() <= self.kind_data(fold.link(ifname)).items())
        oracle.assert_agrees(self.namespace, self.client)

    def link(self, ifname):
        return self.client.fold.link(ifname)

    @staticmethod
    def kind_data(link):
        return (link or {}).get("linkinfo", {}).get("info_data", {})

    @staticmethod
    def port_data(link):
        return (link or {}).get("linkinfo", {}).get("info_slave_data", {})
