"""C++ source text as the rules look at it: without comments and literals, as tokens, with brackets matched."""
import re
from dataclasses import dataclass

_BLANKED = re.compile(
    r'''//[^\n]*|/\*.*?\*/'''
    r'''|R"(?P<delimiter>[^()\\\s]{0,16})\(.*?\)(?P=delimiter)"'''
    r'''|"(?:\\.|[^"\\\n])*"'''
    r"""|(?<![0-9A-Fa-f])'(?:\\.|[^'\\\n])+'""",
    re.DOTALL)
_DIRECTIVE = re.compile(r'^[ \t]*#(?:\\\n|[^\n])*', re.MULTILINE)
_TOKEN = re.compile(r'[A-Za-z_]\w*|\d[\w.\']*|->|::|&&|\S')
_CLOSES = {')': '(', ']': '[', '}': '{'}


@dataclass
class Token:
    text: str
    line: int


def _blank(match):
    """Keeps lines and something to stand for a literal, so that what is around it reads as before."""
    text = match.group(0)
    lines = '\n' * text.count('\n')
    return ' ' + lines if text.startswith('/') else '0' + lines


def code(text):
    """The text without comments, literals (each a 0) and preprocessor lines; line numbers stay."""
    text = _BLANKED.sub(_blank, text)
    return _DIRECTIVE.sub(lambda match: '\n' * match.group(0).count('\n'), text)


def tokens(text):
    stripped = code(text)
    found, line, at = [], 1, 0
    for match in _TOKEN.finditer(stripped):
        line += stripped.count('\n', at, match.start())
        at = match.start()
        found.append(Token(match.group(0), line))
    return found


def matching_brackets(source):
    """Index of each bracket's partner, both ways; brackets without one are left out."""
    partner, open_ones = {}, []
    for index, token in enumerate(source):
        if token.text in _CLOSES.values():
            open_ones.append(index)
        elif token.text in _CLOSES and open_ones and source[open_ones[-1]].text == _CLOSES[token.text]:
            partner[index] = open_ones.pop()
            partner[partner[index]] = index
    return partner


def includes(text):
    """(line number, name, quoted?) of each #include."""
    for number, line in enumerate(text.splitlines(), 1):
        match = re.match(r'\s*#\s*include\s*(?:"([^"]+)"|<([^>]+)>)', line)
        if match:
            yield number, match.group(1) or match.group(2), match.group(1) is not None
