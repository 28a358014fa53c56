"""Each rule finds the bad examples, at their line, and leaves the good ones alone."""
import re
import unittest

import rule_coroutines
import rule_includes
import rule_links
import rule_shape
from lint import ROOT, RULES, sources


def lines_found(rule, path, text):
    return [line for line, _ in rule.check(path, text)]


class Includes(unittest.TestCase):
    def found(self, path, include):
        return lines_found(rule_includes, path, f'// A line.\n#include {include}\n')

    def test_a_room_may_include_itself_and_what_is_below(self):
        for path, include in [('lib/netlink/a.cpp', '"netlink/message.hpp"'),
                              ('lib/rtnl/kinds/bridge.cpp', '"rtnl/kinds/bridge.hpp"'),
                              ('lib/kernel/a.cpp', '"state/pass.hpp"'),
                              ('lib/sink/pump.cpp', '"backlog/feed.hpp"'),
                              ('lib/kernel/a.hpp', '"metrics/histogram.hpp"'),
                              ('daemon/app.cpp', '"sink/pump.hpp"'),
                              ('daemon/app.cpp', '"app.hpp"')]:
            self.assertEqual(self.found(path, include), [], (path, include))

    def test_no_arrow_points_the_other_way(self):
        for path, include in [('lib/netlink/a.hpp', '"rtnl/link.hpp"'),
                              ('lib/state/a.cpp', '"record/entry.hpp"'),
                              ('lib/kernel/a.cpp', '"backlog/backlog.hpp"'),
                              ('lib/record/a.cpp', '"kernel/sync_machine.hpp"'),
                              ('lib/backlog/a.cpp', '"sink/pump.hpp"'),
                              ('lib/sink/a.cpp', '"kernel/event_socket.hpp"'),
                              ('lib/metrics/a.cpp', '"record/safe_text.hpp"'),
                              ('lib/sink/a.cpp', '"daemon/app.hpp"')]:
            self.assertEqual(self.found(path, include), [2], (path, include))

    def test_includes_are_rooted(self):
        self.assertEqual(self.found('lib/backlog/a.cpp', '"ring.hpp"'), [2])
        self.assertEqual(self.found('lib/backlog/a.cpp', '"../state/row.hpp"'), [2])

    def test_a_new_room_needs_its_line(self):
        self.assertEqual(self.found('lib/attic/a.cpp', '"state/row.hpp"'), [2])

    def test_libraries_show_where_they_may(self):
        for path, include in [('lib/kernel/a.hpp', '<boost/asio/io_context.hpp>'),
                              ('lib/record/reader.cpp', '<nlohmann/json.hpp>'),
                              ('lib/netlink/a.hpp', '<linux/netlink.h>'),
                              ('lib/record/filter.cpp', '<fnmatch.h>'),
                              ('daemon/log.cpp', '<spdlog/spdlog.h>'),
                              ('daemon/main.cpp', '<CLI/CLI.hpp>'),
                              ('tests/unit/record/a.cpp', '<nlohmann/json.hpp>')]:
            self.assertEqual(self.found(path, include), [], (path, include))

    def test_libraries_show_nowhere_else(self):
        for path, include in [('lib/state/a.hpp', '<boost/asio/io_context.hpp>'),
                              ('lib/record/reader.hpp', '<nlohmann/json_fwd.hpp>'),
                              ('lib/backlog/a.cpp', '<nlohmann/json.hpp>'),
                              ('lib/sink/log.cpp', '<spdlog/spdlog.h>'),
                              ('lib/sink/a.cpp', '<boost/beast/http.hpp>'),
                              ('daemon/metrics/a.cpp', '<prometheus/registry.h>'),
                              ('lib/sink/a.cpp', '<systemd/sd-journal.h>'),
                              ('daemon/main.cpp', '<toml++/toml.h>'),
                              ('lib/rtnl/a.cpp', '<gtest/gtest.h>')]:
            self.assertEqual(self.found(path, include), [2], (path, include))


class Coroutines(unittest.TestCase):
    def found(self, *body):
        return lines_found(rule_coroutines, 'lib/sink/a.cpp', '\n'.join(body))

    def test_capturing_lambdas(self):
        self.assertEqual(self.found('co_await f([x] { return x; });'), [1])
        self.assertEqual(self.found('co_await f([&](int a) -> int { return a; });'), [1])
        self.assertEqual(self.found('auto r = co_await co_spawn(', '    ex, [this]() -> awaitable<void> { go(); }, use);'),
                         [2])
        self.assertEqual(self.found('g([=] { return 1; }, co_await f());'), [1])
        self.assertEqual(self.found('co_return co_await f([x] { return x; });'), [1])

    def test_braced_temporaries(self):
        self.assertEqual(self.found('co_await f(Options{.limit = 3});'), [1])
        self.assertEqual(self.found('co_await f({1, 2});'), [1])
        self.assertEqual(self.found('g(Options{}, co_await f());'), [1])
        self.assertEqual(self.found('if (co_await f(Options{})) {', '}'), [1])
        self.assertEqual(self.found('if (!co_await f(std::vector<int>{1})) g();'), [1])
        self.assertEqual(self.found('auto x = Options{1} + co_await f();'), [1])
        self.assertEqual(self.found('if (a) {', '    b();', '}', 'co_await f(Options{});'), [4])

    def test_short_cuts(self):
        self.assertEqual(self.found('if (a && !co_await f()) g();'), [1])
        self.assertEqual(self.found('co_return a || co_await f();'), [1])
        self.assertEqual(self.found('auto x = a ? 1 : co_await f();'), [1])
        self.assertEqual(self.found('g(a && h(co_await f()));'), [1])
        self.assertEqual(self.found('co_await f(p ? p->x() : 0);'), [1])
        for body in ('while (!a && !b()) co_await f();', 'if (a || b) co_await f();', 'if (co_await f() && a) g();',
                     'bool x = a && b; co_await f();', 'auto x = a ? b : c; co_await f(x);', 'for (; a && b; ++a) co_await f();'):
            self.assertEqual(self.found(body), [], body)

    def test_conditions_of_loops(self):
        self.assertEqual(self.found('while (co_await f()) {', '}'), [1])
        self.assertEqual(self.found('while (!co_await f()) g();'), [1])
        self.assertEqual(self.found('do {', '    g();', '} while (co_await f());'), [3])
        for body in ('while (a()) co_await f();', 'for (bool a = true; a;) a = co_await f();'):
            self.assertEqual(self.found(body), [], body)

    def test_inside_the_lambda_that_awaits(self):
        self.assertEqual(self.found('co_spawn(ex, [this]() -> awaitable<void> {', '    co_await f(Options{});', '}, g);'),
                         [2])

    def test_what_is_named_first(self):
        self.assertEqual(self.found('auto done = [x] { return x; };', 'co_await f(std::move(done));'), [])
        self.assertEqual(self.found('Options options{.limit = 3};', 'co_await f(options);'), [])

    def test_what_only_stands_near(self):
        for body in [('co_await f([] { return 1; });',),
                     ('co_spawn(ex, [this]() -> awaitable<void> { co_await f(); }, detached);',),
                     ('if (co_await f()) {', '    g(Options{}, [x] { return x; });', '}'),
                     ('for (auto& x : co_await f()) {', '    g({x});', '}'),
                     ('if (auto r = co_await f(); !r) {', '    Options o{1};', '}'),
                     ('Options o{1};', 'co_await f(o);', 'g(Options{2});'),
                     ('if (a) {', '    g({1});', '} else {', '    g({2});', '}', 'co_await f();'),
                     ('auto [a, b] = co_await f();',),
                     ('auto&& [a, b] = co_await f();',),
                     ('Options o{co_await f()};',),
                     ('[[maybe_unused]] auto n = co_await f(a[i]);',),
                     ('// co_await f(Options{});',),
                     ('g("co_await f(Options{})");',),
                     ("g('{'); co_await f('{', R\"({[x])\");",)]:
            self.assertEqual(self.found(*body), [], body)


class Shape(unittest.TestCase):
    GOOD = '// What a thing is: in one sentence.\n#pragma once\n'

    def test_a_good_header(self):
        self.assertEqual(lines_found(rule_shape, 'lib/a/a.hpp', self.GOOD), [])
        self.assertEqual(lines_found(rule_shape, 'lib/a/a.hpp', '// A sentence that\n// goes on.\n#pragma once\n'), [])

    def test_length(self):
        self.assertEqual(lines_found(rule_shape, 'lib/a/a.cpp', 'int a;\n' * 400), [])
        self.assertEqual(lines_found(rule_shape, 'lib/a/a.cpp', 'int a;\n' * 401), [401])

    def test_headers_open_with_a_sentence_and_the_pragma(self):
        for text in ['#pragma once\n', '// netlink\n#pragma once\n']:
            self.assertEqual(lines_found(rule_shape, 'lib/a/a.hpp', text), [1], text)
        self.assertEqual(lines_found(rule_shape, 'lib/a/a.hpp', '// What a thing is.\n#include <vector>\n'), [2])


class Links(unittest.TestCase):
    def found(self, text):
        return lines_found(rule_links, 'README.md', text)

    def test_files(self):
        self.assertEqual(self.found('see [the map](lib/README.md#rooms), [it](dev)\nand [that](https://a.test/b)'), [])
        self.assertEqual(self.found('see [the map](lib/README.md)\nand [what is not](lib/nothing.md)'), [2])

    def test_tests(self):
        here = 'tests/lint/test_rules.py'
        self.assertEqual(self.found(f'[`test_length`]({here}) [Loss.{{}}](tests/netns/loss_test.cpp)'), [])
        self.assertEqual(self.found(f'[test_nothing]({here})'), [1])
        there = 'tests/unit/state/table_test.cpp'
        suite, name = re.search(r'TEST\((\w+), (\w+)\)', (ROOT / there).read_text()).groups()
        self.assertEqual(self.found(f'[{suite}.{name}]({there})'), [])
        self.assertEqual(self.found(f'[{suite}.{name}Not]({there})'), [1])


class Tree(unittest.TestCase):
    def test_the_sources_are_found(self):
        paths = [path.as_posix() for path in sources()]
        self.assertTrue(any(path.endswith('lib/netlink/message.cpp') for path in paths))
        self.assertTrue(any(path.endswith('tests/lint/lint.py') for path in paths))
        self.assertEqual(RULES, ('includes', 'coroutines', 'shape', 'links'))


if __name__ == '__main__':
    unittest.main()
