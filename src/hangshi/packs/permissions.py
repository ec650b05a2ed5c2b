"""The closed list of what an account may be allowed to do. A role in a pack picks from it; a view names one of it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Permission:
    """`group`: who may hold it. `writes`: not for a role that only reads."""

    name: str
    group: str = "business"
    writes: bool = False


PERMISSIONS = {
    "figures.read": Permission("查看指标"),
    "records.read": Permission("查看记录"),
    "records.export": Permission("导出记录"),
    "visit.write": Permission("登记走访", writes=True),
    "activity.write": Permission("登记活动", writes=True),
    "case.write": Permission("立项和办理事项", writes=True),
    "entry.write": Permission("入账和冲销", writes=True),
    "period.close": Permission("结账", writes=True),
    "period.reopen": Permission("重新打开已结账的期间", writes=True),
    "duty.write": Permission("派任和结束责任", writes=True),
    "register.write": Permission("登记人员、农户和组织关系", writes=True),
    "unit.write": Permission("设立、合并、撤销等单位变动", writes=True),
    "intake.write": Permission("用表格批量导入", writes=True),
    "rosters.write": Permission("用外部名单比对在册记录", writes=True),
    "forms.write": Permission("登记下发的空白表、确认各列取数", writes=True),
    "forms.fill": Permission("填报下发的表", writes=True),
    "forms.approve": Permission("审定要下级填的表", writes=True),
    "handoff.write": Permission("拟制上报、读入回执", writes=True),
    "cases.restricted": Permission("查看限制类事项"),
    "people.restricted": Permission("查看出生日期、纪要等受限信息"),
    "cases.accept": Permission("验收销号、批准立项", writes=True),
    "approvals.personnel": Permission("审批干部人事事项", writes=True),
    "approvals.qualification": Permission("参加任职资格联审", writes=True),
    "people.reveal": Permission("查看公民身份号码等敏感信息"),
    "draws.write": Permission("封存名单和抽样", writes=True),
    "claims.read": Permission("核对材料中的数据"),
    "claims.write": Permission("确认数据对应的指标", writes=True),
    "reports.issue": Permission("签发材料", writes=True),
    "grants.delegate": Permission("把自己的授权委托给别人"),
    "accounts.manage": Permission("开设和停用账号", "system"),
    "accounts.sessions": Permission("查看和终止别人的登录、重置二次验证", "security"),
    "grants.manage": Permission("授予和终止权限", "security"),
    "appraisals.read": Permission("查看考评结果"),
    "appraisals.report": Permission("自评、对考评结果提出异议", writes=True),
    "appraisals.write": Permission("组织考评、核查评分", writes=True),
    "schemes.write": Permission("起草、审批和启用考评办法", writes=True),
    "points.read": Permission("查看本人和本单位的积分"),
    "points.appeal": Permission("对本人的积分提出申诉", writes=True),
    "points.write": Permission("提出积分、登记兑换、代记申诉", writes=True),
    "points.approve": Permission("审核积分、答复积分申诉", writes=True),
    "study.read": Permission("查看学习资料、测试和培训班"),
    "study.answer": Permission("自学和答题", writes=True),
    "study.write": Permission("发布学习资料，组织测试和培训", writes=True),
    "audit.read": Permission("查阅审计记录", "audit"),
}
