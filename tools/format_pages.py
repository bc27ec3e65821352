"""Lays out templates and stylesheets: `python tools/format_pages.py [--check]`.

djlint does most of it. Three things it leaves alone are done here: a block that follows another on
one line gets a line of its own, a sentence too long for its line becomes a `blocktranslate trimmed`
of the same words, and a line that is still too long is broken inside a tag, where a break shows
nowhere. Stylesheets go through cssbeautifier.
"""

import re
import subprocess
import sys
import tempfile
import textwrap
from collections.abc import Callable
from pathlib import Path

import cssbeautifier

ROOT = Path(__file__).resolve().parents[1]
LONGEST = 120
SHORT = 40  # a sentence that gains nothing by lines of its own
ROUNDS = 4
BLOCKS = (
    "div|p|section|article|table|thead|tbody|tfoot|tr|th|td|caption|ul|ol|li|dl|dt|dd|h1|h2|h3|h4|"
    "form|fieldset|legend|header|footer|nav|main|aside|details|summary|figure|figcaption"
)
# What must stay as it is: translated sentences and whatever white space belongs to.
LEFT_ALONE = re.compile(
    r"(\{% blocktranslate.*?\{% endblocktranslate %\}|<script.*?</script>|<textarea.*?</textarea>"
    r"|<pre.*?</pre>|\{% comment.*?endcomment %\}|<!--.*?-->)",
    re.S,
)
BEFORE_BLOCK = re.compile(rf"(?<=[>}}])[ \t]*(?=<(?:{BLOCKS})\b)")
AFTER_BLOCK = re.compile(rf"(</(?:{BLOCKS}|select|button|label)>)[ \t]*(?=[<{{])")
CARD = re.compile(r"[ \t]*(\{% (?:card|endcard)\b[^%]*(?:%(?!\})[^%]*)*%\})[ \t]*")
NAMED_SENTENCE = re.compile(r"(\{% translate (?:\"[^\"]*\"|'[^']*') as \w+ %\})[ \t]*(?=[<{])")
SENTENCE = re.compile(r"\{% translate (\"[^\"%{]*\"|'[^'%{]*')(?: as (\w+))? %\}")
BLOCK = re.compile(r"\{% blocktranslate(?! trimmed)( [^%]*)? %\}(\S.*?\S)\{% endblocktranslate %\}")
TRIMMED = re.compile(r"\{% blocktranslate trimmed\b.*?\{% endblocktranslate %\}", re.S)
VARIABLE = re.compile(r"\{\{.*?\}\}")
TAG = re.compile(r"</?[a-zA-Z](?:\{[{%].*?[%}]\}|\"[^\"]*\"|[^<>\"])*>")
# White space inside a tag, outside of its values and of template tags.
GAP = re.compile(r"\{[{%].*?[%}]\}|\"[^\"]*\"|(?P<gap>\s+)")


def lines_of_their_own(text: str) -> str:
    """Blocks that stood behind others on one line."""
    parts = LEFT_ALONE.split(text)
    for place in range(0, len(parts), 2):
        part = BEFORE_BLOCK.sub("\n", parts[place])
        part = AFTER_BLOCK.sub(r"\1\n", part)
        part = CARD.sub(r"\n\1\n", part)
        part = NAMED_SENTENCE.sub(r"\1\n", part)
        parts[place] = re.sub(r"\n[ \t]*\n+", "\n", part)
    return "".join(parts).lstrip("\n")


def trimmed_sentences(text: str) -> str:
    """Sentences of lines that are too long, as trimmed blocks of the same words."""

    def of_tag(found: re.Match[str]) -> str:
        if len(found[1]) < SHORT:
            return found[0]
        name = f" asvar {found[2]}" if found[2] else ""
        return f"{{% blocktranslate trimmed{name} %}}{found[1][1:-1]}{{% endblocktranslate %}}"

    def of_block(found: re.Match[str]) -> str:
        if len(found[2]) < SHORT:
            return found[0]
        said = found[1] or ""
        return f"{{% blocktranslate trimmed{said} %}}{found[2]}{{% endblocktranslate %}}"

    lines = text.split("\n")
    for place, line in enumerate(lines):
        if len(line) > LONGEST:
            lines[place] = BLOCK.sub(of_block, SENTENCE.sub(of_tag, line))
    return "\n".join(lines)


def wrapped(text: str) -> str:
    """Words of trimmed blocks in lines of their own; other long lines broken inside a tag."""
    text = TRIMMED.sub(lambda found: _wrapped_words(found[0]), text)
    return "\n".join(broken for line in text.split("\n") for broken in _broken(line))


def _wrapped_words(block: str) -> str:
    lines = []
    for line in block.split("\n"):
        indent = line[: len(line) - len(line.lstrip())]
        whole = VARIABLE.sub(lambda found: found[0].replace(" ", "\0"), line)
        if len(line) <= LONGEST or "{%" in line:
            lines.append(line)
            continue
        some = textwrap.wrap(
            whole.strip(),
            110,
            initial_indent=indent,
            subsequent_indent=indent,
            break_long_words=False,
            break_on_hyphens=False,
        )
        lines += [each.replace("\0", " ") for each in some]
    return "\n".join(lines)


def _broken(line: str) -> list[str]:
    lines: list[str] = []
    indent = " " * (len(line) - len(line.lstrip()) + 4)
    while len(line) > LONGEST and (place := _place(line)):
        lines.append(line[:place].rstrip())
        line = indent + line[place:].lstrip()
    return [*lines, line]


def _place(line: str) -> int:
    """Where a line may be broken: the last gap inside a tag, else the last end of one."""
    least = len(line) - len(line.lstrip()) + 24
    gaps, ends = [0], [0]
    for tag in TAG.finditer(line):
        ends.append(tag.end() - 1)
        gaps += [tag.start() + gap.start() for gap in GAP.finditer(tag[0]) if gap["gap"]]
    for places in (gaps, ends):
        found = max(place for place in places if place < LONGEST)
        if found > least:
            return found
    return 0


def templates(paths: list[Path]) -> dict[Path, str]:
    """Each template as it should be laid out."""
    with tempfile.TemporaryDirectory() as folder:
        copies = {path: Path(folder) / f"{place}.html" for place, path in enumerate(paths)}
        for path, copy in copies.items():
            copy.write_text(path.read_text("utf-8"), "utf-8")
        moving = list(copies.values())
        for _ in range(ROUNDS):  # what one step does may call for another
            before = {copy: copy.read_text("utf-8") for copy in moving}
            _each(moving, lines_of_their_own)
            _djlint(moving)
            _each(moving, trimmed_sentences)
            _djlint(moving)
            _each(moving, wrapped)
            moving = [copy for copy in moving if copy.read_text("utf-8") != before[copy]]
        return {path: copy.read_text("utf-8") for path, copy in copies.items()}


def _each(copies: list[Path], change: Callable[[str], str]) -> None:
    for copy in copies:
        copy.write_text(change(copy.read_text("utf-8")), "utf-8")


def _djlint(copies: list[Path]) -> None:
    if not copies:
        return
    settings = str(ROOT / "pyproject.toml")
    command = [sys.executable, "-m", "djlint", *map(str, copies), "--reformat", "--quiet"]
    subprocess.run([*command, "--configuration", settings], check=False)  # noqa: S603


def stylesheets(paths: list[Path]) -> dict[Path, str]:
    options = cssbeautifier.default_options()
    options.indent_size, options.end_with_newline = 2, True
    options.selector_separator_newline, options.newline_between_rules = False, False
    return {path: cssbeautifier.beautify(path.read_text("utf-8"), options) for path in paths}


def main() -> int:
    pages = [p for p in sorted(ROOT.glob("src/**/templates/**/*.html")) if p.name != "sprite.html"]
    made = templates(pages) | stylesheets(sorted(ROOT.glob("src/**/static/**/*.css")))
    old = [path for path, text in made.items() if path.read_text("utf-8") != text]
    for path in old:
        if "--check" in sys.argv:
            print(f"{path.relative_to(ROOT)} is not laid out: run make format")
        else:
            path.write_text(made[path], "utf-8")
    return 1 if old and "--check" in sys.argv else 0


if __name__ == "__main__":
    sys.exit(main())
