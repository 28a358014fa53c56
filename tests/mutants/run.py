#!/usr/bin/python3
"""Takes the lines away that keep nlwatch right, one at a time, and asks whether a test notices: see mutants.toml, and
the other tables here."""
import argparse
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import time
import tomllib

ROOT = pathlib.Path(__file__).resolve().parents[2]
TABLES = sorted(pathlib.Path(__file__).parent.glob('*.toml'))
PYTHON = '/usr/bin/python3'
PATIENCE = 150  # seconds that one run of a test may take: one that hangs has noticed, too


class Broken(Exception):
    """The table, a build, or a test without any mutant is not as it should be: nothing is known of the mutants."""


class Mutant:
    def __init__(self, entry):
        self.name = entry['name']
        self.wrong = entry['wrong']
        self.equivalent = entry.get('equivalent')
        self.tests = entry.get('killed_by', [])
        self.runs = entry.get('runs', 1)
        self.edits = entry['edit']
        if not self.tests and not self.equivalent:
            raise Broken(f'{self.name}: neither killed_by nor equivalent')

    def apply(self, tree):
        """Returns what puts it back: the files' own text, by path."""
        originals = {}
        for edit in self.edits:
            path = tree / edit['file']
            text = path.read_text()
            found = text.count(edit['old'])
            if found != 1:
                restore(originals)
                raise Broken(f'{self.name}: in {edit["file"]}, {found} times instead of once: {edit["old"]!r}')
            originals.setdefault(path, text)
            path.write_text(text.replace(edit['old'], edit['new']))
        return originals


def restore(originals):
    for path, text in originals.items():
        path.write_text(text)


class Copy:
    """A copy of what is committed, with a build of its own that goes from mutant to mutant."""

    def __init__(self, folder, jobs):
        self.tree = folder / 'tree'
        self.jobs = jobs
        # The compiler's cache serves it as it serves the tree that it is a copy of.
        self.environment = os.environ | {'CCACHE_BASEDIR': str(self.tree), 'CCACHE_NOHASHDIR': '1'}

    def make(self):
        if not self.tree.exists():
            git('worktree', 'add', '--detach', '--quiet', str(self.tree), 'HEAD')
            return
        head = git('rev-parse', 'HEAD').strip()
        git('-C', str(self.tree), 'checkout', '--quiet', '--force', '--detach', head)

    def configure(self):
        launcher = shutil.which('ccache') or ''
        self.command('cmake', '-S', '.', '-B', 'build', '-G', 'Ninja', '-DCMAKE_BUILD_TYPE=Debug',
                     '-DCMAKE_CXX_FLAGS_DEBUG=-Og -g1', f'-DCMAKE_CXX_COMPILER_LAUNCHER={launcher}')

    def build(self, programs):
        targets = sorted({'nlwatch' if program == 'system' else program for program in programs})
        self.command('cmake', '--build', 'build', '--parallel', str(self.jobs), '--target', *targets)

    def command(self, *words):
        done = subprocess.run(words, cwd=self.tree, env=self.environment, text=True, errors='replace',
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
        if done.returncode != 0:
            raise Broken(f'{" ".join(words[:3])} failed:\n' + '\n'.join(done.stdout.splitlines()[-30:]))

    def run(self, test):
        """One run; True if it passed."""
        program, _, which = test.partition(':')
        environment = self.environment
        if program == 'system':
            words = [PYTHON, '-B', '-m', 'unittest', f'system.{which}']
            environment = environment | {'NLWATCH': str(self.tree / 'build/nlwatch')}
        else:
            place = 'tests/netns/netns' if program == 'netns' else f'tests/{program}'
            words = [str(self.tree / 'build' / place), f'--gtest_filter={which}']
        try:
            done = subprocess.run(words, cwd=self.tree / 'tests', env=environment, text=True, errors='replace',
                                  stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=PATIENCE, check=False)
        except subprocess.TimeoutExpired:
            return False
        if done.returncode == 0 and re.search(r'Running 0 tests|Ran 0 tests|^\[  SKIPPED \]|skipped=', done.stdout,
                                              re.MULTILINE):
            raise Broken(f'{test}: there is no such test, or it was skipped')
        return done.returncode == 0


def git(*words):
    return subprocess.run(['git', '-C', str(ROOT), *words], check=True, text=True, stdout=subprocess.PIPE).stdout


def programs_of(mutants):
    return {test.partition(':')[0] for mutant in mutants for test in mutant.tests}


def expect_sound(copy, mutants):
    """Without any mutant every test passes, or what fails later says nothing."""
    copy.build(programs_of(mutants))
    failing = [test for test in sorted({test for mutant in mutants for test in mutant.tests}) if not copy.run(test)]
    if failing:
        raise Broken('without any mutant these fail: ' + ' '.join(failing))


def survived(copy, mutant):
    """The tests that did not notice it in any of its runs."""
    originals = mutant.apply(copy.tree)
    try:
        copy.build(programs_of([mutant]))
        return [test for test in mutant.tests if all(copy.run(test) for _ in range(mutant.runs))]
    finally:
        restore(originals)


def try_all(copy, mutants):
    """How many survived, or could not be tried."""
    failed = 0
    for mutant in mutants:
        begun = time.monotonic()
        try:
            if not mutant.tests:
                restore(mutant.apply(copy.tree))  # the text must be there all the same
                print(f'{"equivalent":<11}{mutant.name}: {mutant.equivalent}', flush=True)
                continue
            missed_by = survived(copy, mutant)
        except Broken as error:
            failed += 1
            print(f'{"BROKEN":<11}{error}', flush=True)
            continue
        failed += bool(missed_by)
        verdict = 'SURVIVED' if missed_by else 'killed'
        print(f'{verdict:<11}{mutant.name} ({time.monotonic() - begun:.0f} s)', flush=True)
        for test in missed_by:
            print(f'           {test} passes, though {mutant.wrong}', flush=True)
    return failed


def chosen(patterns):
    mutants = [Mutant(entry) for table in TABLES for entry in tomllib.loads(table.read_text())['mutant']]
    if len({mutant.name for mutant in mutants}) != len(mutants):
        raise Broken('two mutants have the same name')
    if patterns:
        mutants = [mutant for mutant in mutants if any(re.search(pattern, mutant.name) for pattern in patterns)]
    if not mutants:
        raise Broken('no mutant has such a name')
    return mutants


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('names', nargs='*', help='only mutants whose name matches one of these regular expressions')
    parser.add_argument('--folder', type=pathlib.Path,
                        help='where the copy is made, and kept for the next time (default: a temporary one)')
    parser.add_argument('--jobs', type=int, default=os.cpu_count())
    options = parser.parse_args()
    if os.geteuid() != 0:
        sys.exit('mutants: only root may make network namespaces, in which most of the tests run')
    folder = options.folder.resolve() if options.folder else pathlib.Path(tempfile.mkdtemp(prefix='nlwatch-mutants-'))
    copy = Copy(folder, options.jobs)
    try:
        mutants = chosen(options.names)
        copy.make()
        copy.configure()
        expect_sound(copy, mutants)
        failed = try_all(copy, mutants)
    except Broken as error:
        sys.exit(f'mutants: {error}')
    finally:
        if not options.folder:
            subprocess.run(['git', '-C', str(ROOT), 'worktree', 'remove', '--force', str(copy.tree)], check=False)
            shutil.rmtree(folder, ignore_errors=True)
    print(f'{len(mutants)} mutants, {failed} survived or could not be tried')
    sys.exit(1 if failed else 0)


if __name__ == '__main__':
    main()
