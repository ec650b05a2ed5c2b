"""What an official reads for the kinds of entry."""

CHANGES = {"insert": "新增", "update": "修改", "delete": "删除", "truncate": "清空"}
# What `services.note` takes: a kind that stands nowhere would be found by nobody.
NOTED = {
    "reveal": "调阅个人信息",
    "export": "导出表格",
    "person_export": "导出个人档案",
    "person_correct": "更正个人信息",
    "refused": "拒绝办理",
    "keys_rotated": "轮换密钥",
    "audit_read": "查阅审计",
    "roster_read": "查看比对名单",
}
# The kinds of `access_event`, whose rows the log proves like any other.
EVENTS = {
    "signed_in": "登录",
    "sign_in_failed": "登录失败",
    "signed_out": "退出",
    "sso_unknown": "单点登录无对应账号",
    "session_ended": "结束一处登录",
    "sessions_ended": "结束全部登录",
    "code_given": "二次验证",
    "recovery_code_used": "使用恢复码",
    "code_failed": "二次验证失败",
    "recovery_codes_drawn": "更换恢复码",
    "factor_enrolled": "绑定二次验证",
    "grant_switched": "切换身份",
    "password_set": "设置密码",
    "confirmed": "再次确认身份",
    "confirm_failed": "再次确认身份失败",
}
KINDS = CHANGES | {"baseline": "建立基线", "person_erase": "删除个人信息"} | NOTED
TABLES = {
    "account": "账号",
    "access_grant": "授权",
    "access_event": "登录事件",
    "unit": "单位",
    "unit_name": "单位名称",
    "unit_link": "单位隶属",
    "unit_path": "单位沿革",
    "succession": "单位承继",
    "person": "人员",
    "household": "农户",
    "household_status": "农户状态",
    "household_member": "家庭成员",
    "membership": "组织关系",
    "duty": "责任",
    "activity": "活动",
    "attendance": "到会",
    "case_file": "事项",
    "case_step": "事项办理",
    "entry": "台账",
    "personal_reveal": "调阅登记",
    "personal_request": "个人信息请求",
    "draw": "抽取",
    "finding": "检查发现",
    "api_token": "接口令牌",
    "approval": "审批",
    "notice_channel": "通知方式",
    "notice_feed": "日历订阅",
    "approval_task": "审批任务",
    "approval_act": "审批经过",
    "activity_plan": "活动安排",
    "activity_agenda": "活动议程",
    "activity_review": "活动审核",
    "activity_attachment": "活动附件",
    "case_seat": "事项责任人",
    "case_measure": "事项措施",
    "case_evidence": "事项依据",
    "case_urging": "事项催办",
    "claim_binding": "数据口径",
    "share_holder": "持股户",
    "share_change": "股份变动",
    "share_line": "股份变动明细",
    "share_dividend": "收益分配",
    "share_part": "分红名单",
    "job": "后台任务",
    "roster": "比对名单",
    "roster_row": "比对名单行",
    "roster_finding": "比对发现",
    "handoff": "上报",
    "handoff_line": "上报各行",
    "handoff_held": "上级已接收",
    "handoff_receipt": "上报回执",
}


def table(name: str) -> str:
    """The Chinese name of a table; a table without one is shown by its own."""
    if name.endswith("_history"):
        return f"{table(name.removesuffix('_history'))}（原版本）"
    return TABLES.get(name, name)
