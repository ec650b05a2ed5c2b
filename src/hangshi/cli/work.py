"""Commands that write much at once: divisions, scenario."""

from datetime import datetime
from pathlib import Path

import click
from rich.progress import Progress

from hangshi.registry import divisions as division_import
from hangshi.scenarios import load
from hangshi.standards.refresh import refresh


def load_scenario(name: str, scale: float, password: str) -> None:
    """Load with a progress bar on the console; `Refused` where units stand already."""
    with Progress() as progress:
        task = progress.add_task(f"装入 {name}")

        def show(what: str, number: int, steps: int) -> None:
            progress.update(task, completed=number - 1, total=steps, description=what)

        load.load(name, scale=scale, password=password, progress=show)
        progress.update(task, description="数据体检")
        refresh(force=True)


@click.group()
def scenario() -> None:
    """演示数据。 Synthetic data."""


@scenario.command("load")
@click.argument("name")
@click.option("--scale", default=1.0, show_default=True)
@click.option("--password", default="ankang-demo-2017", show_default=True)
def scenario_load(name: str, scale: float, password: str) -> None:
    """装入一套演示数据。 Load one."""
    load_scenario(name, scale, password)
    click.echo("已装入。人员均为虚构。")


@click.group()
def divisions() -> None:
    """行政区划。 Division codes."""


@divisions.command("load")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--root", required=True, help="根代码，如 6109")
@click.option("--since", type=click.DateTime(["%Y-%m-%d"]), required=True, help="生效日")
def divisions_load(file: Path, root: str, since: datetime) -> None:
    """从 CSV 导入区划，有错则一行不导。 Import a CSV, all or nothing."""
    counts = division_import.load(file, root=root, on=since.date())
    click.echo("已导入：" + "，".join(f"{name} {count}" for name, count in counts.items()))


commands = [scenario, divisions]
