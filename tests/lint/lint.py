"""Holds the source tree against the rules of the house: lint.py [RULE…]; without one, all of them."""
import importlib
import pathlib
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
RULES = ('includes', 'coroutines', 'shape', 'links')
_SUFFIXES = {'.cpp', '.hpp', '.py'}
_DOCUMENTS = ('*.md', 'docs/*.md', 'lib/*.md')


def sources():
    for folder in ('lib', 'daemon', 'tests'):
        yield from sorted(path for path in (ROOT / folder).rglob('*') if path.suffix in _SUFFIXES)


def documents():
    for pattern in _DOCUMENTS:
        yield from sorted(ROOT.glob(pattern))


def main(names):
    unknown = [name for name in names if name not in RULES]
    if unknown:
        sys.exit(f'lint.py: no rule named {unknown[0]}; there are {", ".join(RULES)}')
    rules = [(name, importlib.import_module(f'rule_{name}')) for name in names or RULES]
    looked_at = findings = 0
    for path in (*sources(), *documents()):
        looked_at += 1
        relative, text = path.relative_to(ROOT).as_posix(), path.read_text(encoding='utf-8')
        for name, rule in rules:
            if (name == 'links') != (path.suffix == '.md'):
                continue
            for line, message in rule.check(relative, text):
                print(f'{relative}:{line}: {name}: {message}')
                findings += 1
    if not looked_at:
        sys.exit('lint.py: found no source file: looked in the wrong place')
    return 1 if findings else 0


if __name__ == '__main__':
    sys.exit(main(sys.argv[1:]))
