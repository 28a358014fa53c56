"""Links in the documentation lead somewhere, and a test that a link names is in the file it leads to.

A test is named as its ring does: [Loss.IsRepaired](tests/netns/loss_test.cpp), [test_a_flap](tests/system/….py)."""
import pathlib
import re

ROOT = pathlib.Path(__file__).resolve().parents[2]
_LINK = re.compile(r'\[([^][]*)\]\(([^()#\s]+)(?:#[^()\s]*)?\)')
_TEST = re.compile(r'`?(?:([A-Z]\w*)\.([A-Z]\w*)|(test_\w+))`?')


def check(path, text):
    for number, line in enumerate(text.splitlines(), 1):
        for words, target in _LINK.findall(line):
            if re.match(r'[a-z]+:', target):
                continue  # of the network: not ours to hold
            leads_to = (ROOT / path).parent / target
            if not leads_to.exists():
                yield number, f'{target}: no such file'
            elif (named := _TEST.fullmatch(words)) and not _holds(leads_to, *named.groups()):
                yield number, f'{target}: no test {words} in it'


def _holds(path, suite, name, function):
    text = path.read_text(encoding='utf-8')
    if function:
        return f'def {function}(' in text
    return re.search(rf'^TEST(_F|_P)?\({suite}, {name}\)', text, re.MULTILINE) is not None
