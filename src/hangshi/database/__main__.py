"""python -m hangshi.database start | stop | status"""

import argparse
import logging
import os
import sys

from hangshi.database import urls
from hangshi.database.errors import NoServer
from hangshi.database.sockets import State


def main(arguments: list[str] | None = None) -> int:
    """0 done (status: running), 3 not running, 1 refused with its reason."""
    parser = argparse.ArgumentParser(prog="python -m hangshi.database", description="内置数据库的启动、停止与状态。")
    parser.add_argument("action", choices=("start", "stop", "status"))
    action = parser.parse_args(arguments).action
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    try:
        return _act(action)
    except NoServer as refused:
        print(refused, file=sys.stderr)
        return 1


def _act(action: str) -> int:
    var = urls.default_var(os.environ)
    if action == "start":
        urls.connections(var, os.environ, check=True)
    server = urls.embedded(var, os.environ)
    if server is None:
        print("使用 DATABASE_URL 指向的服务器，不归本命令启停。")
        return 0
    if action == "stop":
        server.stop()
    state = server.state()
    print(f"{state.value}：{server.data}")
    return 3 if action == "status" and state is State.SILENT else 0


if __name__ == "__main__":
    sys.exit(main())
