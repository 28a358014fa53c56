"""No capturing lambda, no braced temporary and no short cut in an expression that awaits, and no loop's condition.

g++ 12 runs what is awaited behind `&&`, `||` or `?` whatever stands before it, runs both sides of a `?:` among the
operands of what is awaited (`co_await f(p ? p->x() : 0)` with a null p), and loops for ever or crashes where a `while`
awaits in its condition: await, and choose, in a statement of its own. It also destroys a temporary twice that was made in such an expression: name it in a statement of its own, then move it in;
give a parameter struct a constructor and call it with parentheses. The rule cannot tell an aggregate from a class with
a constructor, so it refuses braces of both."""
import re

from cpp_source import matching_brackets, tokens

_CONDITIONS = {'if', 'while', 'for', 'switch', 'catch'}
_BEFORE_BLOCK = {')', '{', '}', ';', ':', 'else', 'do', 'try', 'noexcept', 'const', 'mutable', 'override', 'final'}
_NO_OPERAND = {'return', 'co_return', 'co_yield', 'co_await', 'case', 'throw', 'else', 'do', 'in'}


def _is_lambda_introducer(source, index):
    """A `[` that is neither a subscript, an attribute's, nor a structured binding's."""
    before = [token.text for token in source[max(index - 2, 0):index]]
    if source[index + 1:index + 2] and source[index + 1].text == '[' or before[-1:] == ['[']:
        return False
    if before in (['auto', '&'], ['auto', '&&']):
        return False
    operand = re.fullmatch(r'\w+', ''.join(before[-1:])) and before[-1] not in _NO_OPERAND
    return not operand and before[-1:] not in ([')'], [']'])


def _lambda_body(source, partner, index):
    """Where the body of the lambda opens whose introducer stands at `index`; None if there is none."""
    at = partner.get(index, len(source)) + 1
    while at < len(source) and source[at].text not in ('{', ';', ')', '}', ']'):
        at = partner.get(at, at) + 1 if source[at].text in ('(', '[') else at + 1
    return at if at < len(source) and source[at].text == '{' else None


def _first_of_expression(source, partner, bodies, at):
    """Back from `at` to where its full expression begins, and the index of the `(` that bounds it, if one does."""
    while at > 0:
        text = source[at - 1].text
        if text in (';', '{'):
            return at, None
        if text in (')', ']', '}') and at - 1 in partner:
            opening = partner[at - 1]
            if text == '}' and opening not in bodies and (opening == 0 or source[opening - 1].text in _BEFORE_BLOCK):
                return at, None
            at = opening
        elif text == '(' and at >= 2 and source[at - 2].text in _CONDITIONS:
            return at, at - 1
        else:
            at -= 1
    return 0, None


def _end_of_expression(source, partner, at, bound):
    """Behind the last token of the full expression that `at` is in; `bound`: the `(` of the condition it is in."""
    limit = len(source) if bound is None else partner.get(bound, len(source))
    while at < limit and source[at].text not in (';', '}'):
        if source[at].text in ('(', '[', '{'):
            at = partner.get(at, limit)
        at += 1
    return min(at, limit)


def _behind_a_short_cut(source, partner, at):
    """Whether what stands at `at` is evaluated or not by what stands before it in the same expression."""
    while at > 0:
        text = source[at - 1].text
        before = source[at - 2].text if at >= 2 else ''
        if text == '?' or (text == '&&' and before != 'auto') or (text == before == '|'):
            return True
        if text in (';', '{', '}'):
            return False
        if text in (')', ']') and at - 1 in partner:
            at = partner[at - 1]
            if at > 0 and source[at - 1].text in _CONDITIONS:
                return False
        elif text == '(' and at >= 2 and source[at - 2].text in _CONDITIONS:
            return False
        else:
            at -= 1
    return False


def check(path, text):
    if not path.endswith(('.cpp', '.hpp')) or 'co_await' not in text:
        return
    source = tokens(text)
    partner = matching_brackets(source)
    bodies = {_lambda_body(source, partner, index)
              for index, token in enumerate(source) if token.text == '[' and _is_lambda_introducer(source, index)}
    found = set()
    for index, token in enumerate(source):
        if token.text != 'co_await':
            continue
        if _behind_a_short_cut(source, partner, index):
            found.add((token.line, 'co_await behind &&, || or ?: await in a statement of its own'))
        at, bound = _first_of_expression(source, partner, bodies, index)
        if bound is not None and source[bound - 1].text == 'while':
            found.add((token.line, 'co_await in the condition of a loop: await in a statement of its own'))
        end = _end_of_expression(source, partner, index, bound)
        while at < end:
            if source[at].text == '[' and at in partner and _is_lambda_introducer(source, at):
                if partner[at] > at + 1:
                    found.add((source[at].line, 'a capturing lambda in an expression that awaits: name it first'))
            elif source[at].text == '{' and at in partner:
                if at not in bodies:
                    found.add((source[at].line, 'a braced temporary in an expression that awaits: name it first'))
                at = partner[at]
            elif source[at].text == '?' and at > index:
                found.add((source[at].line, 'a ?: in an expression that awaits: choose in a statement of its own'))
            at += 1
    yield from sorted(found)
