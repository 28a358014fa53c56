"""Shows that each fuzzer's committed inputs enter every branch of its target: coverage.py [--build DIR] [FUZZER…]

Builds the fuzzers with clang's coverage, runs each over the inputs that its replay has in ctest (as they are, without
the damaged copies), and prints each branch of its target's sources that went one way only. Those that unreached.txt
names, with the reason why, are left out; any other, and a line of that list that is not true any more, makes the exit
code 1.
"""
import argparse
import collections
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
LIST = pathlib.Path(__file__).with_name('unreached.txt')
FLAGS = '-O1 -g1 -fprofile-instr-generate -fcoverage-mapping'
LLVM = '16'  # that of the presets' clang

# What each is to fuzz: sources, or one function of a source.
TARGETS = {
    'netlink': ['lib/netlink/attribute.cpp', 'lib/netlink/ext_ack.cpp', 'lib/netlink/message.cpp'],
    'rtnl': ['lib/rtnl/*.cpp', 'lib/rtnl/*.hpp', 'lib/rtnl/kinds/*.cpp', 'lib/netlink/*.hpp'],
    'record': ['lib/record/reader.cpp', 'lib/record/object_reader.cpp', 'lib/record/text.cpp', 'lib/record/hex.cpp',
               'lib/record/utf8.cpp'],
    'filter': ['lib/record/filter.cpp', 'lib/record/nearest.?pp', 'lib/backlog/request_words.cpp',
               'lib/record/safe_text.cpp', 'lib/record/renderer.cpp@parse_position'],
    'http_target': ['lib/http/target.cpp', 'lib/http/query.cpp', 'lib/http/host.cpp@host_of', 'lib/http/request.cpp',
                    'lib/http/routes.cpp', 'lib/http/text.cpp'],
    'config': ['daemon/config/[!l]*.cpp', 'daemon/config/log_levels.cpp', 'daemon/config/*.hpp',
               'daemon/config/load.cpp@5parse'],
}

# One way of a condition that no input went: `side` is true or false.
Unreached = collections.namedtuple('Unreached', 'fuzzer file side condition')


def run(*command, **options):
    return subprocess.run([str(word) for word in command], check=True, **options)


def build(folder, names):
    if not (folder / 'CMakeCache.txt').exists():
        run('cmake', '--preset', 'asan', '-S', ROOT, '-B', folder, '-DNLWATCH_SANITIZE=fuzzer-no-link',
            f'-DCMAKE_CXX_FLAGS_DEBUG={FLAGS}', cwd=ROOT, stdout=subprocess.DEVNULL)
    run('cmake', '--build', folder, '--target', 'fuzz_seeds', *(f'fuzz_{name}' for name in names), stdout=sys.stderr)


def inputs_of(folder, name):
    """The folders that the replay is given; for captured datagrams, the files that write_seeds made of them."""
    here = folder / 'tests/fuzz'
    return [here / 'seeds' if pathlib.Path(path).name == 'fixtures' else path
            for path in (here / f'inputs_{name}').read_text(encoding='utf-8').splitlines()]


def exported(program, inputs, scratch):
    raw, data = scratch / 'profraw', scratch / 'profdata'
    environment = dict(os.environ, LLVM_PROFILE_FILE=str(raw))
    command = [str(word) for word in (program, '-runs=0', f'-artifact_prefix={scratch}/', *inputs)]
    ran = subprocess.run(command, env=environment, capture_output=True, text=True)
    if ran.returncode:
        sys.exit(f'coverage.py: {program.name} fails on a committed input:\n{ran.stderr[-4000:]}')
    run(f'llvm-profdata-{LLVM}', 'merge', '-sparse', raw, '-o', data)
    return json.loads(run(f'llvm-cov-{LLVM}', 'export', '-instr-profile', data, program, capture_output=True).stdout)


def counts_of(export, targets):
    """(file, place of the condition) -> [times true, times false], over all instances of a template."""
    counts = collections.defaultdict(lambda: [0, 0])
    for function in export['data'][0]['functions']:
        files = [pathlib.Path(os.path.normpath(name)) for name in function['filenames']]
        for line, column, end_line, end_column, true, false, file, *_ in function['branches']:
            path = files[file]
            if not path.is_relative_to(ROOT):
                continue
            path = path.relative_to(ROOT)
            if any(path.match(source) and wanted in function['name']
                   for source, _, wanted in (target.partition('@') for target in targets)):
                count = counts[path.as_posix(), (line, column, end_line, end_column)]
                count[0] += true
                count[1] += false
    return counts


def text_at(path, place):
    line, column, end_line, end_column = place
    lines = (ROOT / path).read_bytes().splitlines()[line - 1:end_line]
    lines[-1] = lines[-1][:end_column - 1]
    lines[0] = lines[0][column - 1:]
    return ' '.join(part.decode().strip() for part in lines)


def unreached_of(name, counts):
    found = {}
    for (path, place), (true, false) in sorted(counts.items()):
        condition = text_at(path, place)
        if condition == ':':  # of a loop over a range: its body entered, and not
            condition = text_at(path, (place[0], 1, place[0], sys.maxsize))
        for side, count in (('true', true), ('false', false)):
            # That a label of a switch is not taken says that another is.
            if count == 0 and not (side == 'false' and re.match(r'case |default$', condition)):
                found.setdefault(Unreached(name, path, side, condition), place[0])
    return found


def explained():
    """The list: each line `fuzzer | file | true or false | condition | why`."""
    lines = {}
    for number, line in enumerate(LIST.read_text(encoding='utf-8').splitlines(), 1):
        if not line or line.startswith('#'):
            continue
        fuzzer, file, side, rest = (part.strip() for part in line.split(' | ', 3))
        condition, separator, why = rest.rpartition(' | ')
        if not separator or not why.strip():
            sys.exit(f'{LIST.name}:{number}: says not why')
        lines[Unreached(fuzzer, file, side, condition.strip())] = number
    return lines


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument('--build', type=pathlib.Path, default=ROOT / 'build/fuzz-coverage')
    parser.add_argument('fuzzers', nargs='*', metavar='FUZZER', help=f'of {", ".join(TARGETS)}; without one, all')
    options = parser.parse_args()
    names = options.fuzzers or list(TARGETS)
    if unknown := set(names) - set(TARGETS):
        parser.error(f'there is no fuzzer {", ".join(sorted(unknown))}')
    folder = options.build.resolve()
    build(folder, names)
    why, failed = explained(), False
    for name in names:
        with tempfile.TemporaryDirectory() as scratch:
            export = exported(folder / f'tests/fuzz/fuzz_{name}', inputs_of(folder, name), pathlib.Path(scratch))
        counts = counts_of(export, TARGETS[name])
        found = unreached_of(name, counts)
        new = {branch: line for branch, line in found.items() if branch not in why}
        stale = [branch for branch in why if branch.fuzzer == name and branch not in found]
        print(f'{name}: {2 * len(counts)} branches, {len(found)} not entered, '
              f'{len(found) - len(new)} of them explained')
        for branch, line in new.items():
            print(f'  {branch.file}:{line}: never {branch.side}: {branch.condition}')
        for branch in stale:
            print(f'  {LIST.name}:{why[branch]}: entered now, or gone: {branch.condition}')
        failed = failed or bool(new or stale) or not counts
    return 1 if failed else 0


if __name__ == '__main__':
    sys.exit(main())
