"""The grammar of ``squidGuard.conf``: settings, and blocks of statements with ``within``, ``outside`` and ``else``.

Nothing a file says raises: what is no statement is told with its line, and reading goes on.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

from hedgerow.core.model import Where
from hedgerow.stores.importing.reading import Root, text_lines
from hedgerow.stores.importing.report import Report

KINDS = {
    "time": "time", "src": "src", "source": "src", "dest": "dest", "destination": "dest", "acl": "acl",
    "rew": "rew", "rewrite": "rew", "redirect": "redirect",
}  # fmt: skip
_TOKEN = re.compile(r"[{}]|[^\s{}]+")
MOST_TOKENS = 1_000_000
_LONGEST_HEAD = 8


@dataclass(frozen=True, slots=True)
class Statement:
    """One line inside a block: ``domainlist adult/domains``."""

    word: str
    rest: tuple[str, ...]
    where: Where


@dataclass(slots=True)
class Block:
    """``dest adult { ... }``, or one entry of ``acl``. ``test`` is ("within" or "outside", name of a time)."""

    kind: str
    name: str
    where: Where
    test: tuple[str, str] | None = None
    statements: list[Statement] = field(default_factory=list)
    otherwise: list[Statement] | None = None


@dataclass(slots=True)
class SquidConf:
    """A whole file."""

    settings: list[Statement] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)


type _Line = tuple[Where, list[str]]


def parse(root: Root, path: Path, report: Report) -> SquidConf:
    """The file at ``path``. Raises OSError."""
    name, lines, count = root.name(path), [], 0
    for number, text in text_lines(path):
        tokens = _TOKEN.findall(re.split(r"(?:^|\s)#", text, maxsplit=1)[0])
        count += len(tokens)
        if count > MOST_TOKENS:
            report.refuse(Where(name, number), "a configuration of more than a million words")
            break
        if tokens:
            lines.append((Where(name, number), tokens))
    return _Parser(lines, report).all()


@dataclass(slots=True)
class _Parser:
    lines: list[_Line]
    report: Report
    line: int = 0
    word: int = 0

    def all(self) -> SquidConf:
        conf = SquidConf()
        while token := self._next():
            text, where = token
            kind = KINDS.get(text.lower())
            if text in "{}":
                self.report.bad(where, f"{text!r} belongs to no block")
            elif kind == "acl":
                self._acl(where, conf)
            elif kind is None or kind == "redirect":
                conf.settings.append(Statement(text.lower(), self._rest(), where))
            elif block := self._block(kind, where):
                conf.blocks.append(block)
        return conf

    def _acl(self, where: Where, conf: SquidConf) -> None:
        if not self._open(where):
            return
        while token := self._next():
            text, place = token
            if text == "}":
                return
            if text == "{":
                self.report.bad(place, "a name is missing before '{'")
            else:
                self._back()
                if block := self._block("acl", place):
                    conf.blocks.append(block)
        self.report.bad(where, "this block has no end")

    def _block(self, kind: str, where: Where) -> Block | None:
        head: list[str] = []
        while (token := self._next()) and token[0] not in "{}" and len(head) <= _LONGEST_HEAD:
            head.append(token[0])
        if token is None or token[0] != "{" or len(head) not in (1, 3) or (len(head) == 3 and not _is_test(head[1])):
            self.report.bad(where, f"'{kind} NAME {{' or '{kind} NAME within TIME {{' expected")
            for statement in self._statements(where) if token and token[0] == "{" else ():
                self.report.left(statement.where, "inside a block that cannot be read")
            return None
        test = (head[1].lower(), head[2]) if len(head) == 3 else None
        block = Block(kind, head[0], where, test, self._statements(where))
        after = self._next()
        if after and after[0].lower() == "else":
            block.otherwise = self._statements(after[1]) if self._open(after[1]) else []
        elif after:
            self._back()
        return block

    def _statements(self, where: Where) -> list[Statement]:
        found: list[Statement] = []
        while token := self._next():
            text, place = token
            if text == "}":
                return found
            if text == "{":
                self.report.bad(place, "a block inside this block")
                continue
            found.append(Statement(text.lower(), self._rest(), place))
        self.report.bad(where, "this block has no end")
        return found

    def _open(self, where: Where) -> bool:
        token = self._next()
        if token and token[0] == "{":
            return True
        if token:
            self._back()
        self.report.bad(where, "'{' expected")
        return False

    def _next(self) -> tuple[str, Where] | None:
        while self.line < len(self.lines):
            where, tokens = self.lines[self.line]
            if self.word < len(tokens):
                self.word += 1
                return tokens[self.word - 1], where
            self.line, self.word = self.line + 1, 0
        return None

    def _back(self) -> None:
        self.word -= 1

    def _rest(self) -> tuple[str, ...]:
        """The other words of this line, as far as this block goes."""
        if self.line >= len(self.lines):
            return ()
        tokens = self.lines[self.line][1]
        start = self.word
        while self.word < len(tokens) and tokens[self.word] not in "{}":
            self.word += 1
        return tuple(word for part in tokens[start : self.word] for word in part.split(",") if word)


def _is_test(word: str) -> bool:
    return word.lower() in ("within", "outside")
