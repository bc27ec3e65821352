"""Scripts and styles of a page as one file each: complete, in order, and nothing left to fetch."""

import re
from pathlib import Path
from typing import Any

import pytest

from oslonac.web import bundles


def test_no_module_is_left_out_and_none_comes_twice() -> None:
    text = bundles.script()
    written = {path.stem for path in (bundles.STATIC / "web/js").glob("*.js")}
    made = re.findall(r"^const \$(\w+) = \(\(\) => \{$", text, re.M)
    assert sorted(made) == sorted(written)
    assert not re.search(r"^(import|export)\b", text, re.M)
    for name, uses in re.findall(r"^const \{([^}]*)\} = \$(\w+);$", text, re.M):
        assert text.index(f"const ${uses} =") < text.index(f"const {{{name}}} = ${uses};")


def test_every_stylesheet_is_there_and_keeps_its_rules() -> None:
    written = {path.stem for path in (bundles.STATIC / "web/css").glob("*.css")}
    assert set(bundles.STYLES) == written
    style = bundles.style()
    assert "/*" not in style and style.count("{") == style.count("}")
    assert ".btn.main{background:" in style.replace(": ", ":")
    assert "calc(60px + env(" in style, "blanks around a plus are part of the value"


def test_a_module_that_imports_itself_is_refused(tmp_path: Path, monkeypatch: Any) -> None:
    folder = tmp_path / "web" / "js"
    folder.mkdir(parents=True)
    (folder / "a.js").write_text('import { b } from "./b.js";\nexport const a = 1;\n')
    (folder / "b.js").write_text('import { a } from "./a.js";\nexport const b = 1;\n')
    (folder / "c.js").write_text("export default 1;\n")
    monkeypatch.setattr(bundles, "STATIC", tmp_path)
    with pytest.raises(ValueError, match="imports itself"):
        bundles.script(("a",))
    with pytest.raises(ValueError, match="not bundled"):
        bundles.script(("c",))
