"""Compares random expressions on a PostgreSQL and on a server under test:

    expressions.py [--seed N] [--count N] [--depth N] [--shown N] [--lacking SHARE] [--unneeded SHARE] [--without REGEX] POSTGRES WEIR

Both are conninfos. Prints how many expressions had which outcome, what the server under test lacks most, and differences in
value, type or SQLSTATE, each made as small as it still differs. Ends with status 1 if there are any, if more than the share
--lacking isn't supported, or if of more than the share --unneeded one server has computed a part that the other did without.
--without leaves out operators and functions by their whole names. The same seed makes the same expressions with the same version
of PostgreSQL.

Both may fail, each with an error of its own, since which of several is met first isn't said: of several rows, or of several
arguments of one call. That is told from a difference by looking for both errors in parts of the expression over single rows,
and counts only if both servers fail there alike.
"""

import argparse
import collections
import random
import re
import sys

import psycopg
from answers import LOST, Failed, Rows, Session
from expression_grammar import VALUES, Grammar, Node, column_of, table, typed

BATCH = 40
ROWS = 4
TRIES = 300
# With these a server says that it lacks something.
LACKS = ("0A000", "42883")
# What PostgreSQL says when a statement takes too long or too much, which tells nothing.
TOO_MUCH = (LOST, "57014", "53200", "54000", "54001")
# Times of seven digits of hours, and moments of six digits of years.
BEYOND = re.compile(r"\d{7,}:\d\d:\d\d|\d{6,}-\d\d-\d\d")
# One of the servers has computed a part that the other found it could do without, such as what is compared with a value that
# is always NULL; asked for that part alone, both fail.
UNNEEDED = "an error of a part that needn't be computed"
ZONES = ("UTC", "America/New_York", "Asia/Kolkata")


class Comparison:
    def __init__(self, arguments, seed):
        self.random = random.Random(seed)
        zone = ZONES[seed % len(ZONES)]
        setup = ["SET statement_timeout = '5s'", f"SET TimeZone = '{zone}'"]
        self.theirs, self.ours = (Session(dsn, 20, setup) for dsn in (arguments.postgres, arguments.weir))
        with psycopg.connect(arguments.postgres, autocommit=True) as connection:
            self.grammar = Grammar(connection, arguments.without)
        self.rows = table(self.random, ROWS)
        self.count = collections.Counter()
        self.lacking = collections.Counter()
        self.different = []

    def sql(self, expressions, rows=None):
        """One SELECT of the expressions, over the columns that they name."""
        written = ", ".join(f"{expression} AS e{number}" for number, expression in enumerate(expressions))
        used = sorted(set().union(*map(columns, expressions)))
        if not used:
            return f"SELECT {written}"
        kinds = {column_of(kind): kind for kind in VALUES}
        values = [
            "(" + ", ".join([str(number), *(typed(kinds[name], row[kinds[name]]) for name in used)]) + ")"
            for number, row in enumerate(rows or self.rows)
        ]
        return f"SELECT {written} FROM (VALUES {', '.join(values)}) t(n, {', '.join(used)}) ORDER BY n"

    def run(self, count, depth):
        waiting = []
        for _ in range(count):
            expression = self.grammar.expression(self.random, depth)
            wanted = self.theirs.ask(self.sql([expression]))
            if isinstance(wanted, Failed):
                self.judge(expression, wanted, self.ours.ask(self.sql([expression])))
                continue
            waiting.append((expression, wanted))
            if len(waiting) == BATCH:
                self.compare(waiting)
                waiting = []
        self.compare(waiting)

    def compare(self, waiting):
        """All in one statement; if it fails, in two."""
        if not waiting:
            return
        given = self.ours.ask(self.sql([expression for expression, _ in waiting]))
        if len(waiting) == 1:
            self.judge(*waiting[0], given)
        elif isinstance(given, Failed):
            middle = len(waiting) // 2
            self.compare(waiting[:middle])
            self.compare(waiting[middle:])
        else:
            for number, (expression, wanted) in enumerate(waiting):
                if same(wanted, column(given, number, len(wanted.rows))):
                    self.count["equal"] += 1
                else:
                    self.judge(expression, wanted, self.ours.ask(self.sql([expression])))

    def judge(self, expression, wanted, given):
        outcome = self.outcome(expression, wanted, given)
        self.count[outcome] += 1
        if outcome == "not supported":
            self.lacking[lack(given)] += 1
        elif outcome == "different":
            self.different.append(expression)

    def outcome(self, expression, wanted, given, rows=None):
        outcome = judged(wanted, given)
        codes = {answer.code for answer in (wanted, given) if isinstance(answer, Failed)}
        if outcome != "different" or not codes:
            return outcome
        alike, lacking = self.errors_within(expression, rows)
        if codes <= alike:
            return UNNEEDED if len(codes) == 1 else "another error first"
        if len(codes) == 2 and codes <= alike | lacking:
            return "not supported"
        if isinstance(given, Failed) and given.code == "22008" and self.leaves_range(expression, rows):
            return "beyond the range of times"
        return outcome

    def differs(self, expression, rows=None):
        sql = self.sql([expression], rows)
        return self.outcome(expression, self.theirs.ask(sql), self.ours.ask(sql), rows) == "different"

    def errors_within(self, expression, rows):
        """What parts of the expression fail with, over a row: on both servers alike, and on PostgreSQL where the server under
        test lacks something."""
        alike, lacking = set(), set()
        for part in [*below(expression), expression]:
            if not isinstance(self.theirs.ask(self.sql([part], rows)), Failed):
                continue
            for row in rows or self.rows:
                for sql in (self.sql([part], [row]), unplanned(part, row)):
                    wanted = self.theirs.ask(sql)
                    given = self.ours.ask(sql) if isinstance(wanted, Failed) else wanted
                    if isinstance(given, Failed) and given.code == wanted.code:
                        alike.add(wanted.code)
                    elif isinstance(given, Failed) and given.code in LACKS:
                        lacking.add(wanted.code)
        return alike, lacking

    def leaves_range(self, expression, rows):
        """Whether a part of it is a moment or a span that PostgreSQL has and that the server under test, as is written in
        docs/sql.md, hasn't: after the year 294246, or of more than 2,562,047 hours."""
        for part in [*below(expression), expression]:
            for row in rows or self.rows:
                sql = unplanned(part, row)
                wanted = self.theirs.ask(sql)
                if not isinstance(wanted, Rows) or not any(BEYOND.search(cell or "") for cell in wanted.rows[0]):
                    continue
                given = self.ours.ask(sql)
                if isinstance(given, Failed) and given.code == "22008":
                    return True
        return False

    def shrunk(self, expression):
        """The smallest expression found that differs, and the rows that it needs."""
        tries = TRIES
        is_smaller = True
        while is_smaller and tries > 0:
            is_smaller = False
            for candidate in candidates(expression):
                tries -= 1
                if tries <= 0:
                    break
                if self.differs(candidate):
                    expression, is_smaller = candidate, True
                    break
        for row in self.rows:
            constant = with_constants(expression, row)
            if self.differs(constant):
                return self.sql([constant])
        for row in self.rows:
            if self.differs(expression, [row]):
                return self.sql([expression], [row])
        return self.sql([expression])


def unplanned(expression, row):
    """A SELECT of it over one row, with no constant that a planner could compute."""
    constants = {}
    expression = without_constants(with_constants(expression, row), constants)
    values = ", ".join(f"{value} AS {name}" for name, value in constants.items())
    return f"SELECT {expression} AS e0 FROM (SELECT {values} OFFSET 0) t" if constants else f"SELECT {expression} AS e0"


def columns(node):
    return {node.column} if node.column else set().union(*map(columns, node.children), set())


def column(answer, number, rows):
    """One column of a batch's answer. Without columns of the table an expression by itself has one row."""
    made = Rows.__new__(Rows)
    made.columns = [("e0", answer.columns[number][1])]
    made.rows = [(row[number],) for row in answer.rows[:rows]]
    return made


def same(wanted, given):
    return wanted.columns == given.columns and wanted.rows == given.rows


def judged(wanted, given):
    if isinstance(wanted, Failed):
        if wanted.code in TOO_MUCH:
            return "too much for PostgreSQL"
        if isinstance(given, Failed) and wanted.code == given.code:
            return "equal errors"
    elif isinstance(given, Rows) and same(wanted, given):
        return "equal"
    return "not supported" if isinstance(given, Failed) and given.code in LACKS else "different"


def lack(given):
    return given.code + " " + re.sub(r"\d+", "N", given.message)[:100]


def candidates(node):
    """The node with one part of it made simpler, the largest parts first."""
    level = [((), node)]
    while level:
        for path, part in level:
            for simpler in simpler_than(part, is_root=not path):
                yield replaced(node, path, simpler)
        level = [
            ((*path, number), inner)
            for path, part in level
            for number, inner in enumerate(part.parts)
            if isinstance(inner, Node)
        ]


def simpler_than(part, is_root):
    if not part.children:
        plain = typed(part.kind, VALUES[part.kind][0])
        if str(part) != plain and not str(part).startswith("NULL") and part.column:
            yield Node(part.kind, (plain,))
        return
    found = [child for child in below(part) if is_root or child.kind == part.kind]
    yield from sorted(found, key=lambda child: len(str(child)))
    yield Node(part.kind, (typed(part.kind, VALUES[part.kind][0]),))
    yield Node(part.kind, (typed(part.kind, None),))


def below(part):
    for child in part.children:
        if child.children:
            yield child
        yield from below(child)


def replaced(node, path, simpler):
    if not path:
        return simpler
    parts = list(node.parts)
    parts[path[0]] = replaced(parts[path[0]], path[1:], simpler)
    return Node(node.kind, tuple(parts))


def with_constants(node, row):
    if node.column:
        return Node(node.kind, (typed(node.kind, row[node.kind]),))
    parts = tuple(with_constants(part, row) if isinstance(part, Node) else part for part in node.parts)
    return Node(node.kind, parts)


def without_constants(node, constants):
    """The node over columns: they and what they hold are added to `constants`."""
    if not node.children:
        name = f"k{len(constants)}"
        constants[name] = f"CAST({node} AS {node.kind})"
        return Node(node.kind, (name,), name)
    parts = tuple(without_constants(part, constants) if isinstance(part, Node) else part for part in node.parts)
    return Node(node.kind, parts)


def shape(sql):
    """Differences of one shape are shown once."""
    return re.sub(r"'(?:[^']|'')*'|\d+", "?", sql)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=20000)
    parser.add_argument("--depth", type=int, default=3)
    parser.add_argument("--shown", type=int, default=20)
    parser.add_argument("--lacking", type=float, default=1)
    parser.add_argument("--unneeded", type=float, default=1)
    parser.add_argument("--without", default="(?!)")
    parser.add_argument("postgres")
    parser.add_argument("weir")
    arguments = parser.parse_args()
    comparison = Comparison(arguments, arguments.seed)
    print(f"seed {arguments.seed}, {comparison.grammar.size} operators, functions, conversions and syntax")
    comparison.run(arguments.count, arguments.depth)
    for outcome, count in comparison.count.most_common():
        print(f"{count:>7} {outcome}")
    for what, count in comparison.lacking.most_common(arguments.shown):
        print(f"{count:>7} not supported: {what}")
    shown = set()
    for expression in comparison.different:
        if len(shown) >= arguments.shown:
            break
        sql = comparison.shrunk(expression)
        if shape(sql) not in shown:
            shown.add(shape(sql))
            theirs, ours = comparison.theirs.ask(sql), comparison.ours.ask(sql)
            print(f"\n{sql}\n   PostgreSQL {theirs!r}\n   Weir       {ours!r}", flush=True)
    is_well = not comparison.different
    limits = {"not supported": arguments.lacking, UNNEEDED: arguments.unneeded}
    for outcome, limit in limits.items():
        share = comparison.count[outcome] / max(arguments.count, 1)
        if share > limit:
            print(f"\n{outcome}: {share:.2%}, more than {limit:.2%}")
            is_well = False
    sys.exit(0 if is_well else 1)


if __name__ == "__main__":
    main()
