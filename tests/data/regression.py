"""Which share of PostgreSQL's own regression tests a server answers as PostgreSQL does.

    regression.py --files FOLDER [--only NAME...] [--differences] POSTGRES WEIR

FOLDER holds the tests' .sql files: src/test/regress/sql of PostgreSQL's sources, or test/sql/postgres_regress of those of
libpg_query. POSTGRES is the conninfo of a superuser. WEIR is the server's binary: then a database is made, and the server
is started over it. Or it is the conninfo of a running server that shows the schema `public` of the database, a fresh one,
that POSTGRES names; it should look for new tables every second or so.

Everything in a file is run by PostgreSQL, and at its place each statement that only reads by Weir, too. Answers are equal if
names and types of the columns, and the rows as text are (in order, if the statement has ORDER BY), or SQLSTATE and message.
Printed are a line for each file and for all: equal answers, those compared, their share, and how many reads were left out:
such as tell of the server or the moment, read catalogs, name what the tests define and no source can hold (functions,
types, operators), depend on psql, or stand in a transaction whose changes others don't see.

The files that the tests load their tables from come with PostgreSQL alone; rows like theirs are made here. Temporary tables
are made as others, since Weir reads in sessions of its own.
"""

import argparse
import collections
import os
import pathlib
import re
import sys
import time

from answers import LOST, Failed, Rows, Session, are_told_alike
from psql_file import statements
from regression_setup import MADE, Started, fresh_database

FILES = """test_setup boolean char name varchar text int2 int4 int8 oid float4 float8 bit numeric numeric_big strings md5
numerology money uuid macaddr macaddr8 inet date time timetz timestamp timestamptz interval horology unicode regex
case expressions errors select select_distinct select_distinct_on select_implicit select_having subselect union limit
aggregates groupingsets window with join arrays rowtypes rangetypes multirangetypes json json_encoding jsonb jsonpath
jsonpath_encoding jsonb_jsonpath sqljson sqljson_queryfuncs sqljson_jsontable tsrf rangefuncs""".split()

READS = re.compile(r"[(\s]*(select|values|table|with)\b")
CHANGES = re.compile(
    r"\b(insert\s+into|update\s+\w|delete\s+from|merge\s+into|nextval|setval|set_config|lo_\w+|pg_notify|pg_sleep\w*"
    r"|pg_advisory\w*)\b|\bfor\s+(no\s+key\s+)?(update|share|key\s+share)\b|\binto\s+(temp|temporary|unlogged|table)?\s*\w"
)
# What differs from server to server, or from one moment to the next.
OWN = re.compile(
    r"\b(random\w*|now|clock_timestamp|statement_timestamp|transaction_timestamp|timeofday|current_date|current_time\w*"
    r"|localtime\w*|currval|lastval|gen_random_uuid|txid_\w+|pg_current_\w+|current_user|session_user|current_role"
    r"|current_catalog|current_database|version|pg_backend_pid|inet_(server|client)_\w+|pg_relation_\w+|pg_table_size|pg_column_\w+"
    r"|pg_total_\w+|tableoid|ctid|xmin|xmax|oid|age|pg_read_\w+|pg_ls_\w+|pg_stat_\w+|pg_get_\w+|tablesample|cmin|cmax)\b"
)
CATALOG = re.compile(r"\b(from|join)\s+(only\s+)?(pg_catalog\.|information_schema\.)?(pg_\w+|(?<=schema\.)\w+)\b(?!\s*\()")
DEFINES = re.compile(
    r"create\s+(or\s+replace\s+)?(function|procedure|aggregate|type|domain|operator|cast|language|collation)\s+(.*)", re.S
)
TEMPORARY = re.compile(
    r"\b(create\s+(?:or\s+replace\s+)?|into\s+)(?:(?:global|local)\s+)?temp(?:orary)?\s+"
    r"((?:recursive\s+)?(?:view|sequence)\s+|(?:table\s+)?)((?:if\s+not\s+exists\s+)?)([\w$]+)",
    re.I,
)
# Server-wide objects would outlast the run.
SERVER_WIDE = re.compile(r"(create|alter|drop)\s+(tablespace|database|role|user|group|subscription)\b|\bgrant\b|\brevoke\b")
OF_SESSION = re.compile(r"(begin|start|commit|end|rollback|abort|savepoint|release|set|show|declare|fetch|close)\b", re.I)
LOCAL = re.compile(r"set\s+local\s+(time|date|interval|extra|bytea|standard|search|session|role)")
SETTINGS = re.compile(r"(set|reset)\b(?!\s+(local|session\s+auth|role|constraints|transaction|session\s+char))")


class Run:
    def __init__(self, postgres, weir, shows_differences):
        self.postgres, self.weir, self.shows_differences = postgres, weir, shows_differences
        # Names that the files define. Operators of a name that there is already are told by their operands alone.
        self.defined = set()
        answer = Session(postgres).ask("SELECT DISTINCT oprname FROM pg_operator WHERE oid < 16384")
        self.operators = {name for (name,) in answer.rows}
        self.markers = 0

    def file(self, path):
        """Runs a file, and counts."""
        self.count = collections.Counter()
        limit = ["SET statement_timeout = '15s'"]
        self.theirs, self.ours = Session(self.postgres, 30, limit), Session(self.weir, 30, limit)
        self.is_changed, self.is_stale, self.temporary = False, True, {}
        for statement in statements(path.read_text(encoding="utf-8")):
            self.statement(statement)
        self.theirs.ask("ROLLBACK")
        for name, kind in self.temporary.items():
            self.theirs.ask(f"DROP {kind} IF EXISTS {name} CASCADE")
            self.theirs.ask(f"ALTER {kind} IF EXISTS hidden_{name} RENAME TO {name}")
        self.theirs.close()
        self.ours.close()
        return self.count

    def statement(self, statement):
        bare = statement.bare
        if statement.has_variables:
            if made := re.match(r"copy\s+(\w+)", bare):
                self.change(MADE.get(made[1], "SELECT"))
            elif is_read(bare):
                self.count["left out"] += 1
        elif is_read(bare):
            self.read(statement)
        elif SERVER_WIDE.search(bare) or re.match(r"copy\b.*\bto\b|\bexplain\b", bare, re.S):
            pass
        elif SETTINGS.match(bare):
            self.theirs.ask(statement.text)
            self.ours.ask(statement.text)
        elif LOCAL.match(bare):
            # Weir isn't in this transaction.
            self.theirs.ask(statement.text)
            self.is_changed = self.theirs.in_transaction()
        else:
            self.define(bare)
            self.change(self.lasting(statement.text), statement.data)

    def change(self, sql, data=None):
        answer = self.theirs.ask(sql, data)
        if not OF_SESSION.match(sql) and not isinstance(answer, Rows):
            self.is_changed = self.is_stale = True
        if not self.theirs.in_transaction():
            self.is_changed = False

    def define(self, bare):
        """Notes a name that a source has no place for: of a function as it is called."""
        found = DEFINES.match(bare)
        if found is None:
            return
        name = re.match(r"(?:\w+\s*\.\s*)?([\w$]+|[-+*/<>=~!@#%^&|`?]+)", found[3])
        if name and found[2] in ("function", "procedure", "aggregate"):
            self.defined.add(name[1] + "(")
        elif name and not (found[2] == "operator" and name[1] in self.operators):
            self.defined.add(name[1])

    def lasting(self, sql):
        """A temporary table as one that others see, too. As long as the file runs it hides one of its name."""
        made = TEMPORARY.search(sql)
        if made is None or not re.match(r"create|select|with", sql, re.I):
            return sql
        _, kind, _, name = made.groups()
        name, kind = name.lower(), "VIEW" if "view" in kind.lower() else "TABLE"
        if "on commit" in sql.lower() or "sequence" in made[2].lower():
            self.defined.add(name)
            return sql
        if name not in self.temporary:
            self.temporary[name] = kind
            self.theirs.ask(f"ALTER {kind} IF EXISTS {name} RENAME TO hidden_{name}")
        return TEMPORARY.sub(r"\1\2\3\4", sql, count=1)

    def read(self, statement):
        theirs = self.theirs.ask(statement.text)
        if self.is_left_out(statement.bare) or isinstance(theirs, Failed) and theirs.code in (LOST, "57014", "25P02"):
            self.count["left out"] += 1
            return
        if self.is_stale:
            self.catch_up()
        ours = self.ours.ask(statement.text)
        self.count["compared"] += 1
        if is_equal(theirs, ours, has_order(statement.bare)):
            self.count["equal"] += 1
        elif self.shows_differences:
            print(f"{statement.text}\n   PostgreSQL {theirs!r}\n   Weir       {ours!r}\n", flush=True)

    def is_left_out(self, bare):
        words = set(re.findall(r"[\w$]+\(|[-+*/<>=~!@#%^&|`?]+", bare)) | set(re.findall(r"[\w$]+", bare))
        changed_inside = self.theirs.in_transaction() and self.is_changed
        return changed_inside or words & self.defined or OWN.search(bare) or CATALOG.search(bare)

    def catch_up(self):
        """Waits until Weir has noticed the tables as they are now, which it has when it knows of a new one."""
        self.is_stale = False
        marker = Session(self.postgres)
        self.markers += 1
        marker.ask(f"CREATE TABLE public.seen_{self.markers} (x int)")
        deadline = time.monotonic() + 40
        while isinstance(self.ours.ask(f"SELECT x FROM public.seen_{self.markers}"), Failed):
            if time.monotonic() > deadline:
                sys.exit("the second server doesn't see new tables of the first one's database")
            time.sleep(0.05)
        marker.ask(f"DROP TABLE public.seen_{self.markers}")
        marker.close()


def is_read(bare):
    return READS.match(bare) is not None and CHANGES.search(bare) is None


def has_order(bare):
    """Whether ORDER BY stands outside of all parentheses."""
    count = 1
    while count:
        bare, count = re.subn(r"\([^()]*\)", "", bare)
    return re.search(r"\border\s+by\b", bare) is not None


def is_equal(theirs, ours, is_ordered):
    if isinstance(theirs, Failed) or isinstance(ours, Failed):
        return isinstance(theirs, Failed) and isinstance(ours, Failed) and vars(theirs) == vars(ours)
    if not are_told_alike(theirs.columns, ours.columns):
        return False
    if is_ordered:
        return theirs.rows == ours.rows
    return collections.Counter(theirs.rows) == collections.Counter(ours.rows)


def line(name, count):
    compared, equal = count["compared"], count["equal"]
    share = f"{100 * equal / compared:5.1f} %" if compared else "      -"
    return f"{name:<24}{equal:>6} of {compared:>6} {share}   {count['left out']:>5} left out"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--files", required=True, type=pathlib.Path)
    parser.add_argument("--only", nargs="+", default=FILES, help="files to count; what they build on is run all the same")
    parser.add_argument("--differences", action="store_true")
    parser.add_argument("postgres")
    parser.add_argument("weir")
    arguments = parser.parse_args()
    if os.path.isfile(arguments.weir):
        postgres = fresh_database(arguments.postgres, "weir_regression")
        with Started(arguments.weir, postgres) as weir:
            run_all(arguments, postgres, weir.conninfo)
    else:
        run_all(arguments, arguments.postgres, arguments.weir)


def run_all(arguments, postgres, weir):
    run = Run(postgres, weir, arguments.differences)
    total = collections.Counter()
    for name in FILES:
        path = arguments.files / f"{name}.sql"
        if not path.exists() or name not in [*arguments.only, "test_setup"]:
            continue
        count = run.file(path)
        total += count
        print(line(name, count), flush=True)
    print(line("all", total))


if __name__ == "__main__":
    main()
