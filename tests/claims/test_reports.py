"""Whole reports of the genre, written for this purpose and labelled by the guideline, mistakes of the rules left in the labels' favour."""

import pytest

from hangshi.claims import score
from hangshi.refusal import Refused
from tests.claims.reading import HERE

REPORTS = HERE / "reports"


def test_own_reports_meet_the_bar():
    got = score.of_folder(REPORTS / "labels.tsv", REPORTS)
    assert got.labels == 176
    assert got.span >= 0.97
    assert min(got.share(judged) for judged in ("interval", "unit", "role")) >= 0.97
    assert got.share("subject") >= 0.9


ROW = {
    "start": "0",
    "end": "4",
    "role": "fact",
    "low": "3",
    "low_open": "0",
    "high": "3",
    "high_open": "0",
    "unit": "item",
    "subject": "党支部",
}


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (ROW, (1.0, {"interval": 1, "unit": 1, "role": 1, "subject": 1})),
        (ROW | {"end": "2"}, (1.0, {"interval": 1, "unit": 1, "role": 1, "subject": 1})),
        (ROW | {"end": "1"}, (0.0, {"interval": 0, "unit": 0, "role": 0, "subject": 0})),
        (ROW | {"high": "4"}, (1.0, {"interval": 0, "unit": 1, "role": 1, "subject": 1})),
        (ROW | {"high": ""}, (1.0, {"interval": 0, "unit": 1, "role": 1, "subject": 1})),
        (ROW | {"high_open": "1"}, (1.0, {"interval": 0, "unit": 1, "role": 1, "subject": 1})),
        (ROW | {"unit": "person", "role": "target"}, (1.0, {"interval": 1, "unit": 0, "role": 0, "subject": 1})),
        (ROW | {"subject": "党员"}, (1.0, {"interval": 1, "unit": 1, "role": 1, "subject": 0})),
    ],
    ids=[
        "same",
        "half the span",
        "less than half",
        "other end",
        "unbounded",
        "open end",
        "other unit and role",
        "other subject",
    ],
)
def test_what_the_score_counts(found, expected):
    got = score.of_rows([ROW], [found])
    assert (got.span, got.right) == expected


def test_one_label_is_matched_once():
    got = score.of_rows([ROW], [ROW, ROW])
    assert (got.labels, got.found, got.matched) == (1, 2, 1)


def test_nothing_labelled_and_nothing_found_is_no_success():
    assert score.of_rows([], []).span == 0.0


def test_labels_without_a_column_or_a_document_are_refused(tmp_path):
    labels = tmp_path / "labels.tsv"
    labels.write_text("doc\tstart\n", encoding="utf-8")
    with pytest.raises(Refused, match="缺少列：end"):
        score.labels(labels)
    labels.write_text((REPORTS / "labels.tsv").read_text(encoding="utf-8"), encoding="utf-8")
    with pytest.raises(Refused, match="没有标注所指的文件“army"):
        score.of_folder(labels, tmp_path)
