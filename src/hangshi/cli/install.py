"""Commands that set up and serve: init, migrate, serve, demo, user."""

import os
import subprocess
import sys
import time

import click
from django.conf import settings
from django.core.management import call_command
from django.utils import timezone

from hangshi.access import services as access
from hangshi.access.scope import EVERYTHING, acting
from hangshi.audit.attach import after_migrate
from hangshi.cli.work import load_scenario
from hangshi.jobs import queue
from hangshi.refusal import Refused
from hangshi.registry.models import Unit

DEMO_PASSWORD = "ankang-demo-2017"  # noqa: S105  # shown on the page and the console: these people are invented


@click.command()
def migrate() -> None:
    """建立或升级数据表，并授予应用账号权限。 Create or upgrade the tables."""
    call_command("migrate", database="owner", verbosity=0)
    after_migrate()
    click.echo("数据表已是最新。")


@click.command()
@click.pass_context
def init(context: click.Context) -> None:
    """初始化：启动数据库并建表。 Start the database and create the tables."""
    context.invoke(migrate)
    click.echo(f"数据保存在 {settings.VAR}")


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True)
@click.option("--workers", default=os.cpu_count() or 1, show_default=True)
def serve(host: str, port: int, workers: int) -> None:
    """启动网页服务。 Serve the pages."""
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", host, "--port", str(port)]
    command += ["--workers", str(workers), "--blocking-threads", "1", "--no-ws", "hangshi.web.wsgi:application"]
    worker_command = [sys.executable, "-c", "from hangshi.cli.main import main; main()", "worker"]
    sys.exit(_beside(command, worker_command))


def _beside(command: list[str], helper: list[str]) -> int:
    """Run the command with the helper beside it; a helper that dies is started again, and both end together."""
    main, behind = subprocess.Popen(command), subprocess.Popen(helper)
    try:
        while True:
            try:
                return main.wait(timeout=2)
            except subprocess.TimeoutExpired:
                if behind.poll() is not None:
                    behind = subprocess.Popen(helper)
    finally:
        for it in (main, behind):
            it.terminate()
            it.wait()


@click.command()
def worker() -> None:
    """后台任务：导入、导出、封存等，serve 会自动启动一个。 Do the long work that pages ask for."""
    queue.worker()


@click.command()
@click.option("--scale", default=1.0, show_default=True, help="数据规模，1 为全市。 Share of the full size.")
@click.option("--port", default=8000, show_default=True)
@click.option("--load-only", is_flag=True, help="只装入数据，不启动网页。 Load, do not serve.")
@click.pass_context
def demo(context: click.Context, scale: float, port: int, load_only: bool) -> None:
    """装入安康演示数据（人员均为虚构）并启动网页。 Load the synthetic 安康 and serve it."""
    os.environ.setdefault("HANGSHI_PROFILE", "demo")  # no second factor, and every page says so
    started = time.monotonic()
    context.invoke(migrate)
    with acting(EVERYTHING, read_only=True):
        empty = not Unit.objects.exists()
    if empty:
        load_scenario("ankang", scale, DEMO_PASSWORD)
    click.echo(f"演示数据就绪，用时 {time.monotonic() - started:.0f} 秒。")
    click.echo(f"网址  http://127.0.0.1:{port}/\n密码  {DEMO_PASSWORD}（各账号相同）")
    click.echo("账号  shi 安康市 · hanbin 汉滨区 · guanmiao 关庙镇 · cun、dui 村（演示数据：人员均为虚构）")
    if not load_only:
        context.invoke(serve, port=port)


@click.command()
@click.argument("username")
@click.option("--name", required=True, help="姓名")
@click.option("--unit", "code", required=True, help="单位代码")
@click.option("--role", required=True, help="角色")
@click.password_option("--password", prompt="密码", help="密码")
def user(username: str, name: str, code: str, role: str, password: str) -> None:
    """开设账号并授权。 Open an account with one grant."""
    with acting(EVERYTHING):
        unit = Unit.objects.filter(code=code, until=None).first()
        if unit is None:
            raise Refused("unit.unknown", f"没有代码为 {code} 的现行单位，账号未开设。")
        account = access.open_account(username, name=name, password=password, must_change=True)
        access.grant(account, role=role, unit_id=unit.pk, path=unit.path, since=timezone.localdate())
    click.echo(f"已为 {name} 开设账号 {username}，管辖 {unit}。")


commands = [init, migrate, serve, worker, demo, user]
