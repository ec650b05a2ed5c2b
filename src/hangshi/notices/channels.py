"""A person's ways out: which the installation allows, what an address may be, and the hours in which nothing is sent."""

import re
from datetime import time
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction

from hangshi.access import keyring
from hangshi.notices.models import Channel
from hangshi.refusal import Refused
from hangshi.registry.signing import next_id, sign

KINDS = {"dingtalk": "钉钉群机器人", "wecombot": "企业微信群机器人", "mail": "电子邮件", "webhook": "单位自建接口"}
TOKEN = re.compile(r"[0-9A-Za-z_-]{16,128}")
MAIL = re.compile(r"[0-9A-Za-z._%+-]{1,64}@[0-9A-Za-z-]{1,63}(\.[0-9A-Za-z-]{1,63})+")


def offered() -> dict[str, str]:
    """The ways that this installation opens; by default none."""
    return {key: name for key, name in KINDS.items() if key in settings.CHANNELS}


@transaction.atomic
def choose(
    account: int, *, kind: str, address: str, quiet_from: time | None = None, quiet_until: time | None = None
) -> Channel:
    """The account is told by this way from now on, in place of the one of the same kind before. Raises `Refused`."""
    sign(account)
    check_may_choose(kind, address, quiet_from, quiet_until)
    known = Channel.objects.select_for_update().filter(account=account, kind=kind).first()
    it = known or Channel(pk=next_id("notice_channel"), account=account, kind=kind)
    it.sealed = keyring.seal(address.strip(), bound=_bound(it.pk))
    it.hint, it.enabled, it.failed = address.strip()[-4:], True, ""
    it.quiet_from, it.quiet_until = quiet_from, quiet_until
    it.save(force_insert=known is None)
    return it


def check_may_choose(kind: str, address: str, quiet_from: time | None, quiet_until: time | None) -> None:
    """An address never leads into the house: robots have a fixed host, mail the installation's relay, webhooks a listed host."""
    if kind not in offered():
        names = "、".join(offered().values()) or "无"
        raise Refused("channel.closed", f"本系统没有开通这种通知方式；现在开通的：{names}。")
    address = address.strip()
    if kind in ("dingtalk", "wecombot") and not TOKEN.fullmatch(address):
        raise Refused("channel.token", "请填机器人地址中的密钥（由字母和数字组成），不要填整个网址。")
    if kind == "mail" and not MAIL.fullmatch(address):
        raise Refused("channel.mail", "这不是电子邮件地址，请核对。")
    if kind == "webhook":
        _check_webhook(address)
    if (quiet_from is None) != (quiet_until is None):
        raise Refused("channel.quiet", "免打扰的起止时间要么都填，要么都不填。")
    if quiet_from is not None and quiet_from == quiet_until:
        raise Refused("channel.never", "免打扰的起止时间相同，就一直不会收到通知；不想收的请停用。")


def _check_webhook(address: str) -> None:
    try:
        said = urlsplit(address)
        host = f"{said.hostname}:{said.port}" if said.port else said.hostname or ""
    except ValueError:
        raise Refused("channel.webhook", "接口地址不对，请核对。") from None
    if said.scheme not in ("http", "https") or said.username or said.query or said.fragment:
        raise Refused("channel.webhook", "接口地址应以 http:// 或 https:// 开头，不带账号和参数。")
    if host not in settings.WEBHOOK_HOSTS:
        raise Refused("channel.host", f"“{host}”不在本系统允许的接口主机之列，请联系管理员。")


@transaction.atomic
def stop(channel: Channel) -> Channel:
    """Nothing is sent by it until it is chosen again; its address is forgotten."""
    sign(channel.account)
    channel.enabled, channel.sealed = False, b""
    channel.save(update_fields=["enabled", "sealed"])
    return channel


def address_of(channel: Channel) -> str:
    """What apprise is given. Raises `Refused` where the key ring cannot open it any more."""
    said = keyring.unseal(channel.sealed, bound=_bound(channel.pk))
    match channel.kind:
        case "mail":
            return f"{settings.MAIL_RELAY}{'&' if '?' in settings.MAIL_RELAY else '?'}to={said}"
        case "webhook":
            return said.replace("https://", "jsons://", 1).replace("http://", "json://", 1)
    return f"{channel.kind}://{said}/"


def is_quiet(channel: Channel, now: time) -> bool:
    """From the first minute up to and without the last; a span may pass midnight."""
    if channel.quiet_from is None or channel.quiet_until is None:
        return False
    if channel.quiet_from < channel.quiet_until:
        return channel.quiet_from <= now < channel.quiet_until
    return now >= channel.quiet_from or now < channel.quiet_until


def _bound(pk: int) -> bytes:
    return b"notice_channel:%d" % pk
