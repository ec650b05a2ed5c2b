"""What a pack may say of templates and tables: the words are there, what is named exists."""

import pytest

from hangshi.packs import load
from hangshi.packs.loader import SHIPPED
from hangshi.reports.language import Language, parsed, wanted
from tests.packs.conftest import codes_of, pack_dir, said_of, sentence_of

__all__ = ["codes_of", "pack_dir", "said_of", "sentence_of"]


def template(**said: str) -> str:
    words = {"name": '"某"', "file": '"some.md"', "title": '"某"', "source": '"试验"'} | said
    return "[template.some]\n" + "\n".join(f"{key} = {value}" for key, value in words.items())


def table(**said: str) -> str:
    words = {"name": '"某"', "columns": '[{ indicator = "members" }]', "source": '"试验"'} | said
    return "[table.some]\n" + "\n".join(f"{key} = {value}" for key, value in words.items())


@pytest.fixture
def words(pack_dir):
    (pack_dir / "templates").mkdir()
    (pack_dir / "templates" / "some.md").write_text("文", encoding="utf-8")


@pytest.mark.parametrize(
    ("part", "codes"),
    [
        (template(), []),
        (template(file='"other.md"'), ["P351"]),
        (template(file='"../some.md"'), ["P113"]),
        (template(file='"some.txt"'), ["P113"]),
        (template(source='""'), ["P301"]),
        (template(attached='["duties_monthly"]'), []),
        (template(attached='["novel"]'), ["P352"]),
        (template(unit_kinds='["county", "contry"]'), ["P353"]),
        (template(head_line='"x"'), ["P112"]),
        (table(), []),
        (table(rows='"village"'), []),
        (table(rows='"vilage"'), ["P355"]),
        (table(columns='[{ indicator = "membres" }]'), ["P354"]),
        (table(columns="[]"), ["P113"]),
        (table(period='"week"'), ["P113"]),
        (table(source='""'), ["P301"]),
    ],
)
def test_templates_and_tables_are_checked_when_a_pack_is_loaded(codes_of, words, part, codes):
    assert codes_of(part) == codes


def test_a_wrong_word_comes_with_the_right_one(sentence_of, words):
    assert sentence_of(table(columns='[{ indicator = "membres" }]')) == "没有指标“membres”；是不是“members”？"


@pytest.mark.parametrize("name", sorted(it.parent.name for it in SHIPPED.glob("*/pack.toml")))
def test_every_shipped_template_speaks_the_language_and_names_known_figures(name):
    pack = load("base", name)
    known = pack.indicators.keys() | pack.aliases.keys()
    for key, path in pack.files.items():
        if path.endswith(".md"):
            with open(path, encoding="utf-8") as file:
                names = wanted(parsed(file.read(), Language()))
            assert set(names) <= known, key


@pytest.mark.parametrize(
    "name",
    sorted(it.parent.parent.name for it in SHIPPED.glob("*/templates/*_review.md") if it.parent.parent.name != "base"),
)
def test_the_report_of_a_place_states_every_figure_that_its_document_states(name):
    pack = load("base", name)
    it = pack.templates[f"{name}_review"]
    with open(pack.files[it.key], encoding="utf-8") as file:
        words = file.read()
    said = {pack.aliases.get(asked, asked) for asked in wanted(parsed(words, Language()))}
    said |= {column.indicator for key in it.attached for column in pack.tables[key].columns}
    assert {figure.indicator for figure in pack.figures if figure.indicator} <= said
