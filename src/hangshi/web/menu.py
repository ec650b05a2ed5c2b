"""The menu of a role: which pages it offers, and which of them one is on. The same for all who hold the same permissions."""

from dataclasses import dataclass
from functools import lru_cache

WRITES = frozenset(
    ("visit.write", "activity.write", "case.write", "entry.write", "duty.write", "register.write", "unit.write")
)
NEW = "new"  # instead of a permission: whoever may write anything
EXACT = ("/", "/records/new/")  # pages whose address begins those of others


@dataclass(frozen=True)
class Item:
    needed: str
    address: str
    icon: str
    text: str

    def open_to(self, permissions: frozenset[str]) -> bool:
        return bool(permissions & WRITES) if self.needed == NEW else self.needed in permissions

    def holds(self, path: str) -> bool:
        return path == self.address or (self.address not in EXACT and path.startswith(self.address))


MENU: tuple[tuple[str, tuple[Item, ...]], ...] = (
    ("工作台", (
        Item("records.read", "/", "layout-dashboard", "工作总览"),
        Item("records.read", "/inbox/", "checklist", "待办"),
        Item(NEW, "/records/new/", "pencil-plus", "登记"),
        Item("intake.write", "/intake/", "file-import", "导入"),
        Item("rosters.write", "/comparisons/", "list-check", "名单比对"),
        Item("figures.read", "/forms/", "file-spreadsheet", "一表通"),
        Item("figures.read", "/demands/", "clipboard-list", "报表目录"),
        Item("figures.read", "/relief/", "clock", "减负"),
        Item("handoff.write", "/handoff/", "send", "上报"),
        Item("register.write", "/duplicates/", "users", "疑似重复"),
        Item("records.read", "/search/", "search", "查找"),
    )),
    ("记录", (
        Item("records.read", "/records/units/", "hierarchy", "单位"),
        Item("records.read", "/records/members/", "flag", "党员"),
        Item("records.read", "/records/persons/", "users", "人员"),
        Item("records.read", "/records/households/", "home-heart", "农户"),
        Item("records.read", "/records/duties/", "link", "责任关系"),
        Item("records.read", "/records/activities/", "calendar-event", "活动"),
        Item("records.read", "/records/cases/", "folder", "事项"),
        Item("records.read", "/rolls/", "list-check", "名册"),
        Item("records.read", "/records/entries/", "table", "台账"),
        Item("records.read", "/ledger/", "report-money", "账本"),
    )),
    ("办理", (
        Item("records.read", "/board/", "clipboard-list", "事项看板"),
        Item("records.read", "/approvals/", "clipboard-check", "审批"),
        Item("records.read", "/calendar/", "calendar", "日历"),
        Item("records.read", "/duties/", "user-check", "责任总览"),
        Item("records.read", "/chain/", "hierarchy", "责任链"),
        Item("records.read", "/tenures/", "clock", "任期与空缺"),
        Item("records.read", "/responsibility/", "list-check", "责任清单"),
        Item("points.read", "/points/", "star", "积分"),
        Item("study.read", "/study/", "book", "学习"),
        Item("records.read", "/draws/", "target", "抽样"),
    )),
    ("研判", (
        Item("records.read", "/indicators/", "chart-bar", "指标"),
        Item("records.read", "/findings/", "alert-triangle", "数据体检"),
        Item("figures.read", "/reports/", "files", "材料报表"),
        Item("claims.read", "/claims/", "file-analytics", "核对材料"),
        Item("appraisals.read", "/appraisals/", "award", "考评"),
        Item("appraisals.read", "/honours/", "flag", "红旗和荣誉"),
        Item("records.read", "/closings/", "lock", "结账"),
        Item("figures.read", "/documents/", "file-text", "制度文件"),
    )),
    ("管理", (
        Item("grants.delegate", "/delegations/", "user-plus", "委托"),
        Item("grants.manage", "/grants/", "shield-check", "授权管理"),
        Item("audit.read", "/audit/", "eye", "审计"),
    )),
)  # fmt: skip
THUMB = (
    Item("records.read", "/", "layout-dashboard", "总览"),
    Item("records.read", "/inbox/", "checklist", "待办"),
    Item(NEW, "/records/new/", "pencil-plus", "登记"),
    Item("records.read", "/records/cases/", "folder", "事项"),
    Item("records.read", "/search/", "search", "查找"),
)
READERS_THUMB = (*THUMB[:2], Item("records.read", "/indicators/", "chart-bar", "指标"), *THUMB[3:])
UNDER_THUMB = frozenset(it.address for it in (*THUMB, *READERS_THUMB))


def menu(permissions: frozenset[str]) -> list[tuple[str, tuple[Item, ...]]]:
    """The groups of which something is open, with what is."""
    found = [(group, tuple(it for it in items if it.open_to(permissions))) for group, items in MENU]
    return [(group, items) for group, items in found if items]


def thumb(permissions: frozenset[str]) -> tuple[Item, ...]:
    """The bar under a phone's thumb; empty for an administrator, whose work is on few pages."""
    if "records.read" not in permissions:
        return ()
    return THUMB if permissions & WRITES else READERS_THUMB


@lru_cache(maxsize=1024)
def place(path: str) -> str:
    """The address of the item that holds the page; "" for a page outside the menu."""
    return next((it.address for _, items in MENU for it in items if it.holds(path)), "")
