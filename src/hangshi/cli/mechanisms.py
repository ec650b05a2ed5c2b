"""The command that says which mechanisms of the documents the installation carries."""

import json

import click
from django.urls import Resolver404, resolve

from hangshi.indicators import queries
from hangshi.packs.mechanisms import Mechanism, lacking, mechanisms


def is_page(address: str) -> bool:
    """Whether the address leads to a page, and where it is an indicator's or a check's, to one that there is."""
    try:
        found = resolve(address)
    except Resolver404:
        return False
    key, pack = found.kwargs.get("key"), queries.pack()
    known = {"indicator": pack.indicators, "findings_check": pack.checks}.get(found.url_name or "")
    return known is None or key in known


@click.command("mechanisms")
@click.option("--seed", help="只列某一份文件的，如 002")
@click.option("--json", "as_json", is_flag=True)
def show(seed: str | None, as_json: bool) -> None:
    """各项机制在哪个包里，用到哪些类别和页面，是否可用。 Every mechanism: packs, kinds, pages, figures, works or not yet."""
    pack = queries.pack()
    chosen = {key: it for key, it in mechanisms().items() if seed is None or seed in it.seeds}
    lacks = {key: lacking(it, pack, is_page) for key, it in chosen.items()}
    if as_json:
        said = [
            it.model_dump() | {"id": key, "works": not lacks[key], "lacks": lacks[key]} for key, it in chosen.items()
        ]
        click.echo(json.dumps(said, ensure_ascii=False))
        return
    for key, it in chosen.items():
        click.echo(line(key, it, lacks[key]))
    click.echo(f"共 {len(chosen)} 项，可用 {sum(not it for it in lacks.values())} 项。")


def line(key: str, it: Mechanism, lacks: list[str]) -> str:
    kinds = [way.removeprefix("kind.") for way in it.uses if way.startswith("kind.")]
    state = "可用" if not lacks else "未做" if lacks == ["uses"] else f"未做（缺 {'、'.join(lacks)}）"
    numbers = f"{len(it.figures)}" + (f"（另有{len(it.waiting)}个所在地的包还没有）" if it.waiting else "")
    parts = (
        state,
        key,
        it.name,
        f"包 {' '.join(it.packs) or '—'}",
        f"类别 {' '.join(kinds) or '—'}",
        f"页面 {' '.join(it.pages) or '—'}",
        f"数 {numbers}",
    )
    return "\t".join(parts) + (f"\t{it.note}" if it.note else "")


commands = [show]
