"""CPU of `nlwatch monitor` beside `ip monitor link address`, on the same storm of changes, as a ratio.

Both write to a file, are stopped while their queues are filled by batches of link and address changes, and are then
let go until each has told of the last change; a storm has as many such rounds as it takes. What counts is the CPU
(user and system) of each whole process from start to end, as wait4(2) tells it; wall-clock time does not.
Runs as root: the namespace is private and goes with this process, and only root may have a large receive buffer.
"""
import argparse
import ctypes
import itertools
import os
import pathlib
import signal
import statistics
import subprocess
import sys
import tempfile
import time

CLONE_NEWNET = 0x40000000
LINKS = 40  # veth pairs
WANTED_BUFFER = 8 << 20  # bytes as getsockopt(2) reports them: what nlwatch asks for by itself


def ip(*arguments, commands=None):
    subprocess.run(['ip', *arguments], input=commands, text=True, check=True)


def await_that(what, condition, seconds=60):
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            sys.exit(f'process_ratio: gave up waiting until {what}')
        time.sleep(0.002)


def granted_buffer():
    """What `ip -rcvbuf` can have: as far as rmem_max, which the kernel doubles."""
    rmem_max = int(pathlib.Path('/proc/sys/net/core/rmem_max').read_text())
    return min(WANTED_BUFFER, 2 * rmem_max)


def listeners():
    """(bytes queued, messages dropped) of each rtnetlink socket of this namespace that is in a multicast group."""
    rows = [line.split() for line in pathlib.Path('/proc/self/net/netlink').read_text().splitlines()[1:]]
    return [(int(row[4]), int(row[8])) for row in rows if row[1] == '0' and int(row[3], 16)]


class Watcher:
    """One of the two programs, writing to a file of its own."""

    def __init__(self, command, folder):
        self.name = os.path.basename(command[0])
        self.output = open(os.path.join(folder, self.name), 'w+b')
        self.tail, self.lines = b'', 0
        self.process = subprocess.Popen(command, stdout=self.output, stdin=subprocess.DEVNULL)
        self.reader = open(self.output.name, 'rb')

    def has_told(self, token):
        """Whether the output so far ends in a part that holds `token`."""
        new = self.reader.read()
        self.lines += new.count(b'\n')
        self.tail = (self.tail + new)[-65536:]
        return token in self.tail

    def stop(self):
        self.process.send_signal(signal.SIGSTOP)
        status = pathlib.Path(f'/proc/{self.process.pid}/stat')
        await_that(f'{self.name} is stopped', lambda: status.read_text().rpartition(')')[2].split()[0] == 'T')

    def go_on(self):
        self.process.send_signal(signal.SIGCONT)

    def end(self):
        """Its CPU in seconds."""
        self.process.terminate()
        _, status, usage = os.wait4(self.process.pid, 0)
        self.process.returncode = os.waitstatus_to_exitcode(status)
        if self.process.returncode not in (0, -signal.SIGTERM):
            sys.exit(f'process_ratio: {self.name} ended with {self.process.returncode}')
        return usage.ru_utime + usage.ru_stime

    def clean_up(self):
        if self.process.returncode is None:
            self.process.kill()
            self.process.wait()
        self.reader.close()
        self.output.close()


def changes():
    """One `ip -batch` command after the other, for ever: each changes something, none fails."""
    for turn in itertools.count():
        for link in range(LINKS):
            device, address = f'dev v{link}', f'198.18.{link}.{turn % 250 + 1}/24'
            yield f'link set {device} mtu {1400 + turn % 100}'
            yield f'address add {address} {device}'
            yield f'link set {device} alias turn-{turn}'
            yield f'address add 2001:db8:{link}::{turn % 250 + 1}/64 {device} nodad'
            yield f'link set {device} {"down" if turn % 2 else "up"}'
            yield f'address del {address} {device}'
            yield f'link set {device} txqueuelen {1000 + turn % 100}'
            # An address of a link that went down has gone with it.
            if turn % 2 == 0:
                yield f'address del 2001:db8:{link}::{turn % 250 + 1}/64 {device}'


class Storm:
    def __init__(self, buffer):
        self.buffer = buffer
        self.commands = changes()
        self.knocks = 0
        self.batch = max(2, buffer // 40_000)  # a command makes a few messages of some 2,300 bytes in a queue

    def knock(self):
        """Moves lo on to a new address; returns it as it shows in both outputs."""
        old, new = (f'10.66.{100 + number // 100}.{100 + number % 100}' for number in (self.knocks, self.knocks + 1))
        ip('address', 'add', f'{new}/32', 'dev', 'lo')
        if self.knocks:
            ip('address', 'del', f'{old}/32', 'dev', 'lo')
        self.knocks += 1
        return new.encode()

    def round(self, watchers):
        """Returns how many commands it took to fill the queues by half."""
        commands = 0
        for watcher in watchers:
            watcher.stop()
        while max(queued for queued, _ in listeners()) < self.buffer // 2:
            ip('-batch', '-', commands='\n'.join(itertools.islice(self.commands, self.batch)))
            commands += self.batch
        last_change = self.knock()
        for watcher in watchers:
            watcher.go_on()
        for watcher in watchers:
            await_that(f'{watcher.name} tells of the last change', lambda: watcher.has_told(last_change))
        if any(dropped for _, dropped in listeners()):
            sys.exit('process_ratio: a queue overflowed, so the two did not see the same')
        return commands

    def ready(self, watchers):
        """Returns when each listens: one change after the other, until both have told of one."""
        def heard(watcher):
            if watcher.process.poll() is not None:
                sys.exit(f'process_ratio: {watcher.name} did not start')
            self.knock()
            return watcher.has_told(b'10.66.')

        for watcher in watchers:
            await_that(f'{watcher.name} listens', lambda: heard(watcher))


def measure(commands, storm, wanted):
    """One run of both side by side: (changes made, CPU seconds of each, lines written by each)."""
    watchers = []
    with tempfile.TemporaryDirectory(dir='/dev/shm' if os.path.isdir('/dev/shm') else None) as folder:
        try:
            for command in commands:
                watchers.append(Watcher(command, folder))
            storm.ready(watchers)
            made = 0
            while made < wanted:
                made += storm.round(watchers)
            return made, [watcher.end() for watcher in watchers], [watcher.lines for watcher in watchers]
        finally:
            for watcher in watchers:
                watcher.clean_up()


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument('program', help='the nlwatch to measure')
    parser.add_argument('--repetitions', type=int, default=5)
    parser.add_argument('--changes', type=int, default=20_000, help='`ip` commands in each repetition')
    options = parser.parse_args()
    if os.geteuid() != 0:
        sys.exit('process_ratio: needs root, for a namespace of its own and large receive buffers')
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(CLONE_NEWNET) != 0:
        sys.exit(f'process_ratio: no network namespace of its own: {os.strerror(ctypes.get_errno())}')

    ip('link', 'set', 'dev', 'lo', 'up')  # what changes on a link that is down is not announced
    for link in range(LINKS):
        ip('link', 'add', f'v{link}', 'type', 'veth', 'peer', 'name', f'p{link}')
    buffer = granted_buffer()
    commands = [[os.path.abspath(options.program), 'monitor', '-o', 'json'],
                ['ip', '-rcvbuf', str(buffer // 2), 'monitor', 'link', 'address']]
    storm, ratios = Storm(buffer), []
    print(f'{"changes":>8}  {"nlwatch":>10}  {"ip monitor":>10}  {"ratio":>6}    lines written')
    for _ in range(options.repetitions):
        made, (ours, theirs), lines = measure(commands, storm, options.changes)
        ratios.append(ours / theirs)
        print(f'{made:>8}  {ours * 1e3:>7.1f} ms  {theirs * 1e3:>7.1f} ms  {ratios[-1]:>6.2f}    {lines[0]}, {lines[1]}',
              flush=True)
    print(f'process ratio, median of {len(ratios)}: {statistics.median(ratios):.2f}')


if __name__ == '__main__':
    main()
