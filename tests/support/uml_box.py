"""Another kernel than this machine's: Debian's user-mode-linux, booted for one command and gone with it.

Its own: the kernel (6.1, with modules that few machines have), processes, network (lo alone), /dev, /run and the folder
for temporary files. All else is this machine's root, which it only reads. No boundary for security: root in it is root
here. Slow: a system call in it takes several of this machine's. By hand: cd tests && python3 -m support.uml_box COMMAND…
"""

import os
import pathlib
import shutil
import subprocess
import sys

_SCRIPT = pathlib.Path(__file__).with_suffix(".sh")
_NEEDED = ("linux.uml", "modprobe", "unshare", "chrt", "taskset")


def missing():
    """Why no box can be booted here, or None."""
    if os.geteuid() != 0:
        return "needs root"
    absent = [name for name in _NEEDED if not shutil.which(name)]
    return f"needs {', '.join(absent)} (packages user-mode-linux, kmod, util-linux)" if absent else None


def run(*argv, timeout, environment=None, folder="/", stdout=None):
    """Boots, runs argv in that folder, ends; returns its exit code. All that it writes goes to stdout.

    Raises subprocess.TimeoutExpired. If this process is killed, so is the box."""
    setting = [f"{name}={value}" for name, value in (environment or {}).items()]
    holder = ["setpriv", "--pdeathsig", "KILL", "unshare", "--mount", "--propagation", "private", "--net", "--ipc",
              "--pid", "--fork", "--kill-child=KILL", "bash", str(_SCRIPT), "hold", str(folder), *setting, *argv]
    return subprocess.run(holder, stdin=subprocess.DEVNULL, stdout=stdout, timeout=timeout).returncode


if __name__ == "__main__":
    if lacking := missing():
        sys.exit(f"uml_box: {lacking}")
    sys.exit(run(*(sys.argv[1:] or ["true"]), timeout=600, folder=os.getcwd()))
