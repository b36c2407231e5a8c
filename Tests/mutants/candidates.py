"""Finds the places of a Swift file where a mutant can be made."""

import re
from dataclasses import dataclass

from swift_source import SwiftSource

# Statements and declarations that change how fast or in how much memory something is computed, or
# what is told about it, and not what is computed: their mutants would be equivalent by design.
PERFORMANCE = re.compile(
    r"(?i)tile|chunk|capacity|cost|bytes|memory|reserve|prefetch|unit:|parts:|progress|counter\b"
    r"|secondsWaited|huge|blockSize|Block =|hash|threads: \d|threads [<>=]|worksAhead|parallelFor"
    r"|lanes: \d|blockRows|blockCount|perBlock|lanesPer")
# Contracts between our own functions, messages and refusals' texts.
CONTRACT = re.compile(r"\b(precondition|preconditionFailure|assert|assertionFailure|fatalError)\b")

INFIX = {
    "+": "-", "-": "+", "*": "/", "/": "*", "%": "/",
    "&+": "&-", "&-": "&+", "&*": "&+", ">>": "<<", "<<": ">>", "^": "|", "&": "|", "|": "&",
    "<": "<=", "<=": "<", ">": ">=", ">=": ">", "==": "!=", "!=": "==",
    "&&": "||", "||": "&&",
    "+=": "-=", "-=": "+=", "*=": "/=", "/=": "*=", "&+=": "&-=", "^=": "|=",
}
COMPARISONS = {"<", "<=", ">", ">=", "==", "!="}
WORDS = {
    "true": "false", "false": "true", "min": "max", "max": "min", "sin": "cos", "cos": "sin",
    "sine": "cosine", "cosine": "sine", "floor": "ceil", "ceil": "floor",
    "evenReal": "oddReal", "oddReal": "evenReal", "north": "south", "south": "north",
    "rows": "columns", "columns": "rows", "real": "imaginary", "imaginary": "real",
    "lowerBound": "upperBound", "upperBound": "lowerBound", "first": "last", "last": "first",
}
# Operators that bind less than a range does.
LOOSER = {"??", "?", ":", "~=", "&&", "||", "=", "->"} | COMPARISONS
CONTROL = {"if", "guard", "while", "for", "switch", "repeat", "do", "defer"}
SKIPPED = {
    "func", "init", "subscript", "deinit", "import", "typealias", "associatedtype", "case",
    "throw", "break", "continue", "fallthrough", "get", "set", "didSet", "willSet",
    "precedencegroup", "operator", "struct", "class", "enum", "extension", "protocol", "actor", "#warning", "#error",
}


@dataclass(frozen=True)
class Candidate:
    kind: str
    form: str  # statement, value (after `=`) or condition (an expression in a head)
    start: int  # of the text that is written twice
    end: int
    change_start: int
    change_end: int
    replacement: str


def candidates(text):
    """Lists of candidates, one list per statement."""
    source = SwiftSource(text)
    result = []
    for statement in source.statements:
        found = _Finder(source, statement).found()
        if found:
            result.append(found)
    return result


class _Finder:
    def __init__(self, source, statement):
        self.source, self.statement = source, statement
        self.tokens = source.tokens
        self.result = []

    def found(self):
        source, statement = self.source, self.statement
        if source.is_conditional(self.tokens[statement.first].start):
            return []
        if any(PERFORMANCE.search(name) or name in ("description", "encode", "message")
               for name in statement.names):
            return []
        head, modifiers = source.head(statement)
        if head >= statement.last:
            return []
        word = self.tokens[head].text
        if word in SKIPPED:
            return []
        if statement.block_kind == "type" and word not in ("let", "var"):
            return []
        if word in CONTROL or self._has_branches(head):
            self._heads(head)
            return self.result
        whole = source.text_of(statement.first, statement.last)
        if PERFORMANCE.search(whole) or CONTRACT.search(whole) or '"' in whole:
            return []
        if source.has_line_in_braces(statement):
            return []
        if word in ("let", "var"):
            self._declaration(head)
        elif not modifiers:
            self._statement(head)
        return self.result

    def _has_branches(self, head):
        """Whether the value is an if or switch expression: its branches are blocks of their own."""
        return self.tokens[head].text in ("let", "var", "return") and any(
            self.tokens[i].text in ("if", "switch") and self.tokens[i].kind == "word"
            for i in range(head, self.statement.last)) and self.statement.blocks

    # Forms

    def _declaration(self, head):
        equals = [i for i in self._flat(head, self.statement.last) if self.tokens[i].text == "="]
        commas = [i for i in self._flat(head, self.statement.last) if self.tokens[i].text == ","]
        if len(equals) != 1 or commas:
            return
        first = self._skip_lines(equals[0] + 1)
        if first < self.statement.last:
            self._sites(first, self.statement.last, "value", first, self.statement.last)

    def _statement(self, head):
        first, last = self.statement.first, self.statement.last
        self._sites(first, last, "statement", first, last)
        text = self.source.text_of(first, last)
        flat = list(self._flat(first, last))
        assigns = any(self.tokens[i].text in ("=", "+=", "-=", "*=", "/=") for i in flat)
        is_call = self.tokens[last - 1].text == ")" and not assigns and not self.statement.is_only \
            and self.tokens[head].text != "return" and not any(
                self.tokens[i].is_infix for i in flat)
        # What an initialiser leaves out does not compile.
        is_needed = text.startswith("_ =") or ("init" in self.statement.names and not is_call)
        if (assigns and not is_needed) or is_call:
            start, end = self.tokens[first].start, self.tokens[last - 1].end
            self._add("dropped statement", "statement", first, last, start, end, "")

    def _heads(self, head):
        i = head
        while i < self.statement.last:
            token = self.tokens[i]
            if token.text in ("if", "guard", "while") and token.kind == "word":
                i = self._conditions(i + 1)
            elif token.text == "for" and token.kind == "word":
                i = self._loop(i + 1)
            elif token.text in ("{", "(", "[") and token.kind == "mark":
                i = self.source.partner[i] + 1
            else:
                i += 1

    def _conditions(self, i):
        first = i
        while i < self.statement.last:
            token = self.tokens[i]
            if token.text == "," or token.text == "else" or (
                    token.text == "{" and token.kind == "mark"):
                self._condition(first, i)
                if token.text != ",":
                    return i
                first = i + 1
            if token.kind == "mark" and token.text in ("(", "["):
                i = self.source.partner[i]
            i += 1
        return i

    def _condition(self, first, last):
        first = self._skip_lines(first)
        while last > first and self.tokens[last - 1].kind == "line":
            last -= 1
        if first >= last or self.tokens[first].text in ("case", "#available"):
            return
        if self.tokens[first].text in ("let", "var"):
            equals = [i for i in self._flat(first, last) if self.tokens[i].text == "="]
            if len(equals) == 1:
                first = self._skip_lines(equals[0] + 1)
                self._expression(first, last)
            return
        self._expression(first, last)
        self._negation(first, last)

    def _negation(self, first, last):
        text = self.source.text_of(first, last)
        if self._is_left_out(text):
            return
        start, end = self.tokens[first].start, self.tokens[last - 1].end
        self._add("negated condition", "condition", first, last, start, end, f"!({text})")

    def _loop(self, i):
        while self.tokens[i].text != "in":
            i = self.source.partner.get(i, i) + 1 if self.tokens[i].text in ("(", "[") else i + 1
        first = i = i + 1
        where = None
        while i < self.statement.last and self.tokens[i].text != "{":
            if self.tokens[i].text == "where":
                where = i
            i = self.source.partner[i] if self.tokens[i].text in ("(", "[") else i
            i += 1
        last = where if where is not None else i
        while self.tokens[last - 1].kind == "line":
            last -= 1
        self._expression(first, last)
        if where is not None:
            self._condition(where + 1, i)
        return i

    def _expression(self, first, last):
        if first < last and not self._is_left_out(self.source.text_of(first, last)):
            self._sites(first, last, "condition", first, last)

    def _is_left_out(self, text):
        return PERFORMANCE.search(text) or CONTRACT.search(text) or '"' in text

    # Sites

    def _sites(self, first, last, form, span_first, span_last):
        for i in range(first, last):
            token = self.tokens[i]
            if token.kind == "operator":
                self._operator(i, first, last, form)
            elif token.kind == "number":
                self._number(i, form, first, last)
            elif token.kind == "word" and token.text in WORDS:
                self._word(i, form, first, last)
            elif token.text == "[" and token.kind == "mark":
                self._index(i, form, first, last)

    def _operator(self, i, first, last, form):
        token = self.tokens[i]
        if token.text in ("..<", "..."):
            self._range(i, first, last, form)
        elif token.is_infix and token.text in INFIX:
            kind = (
                "comparison" if token.text in COMPARISONS
                else "logical operator" if token.text in ("&&", "||")
                else "arithmetic operator")
            self._add(kind, form, first, last, token.start, token.end, INFIX[token.text])
        elif token.text in ("-", "!") and not token.is_spaced_after and i > first \
                and self.tokens[i - 1].kind != "word" and self.tokens[i + 1].kind != "number":
            if token.text == "-" or token.is_spaced_before:
                self._add("sign", form, first, last, token.start, token.end, "")

    def _range(self, i, first, last, form):
        end = i + 1
        while end < last:
            token = self.tokens[end]
            if token.kind == "line" or token.text in (",", ")", "]", "}", "{") or (
                    token.kind == "operator" and token.text in LOOSER):
                break
            end = self.source.partner[end] if token.text in ("(", "[") else end
            end += 1
        if end > i + 1:
            offset = self.tokens[end - 1].end
            self._add("range", form, first, last, offset, offset, " + 1")
            self._add("range", form, first, last, offset, offset, " - 1")
        begin = i
        while begin > first:
            token = self.tokens[begin - 1]
            if token.kind == "line" or token.text in (",", "(", "[", "{", "in", "=", "return") or (
                    token.kind == "operator" and token.text in LOOSER):
                break
            begin = self.source.partner[begin - 1] if token.text in (")", "]") else begin - 1
        if begin < i:
            offset = self.tokens[begin].start
            self._add("range", form, first, last, offset, offset, "1 + ")

    def _number(self, i, form, first, last):
        token = self.tokens[i]
        if i > 0 and self.tokens[i - 1].text == "." and not self.tokens[i - 1].is_spaced_before:
            return
        text = token.text.replace("_", "")
        scaled = re.fullmatch(r"(0x1p)([+-]?\d+)", text)
        if scaled:
            new = [f"{scaled[1]}{int(scaled[2]) + 1}"]
        elif "." in text or re.fullmatch(r"\d+[eE][+-]?\d+", text):
            if "x" in text:
                return
            value = float(text)
            new = [repr(value / 2), repr(value * 1.5)] if value else ["1.0"]
            if 0 < value < 1e-3:
                new = [repr(value * 1e4)]
        elif text.startswith("0x"):
            new = [hex(int(text, 16) ^ 4)]
        elif text.startswith("0b"):
            return
        else:
            value = int(text)
            new = [str(value + 1)] + ([str(value - 1)] if value > 0 else [])
        for replacement in new:
            self._add("constant", form, first, last, token.start, token.end, replacement)

    def _word(self, i, form, first, last):
        token = self.tokens[i]
        is_member = i > 0 and self.tokens[i - 1].text == "."
        following = self.tokens[i + 1].text if i + 1 < last else ""
        # The other name has to exist; an initialiser's own names are not exchanged.
        other = WORDS[token.text]
        if following == ":" or "init" in self.statement.names and following != "(":
            return
        if other not in ("true", "false", "min", "max", "sin", "cos", "ceil", "floor") \
                and not re.search(rf"\b{other}\b", self.source.text):
            return
        if token.text in ("sin", "cos", "floor", "ceil") and following != "(":
            return
        if token.text in ("min", "max") and following not in ("(", "{"):
            return
        if token.text in ("first", "last") and not is_member:
            return
        kind = "truth value" if token.text in ("true", "false") else "exchanged name"
        self._add(kind, form, first, last, token.start, token.end, other)

    def _index(self, i, form, first, last):
        before, close = self.tokens[i - 1] if i > first else None, self.source.partner[i]
        if before is None or self.tokens[i].is_spaced_before or close >= last:
            return
        is_word = before.kind == "word" and before.text not in ("in", "return")
        if not is_word and before.text not in (")", "]"):
            return
        inside = self.tokens[i + 1:close]
        others = ("..<", "...", ":", "{")
        if not inside or any(t.text in others or t.kind == "string" for t in inside):
            return
        offset = self.tokens[close - 1].end
        self._add("index", form, first, last, offset, offset, " + 1")

    # Helpers

    def _flat(self, first, last):
        """Indices of the tokens outside brackets."""
        i = first
        while i < last:
            yield i
            i = self.source.partner[i] if self.tokens[i].text in ("(", "[", "{") \
                and self.tokens[i].kind == "mark" else i
            i += 1

    def _skip_lines(self, i):
        while i < self.statement.last and self.tokens[i].kind == "line":
            i += 1
        return i

    def _add(self, kind, form, first, last, change_start, change_end, replacement):
        self.result.append(Candidate(
            kind, form, self.tokens[first].start, self.tokens[last - 1].end, change_start,
            change_end, replacement))
