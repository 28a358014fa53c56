"""The shape of a file: no longer than a room, and a header that says what it is for."""
import re

_LONGEST = 400


def check(path, text):
    lines = text.splitlines()
    if len(lines) > _LONGEST:
        yield _LONGEST + 1, f'{len(lines)} lines: beyond {_LONGEST} it is two rooms'
    if not path.endswith('.hpp'):
        return
    opening = []
    for line in lines:
        if not line.startswith('//'):
            break
        opening.append(line.removeprefix('//').strip())
    sentence = ' '.join(opening)
    if not re.match(r'\S+ \S+.*[.;:]', sentence):
        yield 1, 'a header opens with a comment: one sentence that says what it is for'
    if lines[len(opening):len(opening) + 1] != ['#pragma once']:
        yield len(opening) + 1, '#pragma once stands right behind the opening comment'
