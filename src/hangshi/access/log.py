"""What happened at the door and to accounts, appended one row at a time: who, when, from where, which ids. Never a value."""

import hashlib
import json
from dataclasses import dataclass

from django.db import connection
from django.db.models import QuerySet
from django.utils import timezone

from hangshi.access.models import Event

# As the person concerned reads it; a kind that another room adds shows as itself until it has words.
WORDS = {
    "signed_in": "登录，密码正确",
    "sign_in_failed": "登录失败，密码不对",
    "signed_out": "退出",
    "code_given": "二次验证通过",
    "code_failed": "二次验证失败，验证码不对",
    "recovery_code_used": "用备用码通过二次验证",
    "recovery_codes_drawn": "重新生成备用码",
    "factor_enrolled": "启用二次验证或更换手机",
    "factor_removed": "重置他人的二次验证",
    "grant_switched": "切换身份",
    "password_set": "更换密码",
    "confirmed": "再次确认身份",
    "confirm_failed": "再次确认身份失败",
    "session_ended": "退出一台设备",
    "sessions_ended": "退出全部或其他设备",
    "sessions_ended_by_administrator": "终止他人的登录",
    "person_linked": "把账号关联到人员",
    "token_made": "生成接口令牌",
    "token_revoked": "撤销接口令牌",
    "sso_unknown": "统一身份认证登录失败，没有账号",
}


@dataclass(frozen=True)
class Caller:
    """Where a request comes from: its address ("" unknown) and what the browser calls itself."""

    address: str = ""
    agent: str = ""


NOWHERE = Caller()


def event(kind: str, account: int | None, /, *, caller: Caller = NOWHERE, **ids: int) -> None:
    """Append the event in the transaction of the caller, who acts as `account`, stands at the door, or is the operator.

    `account` None: a name that nobody has.
    """
    agent = hashlib.sha256(caller.agent.encode()).hexdigest()[:16] if caller.agent else ""
    with connection.cursor() as cursor:  # by hand: Django reads an inserted row back, which the door may not
        cursor.execute(
            "INSERT INTO access_event (kind, account, at, address, agent, ids) VALUES (%s, %s, %s, %s, %s, %s)",
            [kind, account, timezone.now(), caller.address, agent, json.dumps(ids)],
        )


def of(account: int, *, newest: int) -> QuerySet[Event]:
    """What happened to the account, the newest first."""
    return Event.objects.filter(account=account).order_by("-at", "-pk")[:newest]
