"""Reads Swift source as far as the mutator needs it: tokens, blocks and statements.

This is no parser of Swift. It relies on the layout of `swift format`: spaces on both sides of an
operator between two operands, and none around the angle brackets of a generic type. What it takes
for a statement and is none does not compile, and its mutant is then dropped.
"""

import re
from dataclasses import dataclass, field

OPERATOR_CHARACTERS = set("/=-+!*%<>&|^~?.")
OPENERS = {"(": ")", "[": "]", "{": "}"}
CLOSERS = set(")]}")
MODIFIERS = {
    "public", "package", "private", "fileprivate", "internal", "static", "final", "mutating",
    "nonmutating", "override", "lazy", "weak", "unowned", "indirect", "convenience", "required",
    "open", "borrowing", "consuming", "async", "prefix", "nonisolated",
}
TYPES = {"struct", "class", "enum", "extension", "protocol", "actor"}
FUNCTIONS = {"func", "init", "subscript", "deinit"}


@dataclass
class Token:
    kind: str  # word, number, string, operator, mark (brackets and separators), line
    text: str
    start: int
    end: int
    is_spaced_before: bool = False
    is_spaced_after: bool = False

    @property
    def is_infix(self):
        """Whether it stands between two operands."""
        if self.kind != "operator" or self.text in (".", "!"):
            return False
        return (self.is_spaced_before and self.is_spaced_after) or self.text in ("..<", "...")


@dataclass
class Statement:
    """Tokens first..<last of one statement; `blocks` are the outermost braces in it."""

    first: int
    last: int
    block_kind: str  # code or type
    names: tuple  # of the declarations around it
    is_only: bool = False
    blocks: list = field(default_factory=list)


class SwiftSource:
    def __init__(self, text):
        self.text = text
        self.tokens = []
        self.conditional = []  # offsets between #if and #endif
        self._scan()
        self._match()
        self.statements = []
        self._block(0, len(self.tokens), "type", ())

    # Tokens

    def _scan(self):
        text, i, n = self.text, 0, len(self.text)
        opened = []
        while i < n:
            c = text[i]
            if c == "\n":
                self._add("line", i, i + 1)
                i += 1
            elif c.isspace():
                i += 1
            elif text.startswith("//", i):
                i = text.find("\n", i)
                i = n if i < 0 else i
            elif text.startswith("/*", i):
                i = self._after_comment(i)
            elif c == '"' or re.match(r'#+"', text[i:i + 8]):
                end = self._after_string(i)
                self._add("string", i, end)
                i = end
            elif c == "#":
                end = i + len(re.match(r"#\w*", text[i:]).group())
                if text[i:end] == "#if":
                    opened.append(i)
                elif text[i:end] == "#endif" and opened:
                    self.conditional.append((opened.pop(), end))
                if text[i:end] in ("#if", "#else", "#elseif", "#endif"):
                    line = text.find("\n", i)
                    i = n if line < 0 else line
                else:
                    self._add("word", i, end)
                    i = end
            elif c.isdigit():
                end = i + len(re.match(
                    r"0x[0-9A-Fa-f_]+(?:\.[0-9A-Fa-f_]+)?(?:p[+-]?\d+)?|0b[01_]+"
                    r"|\d[\d_]*(?:\.\d[\d_]*)?(?:[eE][+-]?\d+)?", text[i:]).group())
                self._add("number", i, end)
                i = end
            elif c.isalpha() or c in "_$@`":
                end = i + len(re.match(r"[@$`]?\w*`?", text[i:]).group())
                self._add("word", i, end)
                i = end
            elif c in OPERATOR_CHARACTERS:
                end = i
                while end < n and text[end] in OPERATOR_CHARACTERS:
                    end += 1
                run = text[i:end]
                # A member of a literal, an optional chain or a prefix, not one operator.
                for split in ("...", "..<"):
                    if run.startswith(split) and len(run) > 3:
                        end = i + 3
                if re.match(r"[?!][.?!]|\.[-!~]", run):
                    end = i + 1
                if run[0] in "<>" and i and not text[i - 1].isspace() and len(run) > 1:
                    end = i + 1
                self._add("operator", i, end)
                i = end
            else:
                self._add("mark", i, i + 1)
                i += 1

    def _add(self, kind, start, end):
        text = self.text
        before = start == 0 or text[start - 1].isspace()
        after = end == len(text) or text[end].isspace()
        self.tokens.append(Token(kind, text[start:end], start, end, before, after))

    def _after_comment(self, i):
        depth = 0
        while i < len(self.text):
            if self.text.startswith("/*", i):
                depth, i = depth + 1, i + 2
            elif self.text.startswith("*/", i):
                depth, i = depth - 1, i + 2
                if depth == 0:
                    return i
            else:
                i += 1
        return i

    def _after_string(self, i):
        text = self.text
        hashes = len(re.match(r"#*", text[i:]).group())
        i += hashes
        quote = '"""' if text.startswith('"""', i) else '"'
        closing = quote + "#" * hashes
        escape = "\\" + "#" * hashes
        i += len(quote)
        while i < len(text):
            if text.startswith(closing, i):
                return i + len(closing)
            if text.startswith(escape, i):
                i += len(escape)
                if text.startswith("(", i):
                    i = self._after_interpolation(i)
                else:
                    i += 1
            else:
                i += 1
        return i

    def _after_interpolation(self, i):
        depth = 0
        while i < len(self.text):
            c = self.text[i]
            if c == '"':
                i = self._after_string(i)
                continue
            depth += (c == "(") - (c == ")")
            i += 1
            if depth == 0:
                return i
        return i

    def _match(self):
        """partner[i] is the closing bracket of an opening one, and the other way round."""
        self.partner = {}
        stack = []
        for i, token in enumerate(self.tokens):
            if token.kind != "mark":
                continue
            if token.text in OPENERS:
                stack.append(i)
            elif token.text in CLOSERS:
                if not stack or OPENERS[self.tokens[stack[-1]].text] != token.text:
                    raise ValueError(f"unbalanced {token.text} at {token.start}")
                j = stack.pop()
                self.partner[i], self.partner[j] = j, i
        if stack:
            raise ValueError("brackets left open")

    def is_conditional(self, offset):
        return any(a <= offset < b for a, b in self.conditional)

    def text_of(self, first, last):
        """The source of the tokens first..<last, comments between them included."""
        return self.text[self.tokens[first].start:self.tokens[last - 1].end]

    # Statements

    def _block(self, i, end, kind, names):
        """Collects the statements of tokens i..<end; kind is code, type or switch."""
        found = []
        while i < end:
            token = self.tokens[i]
            if token.kind == "line" or token.text == ";":
                i += 1
                continue
            if kind in ("switch", "code") and self._is_label(i, end):
                i = self._after_label(i, end)
                continue
            last = self._statement_end(i, end)
            statement = Statement(i, last, "type" if kind == "type" else "code", names)
            found.append(statement)
            self._recurse(statement, kind, names)
            i = last
        if len(found) == 1 and kind == "code":
            found[0].is_only = True
        self.statements += found

    def _is_label(self, i, end):
        text = self.tokens[i].text
        return text in ("case", "default") or (
            text == "@unknown" and i + 1 < end and self.tokens[i + 1].text == "default")

    def _after_label(self, i, end):
        while i < end and self.tokens[i].text != ":":
            i = self.partner[i] if self.tokens[i].text in OPENERS else i
            i += 1
        return i + 1

    def _statement_end(self, i, end):
        first = i
        previous = None
        while i < end:
            token = self.tokens[i]
            if token.text == ";" and token.kind == "mark":
                return i
            if token.kind == "line":
                following = i
                while following < end and self.tokens[following].kind == "line":
                    following += 1
                if following == end:
                    return i
                if not self._continues(previous, self.tokens[following], first):
                    return i
                i = following
                continue
            if token.kind == "mark" and token.text in OPENERS:
                i = self.partner[i]
            previous = self.tokens[i]
            i += 1
        return end

    def _continues(self, previous, following, first):
        if previous is None:
            return False
        if previous.text in (",", ":", "=", "->", "?") or (
                previous.kind == "operator" and previous.is_spaced_before
                and previous.text not in (".",)):
            return True
        if previous.text in ("return", "in", "else", "throws", "try", "where", "&&", "||"):
            return previous.text != "return"
        if following.kind == "operator" and following.text not in ("!", "-", "~"):
            return True
        if following.text in ("-",) and following.is_spaced_after:
            return True
        return following.text in ("else", "catch", "where", "{", "as", "is", "?", ":") or (
            following.text == "while" and self.tokens[first].text == "repeat")

    def head(self, statement):
        """Index of the first token after modifiers and attributes, and the modifiers."""
        i, modifiers = statement.first, []
        while i < statement.last:
            token = self.tokens[i]
            if token.kind == "line":
                i += 1
            elif token.text.startswith("@") or token.text in MODIFIERS:
                modifiers.append(token.text)
                i += 1
                if i < statement.last and self.tokens[i].text == "(" \
                        and not self.tokens[i].is_spaced_before:
                    i = self.partner[i] + 1
            elif token.text == "class" and self.tokens[i + 1].text in ("func", "var"):
                i += 1
            else:
                break
        return i, modifiers

    def _recurse(self, statement, kind, names):
        head, _ = self.head(statement)
        word = self.tokens[head].text if head < statement.last else ""
        inner = names
        if word in TYPES | FUNCTIONS | {"var", "let"}:
            following = self.tokens[head + 1].text if head + 1 < statement.last else ""
            inner = names + (word if word in ("init", "deinit", "subscript") else following,)
        i = statement.first
        since = statement.first
        while i < statement.last:
            token = self.tokens[i]
            if token.text == "{" and token.kind == "mark":
                close = self.partner[i]
                statement.blocks.append((i, close))
                if word in TYPES:
                    block = "type"
                elif any(t.text == "switch" for t in self.tokens[since:i]):
                    block = "switch"
                else:
                    block = "code"
                self._block(self._after_parameters(i, close), close, block, inner)
                i = since = close
            i += 1

    def _after_parameters(self, brace, close):
        """The first token after `{ x, y in` of a closure, or after `{`."""
        i = brace + 1
        while i < close and self.tokens[i].kind != "line":
            token = self.tokens[i]
            if token.text in ("for", "{", "=", "if"):
                break
            if token.text == "in" and token.kind == "word":
                return i + 1
            i = self.partner[i] if token.text in ("(", "[") else i
            i += 1
        return brace + 1

    def has_line_in_braces(self, statement):
        return any("\n" in self.text_of(a, b + 1) for a, b in statement.blocks)
