"""Who may include whom: the arrows between the rooms of lib/, and where each library may show."""
import fnmatch
import re

from cpp_source import includes

# netlink <- rtnl <- state <- { kernel, record <- backlog <- sink <- { http, webhook } } <- daemon;
# metrics <- { kernel, sink, daemon }.
# A new room gets its line here.
_BELOW = {
    'metrics': set(),
    'netlink': set(),
    'rtnl': {'netlink'},
    'state': {'netlink', 'rtnl'},
    'kernel': {'netlink', 'rtnl', 'state', 'metrics'},
    'record': {'netlink', 'rtnl', 'state'},
    'backlog': {'netlink', 'rtnl', 'state', 'record'},
    'sink': {'netlink', 'rtnl', 'state', 'record', 'backlog', 'metrics'},
    'http': {'netlink', 'rtnl', 'state', 'record', 'backlog', 'sink'},
    'webhook': {'netlink', 'rtnl', 'state', 'record', 'backlog', 'sink', 'metrics'},
}

# Include prefix -> the files that may use it. The first that fits counts.
_LIBRARIES = [
    ('boost/beast', ['lib/http/*.cpp']),
    ('boost/', ['lib/asio.cpp', 'lib/kernel/*', 'lib/sink/*', 'lib/http/*', 'lib/webhook/*', 'daemon/*']),
    ('spdlog/', ['daemon/*']),
    ('nlohmann/', ['lib/record/*.cpp', 'daemon/*.cpp']),  # a heavy header, and for reading only
    ('prometheus/', ['lib/metrics/*.cpp']),
    ('systemd/', ['daemon/notify.*', 'daemon/identity.*']),
    ('curl/', ['lib/webhook/*.cpp']),
    ('openssl/', ['lib/webhook/*.cpp']),
    ('CLI/', ['daemon/*.cpp']),
    ('toml++/', ['daemon/config/*']),
]
_SYSTEM = ('sys/', 'linux/', 'net/', 'netinet/', 'arpa/', 'asm/')


def _of_the_system(name):
    """A header of the standard library, of libc or of the kernel."""
    return '/' not in name or name.startswith(_SYSTEM)


def _library_finding(path, name):
    for prefix, allowed in _LIBRARIES:
        if name.startswith(prefix):
            if any(fnmatch.fnmatch(path, pattern) for pattern in allowed):
                return None
            return f'<{name}> belongs only in {", ".join(allowed)}'
    return None if _of_the_system(name) else f'<{name}> is of a library that no rule knows'


def _room_finding(room, name):
    target = name.split('/')[0] if '/' in name else None
    if room == 'daemon':
        return None
    if room not in _BELOW:
        return f'lib/{room} has no line in tests/lint/rule_includes.py: say what is below it'
    if target not in _BELOW:
        return f'"{name}" is not rooted at lib/ ("room/file.hpp")'
    if target != room and target not in _BELOW[room]:
        return f'{room} must not include {target} ("{name}")'
    return None


def check(path, text):
    room = re.match(r'(?:lib/)?([^/]+)/', path)
    if not path.startswith(('lib/', 'daemon/')) or not room:
        return
    for line, name, quoted in includes(text):
        finding = _room_finding(room.group(1), name) if quoted else _library_finding(path, name)
        if finding:
            yield line, finding
