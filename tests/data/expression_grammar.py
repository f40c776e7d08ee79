"""Random expressions over PostgreSQL's types: from constants and columns, by the operators, functions and conversions that a
live server has in its catalogs, and by the syntax that has no entry there."""

import collections
import random
import re
from dataclasses import dataclass

# Values of each type as they are quoted; the first is an everyday one, which shrinking puts in.
VALUES = {
    "bool": ["t", "f"],
    "int2": ["1", "0", "-1", "7", "-32768", "32767"],
    "int4": ["1", "0", "-1", "2", "7", "-5", "100", "-2147483648", "2147483647"],
    "int8": ["1", "0", "-1", "12", "-9223372036854775808", "9223372036854775807", "4294967296"],
    "float4": ["1.5", "0", "-0", "-2.25", "1e10", "3.4e38", "NaN", "Infinity", "-Infinity", "0.1"],
    "float8": ["1.5", "0", "-0", "-2.5", "1e300", "1e-300", "NaN", "Infinity", "-Infinity", "0.1", "123456789.123"],
    "numeric": [
        "1.5",
        "0",
        "0.00",
        "-2.50",
        "NaN",
        "Infinity",
        "-Infinity",
        "1e20",
        "0.0001",
        "12345678901234567890.12",
        "3",
    ],
    "text": [
        "abc",
        "",
        "a b",
        "ABC def",
        "żółć",
        "12",
        "1.5",
        "a%c_",
        "a\\b",
        "(b)",
        "2024-01-31",
        "  x ",
        "a,b,,c",
        "%s|%I",
    ],
    "varchar": ["abc", "", "x y", "12"],
    "bpchar": ["abc", "ab  ", "", "12"],
    "name": ["abc", "ab c", "pg_class"],
    "bytea": ["\\x616263", "\\x", "\\x00ff", "\\xe9"],
    "bit": ["101", "000", "1"],
    "varbit": ["101", "", "11110000"],
    "date": ["2024-01-31", "2024-02-29", "1999-12-31", "infinity", "-infinity", "0044-03-15 BC", "2000-01-01"],
    "time": ["10:30:00", "00:00:00", "23:59:59.999999", "24:00:00"],
    "timetz": ["10:30:00+00", "23:59:59.5-08", "00:00:00+02"],
    "timestamp": ["2024-01-31 10:30:00", "2024-02-29 23:59:59.999999", "1999-12-31 00:00:00", "infinity", "-infinity"],
    "timestamptz": ["2024-01-31 10:30:00+00", "2024-07-01 00:00:00-05", "2024-03-10 07:30:00+00", "infinity", "-infinity"],
    "interval": ["1 day", "0", "1 mon", "-1 day 02:03:04.5", "1 year 2 mons 3 days", "36:00:00", "-00:00:01"],
    "uuid": ["a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11", "00000000-0000-0000-0000-000000000000"],
    "inet": ["192.168.1.5", "192.168.1.5/24", "10.0.0.0/8", "::1", "2001:db8::5/64"],
    "cidr": ["10.0.0.0/8", "192.168.1.0/24", "::/0"],
    "macaddr": ["08:00:2b:01:02:03"],
    "money": ["12.34", "0", "-1.50"],
    "json": ['{"a": 1, "b": [1, 2, null]}', '[1, "a", true]', "null", "1.50", '"x"', "{}"],
    "jsonb": ['{"a": 1, "b": [1, 2, null]}', '[1, "a", true, {"c": 2}]', "null", "1.50", '"x"', "{}", "[]", "true"],
    "jsonpath": ["$.a", "$[*]", "$.b[*] ? (@ > 1)", "strict $.x", "$.a == 1"],
    "int4[]": ["{1,2,3}", "{}", "{NULL,1}", "{{1,2},{3,4}}", "[0:1]={5,6}"],
    "text[]": ["{a,b}", "{}", '{NULL,"x y",""}', "{{a,b},{c,d}}"],
    "numeric[]": ["{1.5,2}", "{}"],
    "date[]": ["{2024-01-31,NULL}", "{}"],
    "int4range": ["[1,5)", "empty", "(,3]", "[2,)"],
    "numrange": ["[1.5,2.5]", "empty", "(0,)"],
    "daterange": ["[2024-01-01,2024-02-01)", "empty", "(,2024-01-15]"],
    "int4multirange": ["{[1,3),[5,8)}", "{}"],
}
# What may be written bare.
BARE = {"int4": lambda value: value, "numeric": lambda value: value if value[-1].isdigit() and "." in value else None}
PLURAL = [kind for kind in VALUES if f"{kind}[]" in VALUES]
RANGES = {"int4range": "int4", "numrange": "numeric", "daterange": "date"}
MULTIRANGES = {"int4range": "int4multirange"}
# Arguments that would make results or running times huge.
BOUNDED = set("repeat lpad rpad array_fill factorial power pow ^ exp make_interval lcm <<".split())
# Functions that aren't immutable by what they are declared, but are in one time zone and one locale.
STABLE = """to_char to_date to_timestamp to_number date_trunc date_part timezone age date_bin make_timestamptz concat concat_ws
format quote_literal quote_nullable convert_from convert_to array_to_string string_to_array to_json to_jsonb array_to_json
row_to_json json_build_array jsonb_build_array json_build_object jsonb_build_object""".split()
# What tells of the server or serves its own ends, by how names begin and end.
BEGINNINGS = """pg_ bt(?!rim) hash gin gist brin spg has_ network_s inet_(gist|spg) range_gist like_ textlike texticlike xml ts_
tsquery tsvector oid reg(?!exp_) enum_ cash_(in|out) unique_ int2int4 in_range dsnowball jsonb?_(populate|to_rec) satisfies
json_object_keys unicode_ icu_ binary_upgrade (query|table|cursor|schema)_to to_reg txid xid convert$ getdatabase current_
inet_(client|server) suppress lo(_|read|write) statement_ system bernoulli window_ row_security amvalidate""".split()
# `larger` and `smaller` are what max and min are made of. `cbrt`, `erf` and `erfc` are the C library's, some versions of which are
# off by a last digit where others aren't: `cbrt(27)` is 3.0000000000000004 by glibc 2.36. `gamma` and `lgamma` are PostgreSQL 18's.
ENDINGS = """sel larger smaller cbrt erfc? gamma support accum combine serialize _trans(ition|fn)? _inv _final(fn)? _in _out equalimage consistent subdiff cmp hash
hash_extended typmodin typmodout recv send _canonical _stddev_\\w+ _var_\\w+""".split()
LEFT_OUT = f"^({'|'.join(BEGINNINGS)})|({'|'.join(ENDINGS)})$"


@dataclass(frozen=True)
class Node:
    """Parts are text and nodes. A leaf may be a column."""

    kind: str
    parts: tuple
    column: str | None = None

    def __str__(self):
        return "".join(map(str, self.parts))

    @property
    def children(self):
        return [part for part in self.parts if isinstance(part, Node)]


@dataclass(frozen=True)
class Form:
    """A way to make a value of kind `result`: text, and between its pieces an argument each."""

    name: str
    pieces: tuple
    arguments: tuple
    result: str


def quoted(value):
    return "'" + value.replace("'", "''") + "'"


def typed(kind, value):
    return "NULL::" + kind if value is None else f"{quoted(value)}::{kind}"


def call(name, arguments, result):
    pieces = [f"{name}(", *[", "] * (len(arguments) - 1), ")"] if arguments else [f"{name}()"]
    return Form(name, tuple(pieces), tuple(arguments), result)


def concrete(kinds):
    """Signatures with types in the places of polymorphic ones."""
    if not any(kind.startswith("any") for kind in kinds):
        yield kinds
        return
    is_of_ranges = any("range" in kind for kind in kinds if kind.startswith("any"))
    for one in RANGES if is_of_ranges else PLURAL:
        of_range = {
            "anyrange": one,
            "anyelement": RANGES.get(one),
            "anymultirange": MULTIRANGES.get(one),
        }
        of_array = {"any": one, "anyelement": one, "anynonarray": one, "anyarray": f"{one}[]"}
        of_array |= {"anycompatible": one, "anycompatiblenonarray": one, "anycompatiblearray": f"{one}[]"}
        chosen = of_range if is_of_ranges else of_array
        found = [chosen.get(kind) if kind.startswith("any") else kind for kind in kinds]
        if all(kind in VALUES for kind in found):
            yield found


def catalog_forms(connection):
    """What the live server's catalogs say."""
    kinds = [*VALUES, "any", "anyelement", "anynonarray", "anyarray", "anycompatible", "anycompatiblearray"]
    kinds += ["anycompatiblenonarray", "anyrange", "anymultirange"]
    # format_type, but in short names.
    name = (
        "(SELECT CASE WHEN t.typelem <> 0 AND t.typlen = -1 THEN e.typname || '[]' ELSE t.typname::text END FROM pg_type t"
    )
    name += " LEFT JOIN pg_type e ON e.oid = t.typelem WHERE t.oid = {})"
    functions = connection.execute(
        f"""SELECT proname, ARRAY(SELECT {name.format("a")} FROM unnest(proargtypes) WITH ORDINALITY u(a, n) ORDER BY n),
            {name.format("prorettype")}, provariadic <> 0
        FROM pg_proc p WHERE pronamespace = 'pg_catalog'::regnamespace AND prokind = 'f' AND NOT proretset
            AND (provolatile = 'i' OR provolatile = 's' AND proname = ANY (%s)) AND NOT (proname = 'age' AND pronargs = 1)
            AND proname !~ %s AND proname NOT IN (SELECT typname FROM pg_type WHERE typnamespace = pronamespace)
            AND coalesce(obj_description(oid, 'pg_proc'), '') !~ 'implementation of|internal|aggregate|I/O|less-equal|support'
        ORDER BY proname, p.oid""",
        (STABLE, LEFT_OUT),
    ).fetchall()
    for function, arguments, result, is_variadic in functions:
        if is_variadic and arguments and arguments[-1] == "any":
            arguments = [*arguments[:-1], "int4", "text"]
        elif is_variadic and arguments:
            arguments = [*arguments[:-1], *[arguments[-1].removesuffix("[]")] * 2]
        if all(kind in kinds for kind in [*arguments, result]):
            for *chosen, made in concrete([*arguments, result]):
                yield call(function, chosen, made)
    operators = connection.execute(
        f"""SELECT oprname, {name.format("nullif(oprleft, 0)")}, {name.format("oprright")}, {name.format("oprresult")}
        FROM pg_operator WHERE oprnamespace = 'pg_catalog'::regnamespace AND oprcode <> 0 AND oprname !~ '^[~*]?[<>]=?[~*]$|^[*].|^[|][|]/'
        ORDER BY oprname, oid"""
    ).fetchall()
    for operator, left, right, result in operators:
        arguments = [kind for kind in (left, right) if kind is not None]
        if all(kind in kinds for kind in [*arguments, result]):
            pieces = (f"({operator} ", ")") if left is None else ("(", f" {operator} ", ")")
            for *chosen, made in concrete([*arguments, result]):
                yield Form(operator, pieces, tuple(chosen), made)
    casts = connection.execute(
        f"SELECT {name.format('castsource')}, {name.format('casttarget')} FROM pg_cast ORDER BY oid"
    ).fetchall()
    for source, target in [*casts, *((kind, "text") for kind in VALUES), *(("text", kind) for kind in VALUES)]:
        if source in VALUES and target in VALUES and source != target:
            yield Form(f"::{target}", ("", f"::{target}"), (source,), target)


def syntax_forms():
    """What has no entry in the catalogs."""
    for kind in VALUES:
        yield Form("CASE", ("CASE WHEN ", " THEN ", " ELSE ", " END"), ("bool", kind, kind), kind)
        yield call("coalesce", (kind, kind), kind)
        yield Form("IS NULL", ("(", " IS NULL)"), (kind,), "bool")
        if kind in ("json", "jsonpath"):
            continue
        yield call("nullif", (kind, kind), kind)
        yield call("greatest", (kind, kind), kind)
        yield call("least", (kind, kind), kind)
        yield Form("DISTINCT", ("(", " IS DISTINCT FROM ", ")"), (kind, kind), "bool")
        yield Form("BETWEEN", ("(", " BETWEEN ", " AND ", ")"), (kind, kind, kind), "bool")
        yield Form("IN", ("(", " IN (", ", ", "))"), (kind, kind, kind), "bool")
    for kind, bound in RANGES.items():
        yield call(kind, (bound, bound), kind)
        yield Form(kind, (f"{kind}(", ", ", ", '[]')"), (bound, bound), kind)
    for kind in PLURAL:
        yield Form("ARRAY", ("ARRAY[", ", ", "]"), (kind, kind), f"{kind}[]")
        yield Form("ANY", ("(", " = ANY (", "))"), (kind, f"{kind}[]"), "bool")
        yield Form("ALL", ("(", " < ALL (", "))"), (kind, f"{kind}[]"), "bool")
        yield Form("[]", ("(", ")[", "]"), (f"{kind}[]", "int4"), kind)
        yield Form("[:]", ("(", ")[", ":", "]"), (f"{kind}[]", "int4", "int4"), f"{kind}[]")
    yield call("starts_with", ("text", "text"), "bool")
    for operator in ("AND", "OR"):
        yield Form(operator, ("(", f" {operator} ", ")"), ("bool", "bool"), "bool")
    yield Form("NOT", ("(NOT ", ")"), ("bool",), "bool")
    for test in ("TRUE", "NOT TRUE", "FALSE", "UNKNOWN"):
        yield Form("IS", ("(", f" IS {test})"), ("bool",), "bool")
    for like in ("LIKE", "NOT LIKE", "ILIKE", "SIMILAR TO", "~"):
        yield Form(like, ("(", f" {like} ", ")"), ("text", "text"), "bool")
    fields = (
        "year month day hour minute second epoch dow doy week quarter isoyear century julian milliseconds timezone".split()
    )
    for kind in ("date", "time", "timetz", "timestamp", "timestamptz", "interval"):
        for field in fields:
            yield Form("extract", (f"extract({field} FROM ", ")"), (kind,), "numeric")
        for unit in ("year", "month", "week", "day", "hour", "quarter", "century"):
            if kind in ("timestamp", "timestamptz", "interval"):
                yield Form("date_trunc", (f"date_trunc('{unit}', ", ")"), (kind,), kind)
    for zone in ("UTC", "America/New_York", "+03"):
        yield Form("AT TIME ZONE", ("(", f" AT TIME ZONE '{zone}')"), ("timestamp",), "timestamptz")
        yield Form("AT TIME ZONE", ("(", f" AT TIME ZONE '{zone}')"), ("timestamptz",), "timestamp")
    for style in ("YYYY-MM-DD HH24:MI:SS.US", "Day DD Mon YYYY", "IYYY-IW Q J", "FMMonth FMDDth, HH12 AM"):
        for kind in ("timestamp", "timestamptz", "interval"):
            yield Form("to_char", ("to_char(", f", '{style}')"), (kind,), "text")
    for style in ("999.99", "FM9,990.0", "S0000", "9.99EEEE", "RN"):
        for kind in ("int4", "int8", "float8", "numeric"):
            yield Form("to_char", ("to_char(", f", '{style}')"), (kind,), "text")
    for modified in (
        "numeric(5,2)",
        "numeric(20,0)",
        "varchar(2)",
        "char(4)",
        "timestamp(0)",
        "time(1)",
        "interval(0)",
        "bit(4)",
    ):
        base = {"char": "bpchar"}.get(modified.split("(")[0], modified.split("(")[0])
        yield Form(f"::{modified}", ("", f"::{modified}"), (base,), base)
    yield Form("substring", ("substring(", " FROM ", " FOR ", ")"), ("text", "int4", "int4"), "text")
    yield Form("position", ("position(", " IN ", ")"), ("text", "text"), "int4")
    yield Form("trim", ("trim(both ", " FROM ", ")"), ("text", "text"), "text")
    yield Form("overlay", ("overlay(", " PLACING ", " FROM ", ")"), ("text", "text", "int4"), "text")
    yield Form("ROW", ("((", ", ", ") < (", ", ", "))"), ("int4", "text", "int4", "text"), "bool")


class Grammar:
    """The forms by what they make, each name as likely as another."""

    def __init__(self, connection, without):
        self.forms = collections.defaultdict(lambda: collections.defaultdict(list))
        for form in [*catalog_forms(connection), *syntax_forms()]:
            if not re.fullmatch(without, form.name):
                self.forms[form.result][form.name].append(form)
        self.names = {kind: sorted(forms) for kind, forms in self.forms.items()}
        self.size = sum(len(found) for forms in self.forms.values() for found in forms.values())

    def expression(self, chooser: random.Random, depth):
        return self.value(chooser, chooser.choice(list(VALUES)), depth)

    def value(self, chooser, kind, depth, is_bounded=False):
        if is_bounded and kind in ("int2", "int4", "int8", "numeric", "float8"):
            return Node(kind, (typed(kind, str(chooser.randint(-2, 9))),))
        if depth == 0 or kind not in self.names or chooser.random() < 0.15:
            return leaf(chooser, kind)
        form = chooser.choice(self.forms[kind][chooser.choice(self.names[kind])])
        parts = [form.pieces[0]]
        for number, (argument, piece) in enumerate(zip(form.arguments, form.pieces[1:])):
            is_bounded = form.name in BOUNDED and (number > 0 or form.name in ("factorial", "exp", "make_interval"))
            given = self.value(chooser, argument, depth - 1, is_bounded)
            # A prefix sign or a cast binds to what follows or precedes it.
            if form.name.startswith("::") and not isinstance(given.parts[0], Node) and given.parts[0][:1] in "+-":
                given = Node(given.kind, ("(", given, ")"))
            parts += [given, piece]
        if form.name.startswith("::"):
            parts = ["(", *parts[:-1], parts[-1], ")"]
        return Node(kind, tuple(parts))


def leaf(chooser, kind):
    number = chooser.random()
    if number < 0.45:
        column = "c_" + kind.replace("[]", "_array")
        return Node(kind, (column,), column)
    value = chooser.choice(VALUES[kind])
    if number < 0.48:
        return Node(kind, ("NULL",))
    if number < 0.51:
        return Node(kind, (typed(kind, None),))
    if number < 0.6:
        # The type is to be found from where it stands.
        return Node(kind, (quoted(value),))
    if kind in BARE and (bare := BARE[kind](value)):
        return Node(kind, (f"({bare})" if bare.startswith("-") else bare,))
    return Node(kind, (typed(kind, value),))


def table(chooser, rows):
    """Rows of a column of each type, as values or None."""
    made = []
    for number in range(rows):
        made.append({kind: None if chooser.random() < 0.15 else chooser.choice(values) for kind, values in VALUES.items()})
    return made


def column_of(kind):
    return "c_" + kind.replace("[]", "_array")
