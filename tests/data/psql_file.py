"""Splits a file meant for psql into statements."""

import re
from dataclasses import dataclass

TOKEN = re.compile(
    r"""(?P<line>--[^\n]*)
    |(?P<block>/\*)
    |(?P<escaped>[eE]'(?:[^'\\]|\\.|'')*')
    |(?P<string>')
    |(?P<quoted>"(?:[^"]|"")*")
    |(?P<dollar>\$(?:[A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*)?\$)
    |(?P<word>[A-Za-z_\u0080-\uffff][\w$\u0080-\uffff]*)
    |(?P<number>\d[\w.]*)
    |(?P<meta>\\[^\n]*)
    |(?P<other>.)""",
    re.S | re.X,
)
STANDARD = re.compile(r"'(?:[^']|'')*'?", re.S)
BACKSLASHES = re.compile(r"'(?:[^'\\]|\\.|'')*'?", re.S)
COMMENT_EDGE = re.compile(r"/\*|\*/")


@dataclass
class Statement:
    text: str
    # The same without comments, and with nothing within quotes; in lower case.
    bare: str
    # What follows COPY FROM STDIN.
    data: str | None = None
    # Whether psql would put in values of its variables.
    has_variables: bool = False


class Splitter:
    def __init__(self, text):
        self.text, self.place = text, 0
        self.variables = set()
        self.has_backslashes = False
        self.begin()

    def begin(self):
        self.start, self.bare, self.parentheses, self.words, self.atomic = None, [], 0, [], 0

    def statements(self):
        while self.place < len(self.text):
            token = TOKEN.match(self.text, self.place)
            start, self.place = self.place, token.end()
            kind = token.lastgroup
            # Comments before a statement aren't part of it.
            if self.start is None and kind not in ("line", "block", "meta") and not token[0].isspace():
                self.start = start
            if kind == "block":
                self.place = end_of_comment(self.text, start)
            elif kind == "line":
                self.bare.append(" ")
            elif kind == "string":
                self.place = (BACKSLASHES if self.has_backslashes else STANDARD).match(self.text, start).end()
                self.bare.append("''")
            elif kind == "escaped":
                self.bare.append("''")
            elif kind == "dollar":
                end = self.text.find(token[0], self.place)
                self.place = len(self.text) if end < 0 else end + len(token[0])
                self.bare.append("''")
            elif kind == "meta":
                yield from self.meta(start, token[0])
            elif kind == "word":
                self.word(token[0])
            elif token[0] == ";" and self.parentheses <= 0 and self.atomic == 0:
                yield from self.statement(start)
                self.begin()
            else:
                self.parentheses += {"(": 1, ")": -1}.get(token[0], 0)
                self.bare.append(token[0])

    def word(self, word):
        """Within BEGIN ATOMIC ... END, semicolons end no statement."""
        word = word.lower()
        is_routine = self.words[:1] == ["create"] and ("function" in self.words[:4] or "procedure" in self.words[:4])
        if is_routine and (word == "begin" or (self.atomic and word == "case")):
            self.atomic += 1
        elif self.atomic and word == "end":
            self.atomic -= 1
        self.words.append(word)
        self.bare.append(word)

    def meta(self, start, line):
        """A command of psql's. One that sends the statement ends it."""
        command, *arguments = line[1:].split() or [""]
        if command in ("set", "getenv") and arguments:
            self.variables.add(arguments[0])
        if self.start is None:
            return
        if command in ("g", "gx"):
            yield from self.statement(start)
            self.begin()
        elif command.startswith(("g", "crosstab", "watch", "bind")):
            # What these do with the result isn't to be had here.
            self.begin()
        else:
            self.text = self.text[:start] + " " * len(line) + self.text[self.place :]

    def statement(self, end):
        text, bare = self.text[self.start : end].strip(), "".join(self.bare).strip()
        if not text:
            return
        if found := re.match(r"set (?:local )?standard_conforming_strings (?:to|=) (\w+)", bare):
            self.has_backslashes = found[1] in ("off", "false")
        data = self.copied() if re.match(r"copy\b.*\bfrom stdin\b", bare, re.S) else None
        names = "|".join(map(re.escape, self.variables))
        has_variables = bool(names) and re.search(rf"(?<!:):['\"]?(?:{names})\b", text) is not None
        yield Statement(text, bare, data, has_variables)

    def copied(self):
        line_end = self.text.find("\n", self.place)
        end = re.compile(r"^\\\.$", re.M).search(self.text, line_end)
        if line_end < 0 or end is None:
            return ""
        data, self.place = self.text[line_end + 1 : end.start()], end.end()
        return data


def end_of_comment(text, start):
    """Block comments nest."""
    depth = 0
    for edge in COMMENT_EDGE.finditer(text, start):
        depth += 1 if edge[0] == "/*" else -1
        if depth == 0:
            return edge.end()
    return len(text)


def statements(text):
    return Splitter(text).statements()
