"""The base of every system test: a namespace, a hub, daemons, and their log when the test fails."""

import os
import unittest

from support import daemon, namespace
from support.reader import Hub


class NamespaceCase(unittest.TestCase):
    """Gives self.namespace, and more of them. dad: as in Namespace."""

    dad = False
    longMessage = True

    @classmethod
    def setUpClass(cls):
        if not namespace.available():
            raise unittest.SkipTest("needs root and network namespaces")

    def setUp(self):
        self.namespace = self.another_namespace()

    def another_namespace(self):
        made = namespace.Namespace(self.dad)
        self.addCleanup(made.close)
        return made


class DaemonCase(NamespaceCase):
    """Gives self.start() as well. config: what start() takes if it is given nothing."""

    config = None

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        assert os.access(daemon.EXECUTABLE, os.X_OK), "NLWATCH must name the built program"

    def setUp(self):
        super().setUp()
        self.hub = Hub()
        self.addCleanup(self.hub.close)
        self._daemons = []
        self.addCleanup(self._end_daemons)

    def start(self, config=None, **options):
        config = self.config if config is None else config
        started = daemon.Daemon(self.namespace, self.hub, config, **options)
        self._daemons.append(started)
        return started

    def nlwatch(self, *argv, check=False, **options):
        """One run of the program in the namespace, to its end."""
        return self.namespace.run(daemon.EXECUTABLE, *argv, check=check, timeout=20, **options)

    def run(self, result=None):
        before = len(result.failures) + len(result.errors)
        super().run(result)
        if len(result.failures) + len(result.errors) > before:
            for ended in getattr(self, "_daemons", []):
                print(f"\n--- the log of process {ended.pid}\n{ended.last_log}", flush=True)

    def _end_daemons(self):
        for started in self._daemons:
            started.close()
