"""The menu offers what the role may open, marks the page one is on, and says nothing about who is asking."""

import re

import pytest
from django.test import Client
from django.urls import resolve

from hangshi.web import menu

READER = frozenset({"records.read", "figures.read"})
CLERK = READER | {"visit.write", "intake.write"}


def texts(permissions: frozenset[str]) -> dict[str, list[str]]:
    return {group: [it.text for it in items] for group, items in menu.menu(permissions)}


def test_a_reader_is_offered_no_writing() -> None:
    assert texts(READER)["工作台"] == ["工作总览", "待办", "一表通", "报表目录", "减负", "查找"]
    assert texts(CLERK)["工作台"] == ["工作总览", "待办", "登记", "导入", "一表通", "报表目录", "减负", "查找"]


def test_a_group_of_which_nothing_is_open_is_left_out() -> None:
    assert texts(frozenset({"audit.read"})) == {"管理": ["审计"]}
    assert texts(frozenset()) == {}


@pytest.mark.parametrize(
    ("path", "place"),
    [
        ("/", "/"),
        ("/records/persons/", "/records/persons/"),
        ("/records/persons/17/", "/records/persons/"),
        ("/records/new/", "/records/new/"),
        ("/records/new/visit/", ""),
        ("/account/", ""),
    ],
)
def test_a_page_belongs_to_the_item_that_its_address_begins_with(path: str, place: str) -> None:
    assert menu.place(path) == place


def test_every_item_leads_to_a_page() -> None:
    assert {resolve(it.address).url_name is not None for _, items in menu.MENU for it in items} == {True}


def test_the_thumb_of_a_reader_has_figures_where_a_clerks_has_writing() -> None:
    assert [it.text for it in menu.thumb(READER)] == ["总览", "待办", "指标", "事项", "查找"]
    assert [it.text for it in menu.thumb(CLERK)] == ["总览", "待办", "登记", "事项", "查找"]
    assert menu.thumb(frozenset({"audit.read"})) == ()


def test_the_page_one_is_on_is_marked_once_in_the_menu_and_others_are_not(sign_in) -> None:
    client: Client = sign_in("zhen")
    marked = [
        re.findall(r'href="([^"]+)" aria-current="page"', client.get(path).content.decode())
        for path in ("/records/persons/", "/records/duties/", "/records/persons/", "/account/")
    ]
    assert marked == [["/records/persons/"], ["/records/duties/"], ["/records/persons/"], []]


def test_the_two_forms_of_a_page_carry_one_token_that_is_taken(sign_in) -> None:
    page = sign_in("zhen").get("/records/persons/").content.decode()
    tokens = re.findall(r'name="csrf(?:-token" content|middlewaretoken" value)="([^"]+)"', page)
    assert len(tokens) == 2
    assert len(set(tokens)) == 1
