"""Noun phrases beside a quantity: where the thing counted begins and ends, by word lists of the genre.

Two lists decide. Firm verbs never stand inside a counted thing (担任, 召开); soft ones may (帮扶责任人, 培训班), and end a phrase only
where no head noun follows.
"""

import re

FIRM = (
    "由 从 在 对 把 将 被 让 使 给 与 向 为 是 按 用 以 于 每 已 均 都 但 并 "
    "且 就 又 仍 再 因 各 到 至 讲 有 占 担任 参加 参与 进入 放弃 获得 荣获 受到 实现 成为 签订 签约 "
    "开展 进行 召开 举办 举行 制定 制订 出台 印发 下发 发放 投入 建立 建成 建设 新建 改建 扩建 改扩建 新改建 修建 成立 组建 设立 "
    "选派 选聘 选拔 选优 选树 选配 选育 派出 下派 选任 提拔 使用 提拔使用 调整 调整优化 查处 召回 流转 争取 排查 整顿 解决 化解 储备 "
    "遴选 招聘 招录 招引 引进 引导 引领 吸引 吸纳 吸收 带动 推动 促进 辐射带动 帮助 组织 动员 发动 安排 落实 完成 达到 到达 增加 "
    "增长 减少 下降 提高 提升 上升 降低 缩短 压缩 压减 上调 下调 缩小 扩大 增至 增加到 提高到 列支 拨付 下拨 补助 奖励 支持 扶持 "
    "资助 捐赠 捐款 筹集 筹措 整合 整合投入 发展 打造 创建 培育 培养 评选 评选出 评定 命名 表彰 推荐 推选 覆盖 涉及 惠及 受益 享受 "
    "走访 慰问 入户 梳理 查摆 查找 发现 征求 收集 征集 受理 办结 办理 答复 整改 整改落实 问责 处分 处理 约谈 通报 通报批评 谈话 移送 "
    "立案 给予 撤换 免职 清退 抽查 检查 督查 巡察 调研 督导 开设 开办 创办 领办 创办领办 认领 承诺 践行 兑现 编印 编发 编写 制作 "
    "发布 推送 播发 宣讲 讲授 授课 培训 轮训 集中培训 集中轮训 联系 包联 包抓 包保 挂联 挂包 结对 结对帮扶 结成 帮扶 挂钩 脱贫 摘帽 退出 "
    "出列 搬迁 安置 搬入 入住 就业 转移 转移就业 务工 输出 创业 返乡 回引 回流 返乡创业 增收 收入 支出 销售 种植 养殖 栽植 栽种 改造 "
    "硬化 铺设 安装 维修 整治 治理 拆除 清理 清运 绿化 亮化 认定 确定 确认 明确 纳入 消除 识别 新增 新建成 新发展 累计发展 累计培养 累计投入 "
    "累计发放 累计开展 派驻 聘请 聘任 配备 配齐 配强 充实 补充 设置 设有 下设 共设 划分 分为 细化 分解 提出 形成 推出 探索 总结 包括 "
    "包含 属于 拥有 占比 占到 位居 排名 超过 突破 高于 低于 不少于 不低于 不超过 共计 总计 合计 累计 共有 现有 下辖 管辖 仅有 只有 "
    "还有 尚有 约有 已有 参训 观看 观摩 点播 学习 撰写 上报 报送 接待 接访 调处 调解 消化 帮销 代销 采购 认购 购买 购置 承包 "
    "租赁 出租 盘活 入股 分红 流入 返还 减免 贷款 发放贷款 借款 偿还 清偿 缴纳 上缴 保障 救助 免费 体检 诊疗 签约服务 监测 预警 降为 "
    "降至 升至 上升到 下降到 减少到 按照 通过 围绕 用于 因此 并且 已经 全部 陆续 先后 分别 同时 目前 现已 率先 直接 自愿 主动 有序 "
    "持续 正式 顺利 成功 经过 能够 可以 需要 应当 必须 不得 要求 做到 做好 做出 抓好 抓实 推行 推广 实行 实施 执行 启动 启用 "
    "投用 投产 运行 运营 动工 开工 竣工 验收 送去 送上 送达 送出 建起 修通 卖出 花费 用上 喝上 住上 住进 搬进 搬出 走上 走进 "
    "走出 来到 回到 深入 奔赴 赶赴 扎根 坚守 坚持 连续 集中 统一 统筹 协调 协助 配合 指导 带领 率领 带头 牵头 负责 承担 履行 "
    "报名 报考 考取 考上 毕业 递交 提交 写下 申请 转为 转正 晋升 交流 转任 挂职 任职 兼任 连任 当选 选举 选出 换届 改选 补选 "
    "增选 罢免 撤销 撤并 合并 优化 优化调整 规范 规范提升 晋位 升级 转化 转化提升 销号 摸排 摸底 走遍 访谈 谈心谈话 座谈 听取 反映 化解矛盾 印刷 "
    "刊发 刊登 报道 采纳 采用 推介 转发 点击 关注 注册 开通 上线 搭建 开发 设计 建档 归档 录入 核查 核实 比对 比照 公示 公开 "
    "公布 表决 审议 审批 审核 备案 评议 测评 考核 述职 考察 考评 评价 评估 打分 评为 获评 评上 节约 节省 创收 盈利 营收 实收 "
    "结余 结存 核销 冲抵 集资 众筹 融资 到位 投资 总投资 完成投资 建有 占地 控制 保持 稳定 巩固 达标 合格 满意 好于 优于 高出 多出 "
    "领先 落后 生产 加工 出栏 存栏 采摘 收获 收购 托管 代耕 耕种 播种 补种 复垦 开垦 灌溉 受灾 转移安置 抢修 疏浚 加固 清淤 值守 "
    "巡查 巡逻 劝返 劝导 隔离 接种 检测 捐献 配送 代办 跑办 帮办 上门 力争 分类 分组 分批 分片 协商 召集 邀请 抽调 选取 借助 "
    "依托 结合 针对 面向 立足 帮扶带动 有效 切实 全面 扎实 大力 着力 积极 严格 加大 加强 加快 强化 深化 健全 完善 夯实 筑牢 激发 "
    "凝聚 汇聚 撬动 吸引带动 孵化 盘活利用 发放到 覆盖到 惠及到 分布 遍布 分布在 来自 毕业于 供职 回村 到村任职 到岗 上岗 下沉 包村 驻村 联村 包户 "
    "联户 领衔 主持 主讲 出席 收看 收听 转载 编排 演出 展演 送戏 放映 诊治 就医 就读 入学 辍学 参保 参合 缴费 报销 兜底 纳保 "
    "领取 发展为 培养为 培养成 转变为 升格 打通 打赢 补齐 补短 消费 抽取 随机抽取 组成 开除 开除党籍 建成后 投产后 降到 升到 涨到 确保 齐聚 齐聚一堂 互派 折合 涨幅 挣到 挣得 攒下 赚到 赚得 送学 送学上门 参观 参观学习 兑换 前来 修订 修订完善 进村入户 进村 如期 按期 如数 加装 主要 基本 普遍 比较 同比 环比 较 比"
).split()
SOFT = frozenset(
    (
        "培训 轮训 帮扶 结对帮扶 结对 就业 创业 返乡 返乡创业 务工 脱贫 搬迁 安置 培养 培育 建设 发展 服务 改造 整治 治理 联系 包联 挂职 "
        "学习 监测 种植 养殖 加工 生产 扶持 补助 奖励 整改 整顿 督查 巡察 调研 检查 支出 收入 贷款 投资 救助 保障 转移 考核 述职 "
        "测评 评议 表彰 示范 带头 带领 引领 创建 招商 销售 采购 报道 承诺 回引 储备 退出 出列 选派 选聘 返还 分红 入股 流转 考察 "
        "入户 走访 慰问 调解 接待 组织 管理 保持 稳定 公示 观摩 参训 参与 承包 租赁 集中 统一 协调 指导 交流 上线 规范 达标 合格 "
        "满意 通报 设计 开发 值守 巡查 巡逻 检测 隔离 增收 受益 免费 连续 公开 核查 审核 评价 使用 收集 谈话 处分 问责 任职 兼任 "
        "毕业 灌溉 出栏 存栏 托管 备案 申请 推荐 移送 营收 融资 总投资 录入 采用 反映 座谈 宣讲 授课 改选 换届 选举 运行 运营 实施 "
        "执行 配送 代办 负责 主动 直接 持续 有序 认定 落实 引导 推动 化解 处理 上门 推广 吸纳 补充 优化 牵头 开放 解决 覆盖 享受 "
        "减免 体检 诊疗 关注 硬化 绿化 亮化 拆除 维修 安装 清理 优化调整 通过 集中培训 集中轮训 联合 征求 征集 受理 办结 办理 消除 监督 招聘 "
        "招录 引进 招引 验收 要求 驻村 包村 联村 包户 回村 参保 消费 强化 分类 演出 宣传 领衔 分布 下沉 参合 送戏 兜底"
    ).split()
)
HEADS = (
    "党员 干部 群众 书记 队员 队伍 工作队 村民 农民 农户 贫困户 脱贫户 人员 人才 支部 党支部 党委 党组织 党小组 小组 社区 乡镇 街道 园区 "
    "基地 合作社 企业 公司 车间 工厂 市场 景区 项目 工程 产业园 学校 中心 阵地 广场 问题 措施 方案 意见 建议 办法 制度 机制 清单 "
    "任务 事项 岗位 资金 经费 补贴 补助 报酬 工资 收入 贷款 产值 产业 面积 土地 耕地 林地 果园 茶园 大棚 活动 培训班 党课 会议 "
    "讲座 宣讲 专班 小分队 服务队 志愿者 代表 委员 成员 教师 医生 专家 特派员 指导员 辅导员 联络员 网格员 大学生 学生 儿童 老人 妇女 青年 劳动力 "
    "职工 农民工 游子 能人 带头人 负责人 责任人 户主 住房 房屋 公路 道路 管道 路灯 厕所 桥梁 水渠 案件 线索 矛盾 纠纷 诉求 信访件 文件 "
    "资料 材料 简报 信息 稿件 经验 典型 品牌 模式 步骤 类型 情形 要求 渠道 体系 平台 载体 环节 阶段 方面 指标 要素 标准 条件 "
    "办公用房 机构 单位 部门 网格 楼院 自治组织 社会组织 经济组织 基层组织 群团组织 专业合作组织 党建 建档立卡 子项 大项 监督员 调解员 宣讲员 护林员 保洁员 公益岗 示范点 示范村 "
    "服务站 服务点 驿站 卫生室 活动室 文化室 监测点 观测点 联系点 安置点 安置区 帮扶车间 扶贫车间 班子 正职 副职 培训基地 积极分子 致富带头人 先锋 模范 标兵 代表团 覆盖率 满意度 满意率 "
    "合格率 支书 主任 党小组长 组长 网格长 楼栋长 街长 路长 林长 河长 示范户 中心户 联系户 红旗 牌匾 证书 锦旗 书籍 图书 牛 羊 猪 鸡 "
    "蜂 亩 车 井 池 渠 塘 坝 堤 厂房 仓库 冷库 民宿 农家乐 摊位 铺面 门面 店铺 网店 直播间 订单 合同 协议 责任书 "
    "承诺书 倡议书 明白卡 台账 档案 文书 法规 条例"
).split()
_WORDS = frozenset(FIRM)
_LONGEST_WORD = max(map(len, _WORDS))
_HEAD = re.compile("|".join(sorted(HEADS, key=len, reverse=True)))
_TAIL = re.compile(rf"{_HEAD.pattern}|[\u4e00-\u9fff]{{1,2}}[员者户](?![工会])")
_HEAD_END = re.compile(rf"(?:{_HEAD.pattern})\Z")
_END = re.compile(r"[,。;:!?\n、0-9+/\-]|[户人亩村年月]均|[一二两三四五六七八九十]{1,4}(?=[个名户家人亩项支处次套条件张座间])|近(?=[\d百千万])")
_REACH = 26
_TIME = re.compile(
    r"(?:(?:19|20)\d\d年?(?:以来|来|底|初|末|度)?|今年(?:以来|[上下]半年)?|去年(?:以来)?|近[一二两三四五六七八九十几\d]{1,2}年来?|[一二两三四五六七八九十\d]{1,2}年多?来|其中|另有|此外|另外|近年来|目前|截至目前|以来|当年|全年|上半年|下半年|本月|[一二三四]季度|期间|至今|年初|年末|年底|同期|当前|现在)"
)
_PLACE = re.compile(
    r"^(?:全[省市县区州乡镇村旗国]|[我本该][省市县区州乡镇村旗国]|[\u4e00-\u9fff]{2,3}[市县区州旗](?=[\u4e00-\u9fff]{2})(?![级直委域政长]))(?![级直委域政长])"
)
FILL = re.compile(
    r"(?:年均|月均|可达|可|高达|多达|少于|共计|总计|合计|累计|共有|共|已有|已|约有|仅有|只有|仅|有|计|达到了?|达|分别为|分别是|分别|为|是|约|了|就|均|都|虽然?|却|一共|总共|总数|总量|总数达|现有|还有|尚有|的|又|再|至|到|:|之中|中|里|上|也|至少|不少于|最多|不超过|先后|陆续|平均|最高|最低|每人|每户|每年|每月|每村|每次|各|增至|升至|降至|个|人均|户均|以)\Z"
)


def verb_at(text: str, at: int, stop: int) -> str:
    """The longest listed verb that begins at `at` and ends by `stop`; empty if none, or if a noun holds it (指导员, 党组织)."""
    for length in range(min(_LONGEST_WORD, stop - at), 0, -1):
        verb = text[at : at + length]
        if verb in _WORDS:
            if length == 1 and (text[at : at + 2] in _SINGLE_NOUNS or text[max(0, at - 1) : at + 1] in _SINGLE_NOUNS):
                return ""
            noun = _HEAD.match(text, at)
            if noun and noun.end() > at + length or length > 1 and _SUFFIX.match(text, at + length):
                return ""
            return verb
    return ""


_SUFFIX = re.compile(
    "[员者户率费证班队型式性](?![组支])|人员|人才|对象|专班|制度|资金|[人站点室组](?=[,。;、!?中内的等]|[\u4e00-\u9fff]{0,1}[,。;、])|工作队|服务队|指导员|责任人|带头人"
)


def ends_with_head(words: str) -> bool:
    """Whether the words end like a thing that can be counted (党员干部)."""
    return bool(_HEAD_END.search(words))


def forward(text: str, at: int) -> tuple[int, int]:
    """The phrase that the quantity ending at `at` counts, if it follows; an empty span if it does not."""
    of = text[at : at + 1] == "的"
    start = at + of
    limit = _before_a_number(text, start, _limit(text, start))
    end = _first_verb(text, start, limit)
    if of and _OF_A_RULE.match(text, start):
        return at, at
    head = _after_de(text, start, end, limit)
    if head is not None:
        start, end = head
    while end > start and (text[end - 1] in "的了等(和与及以,、" or (text[end - 1] in "中里内" and end - start > 1)):
        end -= 1
    return (start, end) if end > start else (at, at)


def _limit(text: str, start: int) -> int:
    """Where the phrase must end: a mark, a number; brackets and quotes right inside it belong to it."""
    at, top = start, min(len(text), start + _REACH)
    while at < top:
        mark = text[at]
        if mark == "(":
            close = text.find(")", at, at + 12)
            if close < 0 or any(it in text[at:close] for it in ",。;:0123456789"):
                return at
            at = close + 1
        elif mark == "\u201c":
            close = text.find("\u201d", at, at + 16)
            if close < 0:
                return at
            at = close + 1
        elif mark in "\u201d)《》\u2018\u2019 ":
            return at
        elif mark == "、" and at > start and _joins(text, at):
            at += 1
        elif _END.match(text, at):
            return at
        else:
            at += 1
    return top


_OF_A_RULE = re.compile("(?:原则|标准|要求|规定|比例|目标|条件|速度|幅度|水平|价格|规模|额度|方式|总体)")


def _before_a_number(text: str, start: int, limit: int) -> int:
    """49个子项和市直部门8大项: what and leads to a number belongs to that number."""
    if limit < len(text) and (text[limit].isdigit() or text[limit] in "近约超一二两三四五六七八九十"):
        cut = max(text.rfind(mark, start, limit) for mark in "和与及、")
        return cut if cut > start and ")" not in text[cut:limit] else limit
    return limit


def _joins(text: str, at: int) -> bool:
    """Whether 、 joins two nouns of one phrase (第一书记、工作队员) and no further count."""
    return not _END.match(text, at + 1) and text[at + 1 : at + 2] != "\u201c" and not verb_at(text, at + 1, at + 4)


def _first_verb(text: str, start: int, limit: int) -> int:
    at = start
    while at < limit:
        if text[at] == "\u201c":
            at = text.find("\u201d", at, limit) + 1 or limit
            continue
        verb = verb_at(text, at, limit)
        if verb and not (verb in SOFT and _belongs(text, start, at, verb, limit)):
            return at
        at += len(verb) if len(verb) > 1 else 1
    return limit


def _belongs(text: str, start: int, at: int, verb: str, limit: int) -> bool:
    """A soft verb is inside the phrase where a head noun follows soon, or where the phrase ends with it (标准化建设要求)."""
    if at > start and at + len(verb) == limit:
        return True
    found = _TAIL.search(text, at + len(verb), min(limit, at + len(verb) + 6))
    if not found:
        return False
    return at == start or not _HEAD_END.search(text[start:at])


def _after_de(text: str, start: int, end: int, limit: int) -> tuple[int, int] | None:
    """实绩突出的第一书记: what stands before 的 describes, unless a whole phrase came before the verb."""
    of = text.rfind("的", start, limit)
    if of <= start or of + 1 >= limit:
        return None
    if end < of and _HEAD.search(text[max(start, end - 4) : end]) and end - start >= 2:
        return None
    if end < of and any(mark in text[end:of] for mark in "、"):
        return None
    stop = _first_verb(text, of + 1, limit)
    return (of + 1, stop) if stop > of + 1 else None


def backward(text: str, at: int, floor: int) -> tuple[int, int, str]:
    """The phrase before `at`, not before `floor`, and the verbs that stand between it and the number ("" if none)."""
    start, end = max(floor, at - 40), at
    end = _strip(text, start, end)
    verb, run = "", end
    while end > start and (last := _verb_ending(text, start, end)):
        if _is_noun_tail(text, start, end, last):
            break
        verb = text[end - len(last) : run]
        end = _strip(text, start, end - len(last))
    begin = _phrase_start(text, start, end)
    if (
        start > 0
        and begin == start
        and text[start - 1] not in _MARKS_BEFORE
        and (cut := re.search("[和与及、]", text[begin:end]))
    ):
        begin += cut.end()  # what follows the number before belongs to that number
    return begin, end, verb


_MARKS_BEFORE = ",。;:!?\n"


def _is_noun_tail(text: str, start: int, end: int, last: str) -> bool:
    """收入 in 集体经济收入 is the thing itself; 收入 alone is the verb."""
    head = _HEAD_END.search(text[max(start, end - 8) : end])
    if head and len(head[0]) > len(last):
        return True
    return last in _NOUN_TAILS and end - len(last) > start and not _is_edge(text[end - len(last) - 1])


_NOUN_TAILS = frozenset(
    "收入 支出 补助 奖励 投资 贷款 总投资 培训 服务 活动 补贴 处分 承诺 报道 救助 表彰 考核 测评 营收 组织 要求 存栏 出栏 承包".split()
)


def _is_edge(mark: str) -> bool:
    return mark in ",。;:!?、\n\u201d() "


def _strip(text: str, start: int, end: int) -> int:
    while end > start:
        found = FILL.search(text[max(start, end - 4) : end])
        if not found:
            if text[end - 1] in " \u2018\u2019":
                end -= 1
                continue
            return end
        if end - len(found[0]) - start >= 1 and text[end - len(found[0]) - 1 : end] in (
            "其中",
            "之多",
            "村里",
            "城里",
            "县里",
            "手里",
            "以上",
            "网上",
            "线上",
            "党内",
            "当中",
            "初中",
            "高中",
            "集中",
            "人均",
            "户均",
            "任务",
            "行为",
            "各项",
            "基地",
            "报名",
        ):
            return end
        end -= len(found[0])
    return end


def _verb_ending(text: str, start: int, end: int) -> str:
    for length in range(min(_LONGEST_WORD, end - start), 0, -1):
        if text[end - length : end] in _WORDS:
            return text[end - length : end]
    return ""


def _phrase_start(text: str, start: int, end: int) -> int:
    """After the last firm verb before the phrase, or a soft one that leaves a phrase of two characters and more."""
    begin = at = start
    while at < end:
        if text[at] == "\u201c":
            close = text.find("\u201d", at, end)
            if close > 0:
                at = close + 1
                continue
        if found := _TIME.match(text, at):
            begin = at = min(found.end(), end)
            continue
        verb = verb_at(text, at, end)
        left = end - at - len(verb)
        if verb and left >= 2 and (verb not in SOFT or _leads(text, at, verb, begin, end)):
            begin = at = at + len(verb)
            while begin < end - 2 and text[begin] in "了过出到":
                begin = at = begin + 1
            continue
        at += max(1, len(verb))
    if found := _PLACE.match(text[begin:end]):
        begin += found.end() if found.end() < end - begin else 0
    if each := _EACH_OF.match(text[max(start, begin - 1) : end]):
        begin = min(end, max(begin, max(start, begin - 1) + each.end()))
    if (
        end - begin > 2
        and text[begin] in "设辖建选修种养开聘派招评印发增补"
        and text[begin : begin + 2] not in _LEADING_NOUNS
    ):
        begin += 1
    while begin < end and text[begin] in ",、的了和及与 :":
        begin += 1
    return end if begin < end and text[end - 1] in "、," else begin


def _leads(text: str, at: int, verb: str, begin: int, end: int) -> bool:
    """Whether a soft verb governs what follows rather than standing in the middle of the phrase."""
    if at != begin:
        return (
            len(verb) > 1
            and end - at - len(verb) >= 3
            and bool(_HEAD_END.search(text[begin:at]))
            and bool(_HEAD_END.search(text[at:end]))
        )
    head = _HEAD.match(text, at + len(verb))
    return not head or end - at - len(verb) > 3


_EACH_OF = re.compile(
    r"每(?:个|名|位)?(?:人|户|村|年|月|生|亩|餐|乡镇?|镇|县|支部|社区|季度|党支部|半年|周|次|天)?(?:每[年月天])?"
)
_LEADING_NOUNS = frozenset(
    "开工 设备 设施 建设 建档 建议 建制 建筑 选调 选举 选手 种植 种养 种子 种粮 养殖 养老 开发 开放 派出 招商 评议 评价 修路 印章 发展 发票 发明 增收 补助 补贴 辖区 聘用 种类 养护 评审 招待 开支 补充 增量".split()
)
_SINGLE_NOUNS = frozenset(
    "对象 对口 对策 对外 面对 应对 绝对 在职 在册 在岗 在外 在校 在建 在读 存在 现在 潜在 内在 实在 为民 作为 行为 认为 以为 成为 人为 用户 用地 用工 用水 用电 用品 用房 应用 公用 费用 信用 使用 食用 作用 以上 以下 以外 以内 所以 可以 以工 以奖 难以 以来 于是 关于 对于 属于 位于 用于 各级 各类 各项 各界 各族 各地 并网 合并 再生 再造 就业 就近 就医 就学 成就 因素 因病 因学 因灾 原因 到户 到村 到位 到岗 到人 到期 报到 达到 得到 遇到 冬至 甚至 至少 大使 使命 天使 促使 给水 供给 配给 发给 补给 参与 与会 赠与 给与 向导 方向 面向 志向 倾向 均价 平均 人均 户均 村均 年均 月均 亩均 已故 每户 每人 每年 每月 按摩 按揭 让利 转让 出让 礼让 将军 干将 讲师 讲座 讲堂 演讲 宣讲 听讲 讲解 主讲 讲习 国有 有机 有限 有效 有关 有色 有声 所有 自有 公有 私有 特有 占地 占比 抢占 侵占 都市 首都 成都 丰都 都督 从业 从事 从严 服从 由于 理由 自由 把关 把手 火把 被子 棉被 植被 但是".split()
)
