"""claims extract and score as they are typed."""

from click.testing import CliRunner

from hangshi.claims import table
from hangshi.claims.extract import extract
from hangshi.cli.main import cli
from tests.claims.reading import HERE

HEAD = [
    "doc",
    "start",
    "end",
    "text",
    "role",
    "low",
    "low_open",
    "high",
    "high_open",
    "unit",
    "subject",
    "scope",
    "period",
]


def run(*words: object):
    return CliRunner().invoke(cli, ["claims", *map(str, words)])


def test_extract_prints_the_table_of_all_files(tmp_path):
    (tmp_path / "甲.txt").write_text("全市有党员近3\n万名。", encoding="utf-8")
    (tmp_path / "乙.txt").write_bytes("2019年建成车间不少于5.5公里。".encode("gb18030"))
    said = run("extract", tmp_path / "甲.txt", tmp_path / "乙.txt")
    assert said.exit_code == 0
    rows = [line.split("\t") for line in said.output.rstrip("\n").split("\n")]
    assert rows == [
        HEAD,
        ["甲.txt", "5", "10", "近3 万名", "fact", "27000", "0", "30000", "1", "person", "党员", "全市", ""],
        ["乙.txt", "9", "17", "不少于5.5公里", "standard", "5.5", "0", "", "0", "km", "车间", "", "2019年"],
    ]


def test_a_table_row_never_breaks():
    [claim] = extract("选派\t干部3\r\n6名。")
    assert table.line("a\tb\n.txt", claim).count("\t") == len(HEAD) - 1


def test_a_file_that_is_no_report_is_one_sentence(tmp_path):
    (tmp_path / "a.doc").write_bytes(b"x")
    said = run("extract", tmp_path / "a.doc")
    assert "不能读“a.doc”" in str(said.exception.sentence)


def test_score_says_each_share_and_fails_below_the_least():
    said = run("score", HERE / "reports" / "labels.tsv", HERE / "reports", "--least", "0.9")
    assert (said.exit_code, said.output.splitlines()[0]) == (0, "标注 176　读出 176　对上 176")
    assert [line.split("\t")[0] for line in said.output.splitlines()[1:]] == [
        "span F1",
        "interval",
        "unit",
        "role",
        "subject",
    ]
    assert run("score", HERE / "reports" / "labels.tsv", HERE / "reports", "--least", "1").exit_code == 1


def test_a_document_without_numbers_is_a_head_alone(tmp_path):
    (tmp_path / "a.txt").write_text("坚持党建引领。", encoding="utf-8")
    assert run("extract", tmp_path / "a.txt").output == "\t".join(HEAD) + "\n"
