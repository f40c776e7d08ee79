"""Asks a server under test, over the columns of each kind of source, what a PostgreSQL is asked over tables that hold the same
rows: `columns.py [--share N] [--seed N] [--write] POSTGRES SERVER GAPS FILE...`. POSTGRES is a conninfo of the server that
`column_rows.py` has filled, SERVER one of the server under test, whose users are `eva`, who sees all, and `ana`, from whom a row
filter hides what `column_rows.SHOWN` says.

FILEs hold a statement a line (`--` begins a comment). What names `facts` without a schema is asked over each source, and over
each form that a source has of it. Then follow conditions on every column by its own values, and the operators and functions of
PostgreSQL's catalogs over columns, of both of which --share asks one in N. Answers differ in names, types, values or SQLSTATE;
rows have an order only where a statement says so.

Each line of GAPS is a statement that isn't supported, behind the source, or `any`, and the SQLSTATE. Prints what differs and isn't
known, and what is known and no longer differs. Of what was made of the catalogs, whatever isn't supported counts as known.
"""

import argparse
import collections
import random
import re
import sys

from answers import LOST, Failed, Rows, Session, are_told_alike, are_types_alike
from column_rows import COLUMNS, TAME, values
from expression_grammar import catalog_forms, syntax_forms

import psycopg

ZONE = "America/New_York"
# Where `facts` is found, and under which names it is asked for.
SCHEMAS = {"shop": ["facts"], "lake": ["facts", "grouped", "parted"], "history": ["facts"]}
HELD = {"shop": "kind", "lake": "delta", "history": "avro"}
# With these a server says that it lacks something, or that a value is beyond the engine's ranges.
LACKS = ("0A000", "42883", "42704")
BEYOND = ("interval out of range", "timestamp out of range")
FACTS = re.compile(r"(?<![.\w])facts\b")
BATCH = 25
# Of what is equal here and shown in several ways it isn't said which is the least.
TIES = ("f4", "f8", "nu", "iv", "du", "af", "ag", "jb", "mo", "bp")
COMPARISONS = ("=", "<>", "<", "<=", ">", ">=", "IS DISTINCT FROM")


class Pair:
    """The same place on both servers."""

    def __init__(self, arguments, database, user, schema):
        setup = [f"SET search_path = {schema}", f"SET TimeZone = '{ZONE}'", "SET statement_timeout = '20s'"]
        self.schema, self.user = schema, user
        self.theirs = Session(f"{arguments.postgres} dbname={database}", 30, setup)
        self.ours = Session(f"{arguments.server} user={user} password={user}-secret", 30, setup)


class Comparison:
    def __init__(self, arguments):
        self.pairs = [
            Pair(arguments, database, user, schema)
            for database, user in (("reference", "eva"), ("hidden", "ana"))
            for schema in SCHEMAS
        ]
        self.random = random.Random(arguments.seed)
        self.count = collections.Counter()
        self.found, self.lacking = {}, collections.Counter()
        # What differs, by what is said of it without the place.
        self.different = collections.defaultdict(list)

    def everywhere(self, statement):
        """The statement in each place, as it is written there."""
        for pair in self.pairs:
            if not FACTS.search(statement):
                if pair.schema == "shop":
                    yield pair, statement
                continue
            for name in SCHEMAS[pair.schema]:
                yield pair, FACTS.sub(name, statement)

    def written(self, statement):
        """One that somebody wrote, whose gaps are listed."""
        for pair, sql in self.everywhere(statement):
            wanted, given = pair.theirs.ask(sql), pair.ours.ask(sql)
            outcome = judged(wanted, given, is_ordered(sql))
            self.count[outcome] += 1
            if outcome == "not supported":
                self.found[(pair.schema, statement)] = given.code
            elif outcome == "different":
                self.report(pair, sql, wanted, given)

    def made(self, statement, values=None):
        """One of very many, with the values of its parameters."""
        for pair, sql in self.everywhere(statement):
            wanted, given = pair.theirs.ask(sql, values=values), pair.ours.ask(sql, values=values)
            outcome = judged(wanted, given, is_ordered(sql))
            self.count[outcome] += 1
            if outcome == "different":
                self.report(pair, f"{sql} {values or ''}", wanted, given)
            elif outcome == "not supported":
                self.lacking[given.code + " " + given.message] += 1

    def report(self, pair, sql, wanted, given):
        plain = re.sub(r"\b(grouped|parted)\b", "facts", sql)
        self.different[plain].append((f"{pair.user} of {pair.schema}", f"PostgreSQL: {wanted!r}\n  Weir:       {given!r}"))

    def expressions(self, forms):
        """Forms over columns, over the rows with everyday values and over the others. What fails in PostgreSQL is asked alone."""
        for pair in self.pairs:
            for name in SCHEMAS[pair.schema]:
                for rows in (f"a.id <= {TAME}", f"a.id > {TAME}"):
                    self.over(pair, name, rows, forms[pair.schema])

    def over(self, pair, name, rows, expressions):
        def sql(chosen):
            listed = ", ".join(f"{expression} AS e{number}" for number, expression in enumerate(chosen))
            return f"SELECT a.id, {listed} FROM {name} a JOIN {name} b ON b.id = 1 + a.id * 7 % 64 WHERE {rows} ORDER BY 1"

        waiting = []
        for expression in expressions:
            wanted = pair.theirs.ask(sql([expression]))
            if isinstance(wanted, Failed):
                self.settle(pair, sql([expression]), wanted)
                continue
            waiting.append((expression, wanted))
            if len(waiting) == BATCH:
                self.batch(pair, sql, waiting)
                waiting = []
        self.batch(pair, sql, waiting)

    def batch(self, pair, sql, waiting):
        """All in one statement; if it fails or differs, in two."""
        if not waiting:
            return
        given = pair.ours.ask(sql([expression for expression, _ in waiting]))
        if len(waiting) == 1:
            self.settle(pair, sql([waiting[0][0]]), waiting[0][1], given)
            return
        if isinstance(given, Rows) and all(is_column(wanted, given, number) for number, (_, wanted) in enumerate(waiting)):
            self.count["equal"] += len(waiting)
            return
        middle = len(waiting) // 2
        self.batch(pair, sql, waiting[:middle])
        self.batch(pair, sql, waiting[middle:])

    def settle(self, pair, sql, wanted, given=None):
        given = given or pair.ours.ask(sql)
        outcome = judged(wanted, given, True)
        if outcome == "different" and isinstance(wanted, Failed) and isinstance(given, Failed) and given.code != LOST:
            # Which of several rows fails first isn't said.
            outcome = "another error"
        self.count[outcome] += 1
        if outcome == "different":
            self.report(pair, sql, wanted, given)
        elif outcome == "not supported":
            self.lacking[given.code + " " + re.sub(r"\d+", "N", given.message)[:100]] += 1


def is_column(wanted, given, number):
    place = number + 1
    return (
        are_types_alike(wanted.columns[1][1], given.columns[place][1])
        and len(wanted.rows) == len(given.rows)
        and all(a[0] == b[0] and a[1] == b[place] for a, b in zip(wanted.rows, given.rows))
    )


def is_ordered(sql):
    return "order by" in sql.lower().rsplit(")", 1)[-1]


def judged(wanted, given, is_ordered):
    if isinstance(wanted, Failed):
        if isinstance(given, Failed) and wanted.code == given.code:
            return "equal errors"
    elif isinstance(given, Rows) and are_told_alike(wanted.columns, given.columns):
        rows = [answer.rows if is_ordered else sorted(answer.rows, key=repr) for answer in (wanted, given)]
        if rows[0] == rows[1]:
            return "equal"
    return "not supported" if isinstance(given, Failed) and is_lack(given) else "different"


def is_lack(given):
    return given.code in LACKS or given.code == "22008" and given.message in BEYOND


def conditions():
    """Each column compared with each value that it has, and tested in the ways that a source or a file's statistics may decide:
    statements with the values of their parameters, if they have any."""
    made = values()
    for name, column in COLUMNS.items():
        found = [value for value in dict.fromkeys([*column.wild, *made[name][:3]]) if value is not None]
        for value in found:
            quoted = "'" + value.replace("'", "''") + "'"
            for operator in COMPARISONS:
                yield f"SELECT id FROM facts WHERE {name} {operator} {quoted} ORDER BY id"
                yield f"SELECT id FROM facts WHERE {name} {operator} $1 ORDER BY id", [value]
            yield f"SELECT id FROM facts WHERE NOT ({name} < {quoted}) OR id = 3 ORDER BY id"
            if name not in TIES:
                yield f"SELECT count(*), min({name}), max({name}) FROM facts WHERE {name} > {quoted}"
            yield f"SELECT id FROM facts WHERE {name} NOT IN ({quoted}, NULL) ORDER BY id"
            yield f"SELECT id FROM facts WHERE {quoted} >= {name} AND {name} IS NOT NULL ORDER BY id"
        for first, second in zip(found, found[1:]):
            first, second = ("'" + value.replace("'", "''") + "'" for value in (first, second))
            yield f"SELECT id FROM facts WHERE {name} IN ({first}, {second}) ORDER BY id"
            yield f"SELECT id FROM facts WHERE {name} NOT IN ({first}, {second}) ORDER BY id"
            yield f"SELECT id FROM facts WHERE {name} BETWEEN {first} AND {second} ORDER BY id"
            yield f"SELECT id FROM facts WHERE {name} NOT BETWEEN SYMMETRIC {first} AND {second} ORDER BY id"
            yield f"SELECT id FROM facts WHERE {name} = {first} OR {name} > {second} ORDER BY id"


def kinds_of(schema):
    """Columns by the short name of their type there."""
    kinds = collections.defaultdict(list)
    for name, column in COLUMNS.items():
        held = getattr(column, HELD[schema])
        kind = held if isinstance(held, str) or held is None else held.kind
        if kind is not None:
            short = re.sub(r"\(.*?\)", "", kind).strip('"')
            kinds["bpchar" if short == "char" and column.kind.startswith("char(") else short].append(name)
    return kinds


def forms(connection, share, chooser):
    """The catalogs' forms over the columns of each schema: each argument is another column of its type where there is one."""
    found = [*catalog_forms(connection), *syntax_forms()]
    chooser.shuffle(found)
    found = found[: len(found) // share]
    made = {}
    for schema in SCHEMAS:
        kinds = kinds_of(schema)
        made[schema] = [over(form, kinds, chooser) for form in found if all(kinds.get(kind) for kind in form.arguments)]
    return made


def over(form, kinds, chooser):
    parts = [form.pieces[0]]
    for number, (kind, piece) in enumerate(zip(form.arguments, form.pieces[1:])):
        parts += [f"{'ab'[number % 2]}.{chooser.choice(kinds[kind])}", piece]
    return "(" + "".join(parts) + ")"


def statements(file):
    lines = (line.strip() for line in open(file, encoding="utf-8"))
    return [line for line in lines if line and not line.startswith("--")]


def known(gaps):
    """Statements by the places where they aren't supported, and the SQLSTATEs."""
    return {(place, statement): code for place, code, statement in (line.split(" ", 2) for line in statements(gaps))}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--share", type=int, default=1)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--only", choices=("written", "conditions", "forms"))
    parser.add_argument("postgres")
    parser.add_argument("server")
    parser.add_argument("gaps")
    parser.add_argument("files", nargs="*")
    arguments = parser.parse_args()
    comparison = Comparison(arguments)
    if arguments.only in (None, "written"):
        for file in arguments.files:
            for statement in statements(file):
                comparison.written(statement)
        if arguments.write:
            with open(arguments.gaps, "w", encoding="utf-8") as out:
                out.write("-- Statements over columns that aren't supported, by the source and the SQLSTATE; see columns.py.\n")
                out.writelines(f"{place} {code} {statement}\n" for (place, statement), code in comparison.found.items())
        else:
            gaps = known(arguments.gaps)
            for key, code in comparison.found.items():
                if gaps.get(key) != code:
                    print(f"{key[0]}: {key[1]}\n  isn't supported: {code}")
            for place, statement in gaps.keys() - comparison.found.keys():
                print(f"{place}: {statement}\n  no longer differs: take it out of {arguments.gaps}")
    if arguments.only in (None, "conditions"):
        for made in conditions():
            if comparison.random.randrange(arguments.share) == 0:
                comparison.made(*(made if isinstance(made, tuple) else (made,)))
    if arguments.only in (None, "forms"):
        with psycopg.connect(f"{arguments.postgres} dbname=reference", autocommit=True) as connection:
            comparison.expressions(forms(connection, arguments.share, comparison.random))
    for sql, differences in comparison.different.items():
        print(f"{sql}\n  {', '.join(dict.fromkeys(place for place, _ in differences))}\n  {differences[0][1]}")
    for outcome, count in comparison.count.most_common():
        print(f"{count:>7} {outcome}", file=sys.stderr)
    for what, count in comparison.lacking.most_common(40):
        print(f"{count:>7} not supported: {what}", file=sys.stderr)


if __name__ == "__main__":
    main()
