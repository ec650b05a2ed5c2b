"""Noun phrases beside a quantity: where the thing counted begins and ends, by word lists of the genre.

Two lists decide. Firm verbs never stand inside a counted thing (担任, 召开); soft ones may (帮扶责任人, 培训班), and end a phrase only
where no head noun follows.
"""

import re

FIRM = (
    "担任 参加 参与 进入 放弃 获得 荣获 受到 实现 成为 签订 签约 开展 进行 召开 举办 举行 制定 制订 出台 印发 下发 发放 投入 建立 建成 建设 新建 改建 扩建 改扩建 新改建 修建 "
    "成立 组建 设立 选派 选聘 选拔 选优 选树 选配 选育 派出 下派 选任 提拔 使用 提拔使用 调整 调整优化 查处 召回 流转 争取 排查 整顿 解决 化解 储备 遴选 招聘 招录 招引 引进 引导 引领 吸引 吸纳 吸收 "
    "带动 推动 促进 辐射带动 帮助 组织 动员 发动 安排 落实 完成 达到 达 到达 增加 增长 减少 下降 提高 提升 上升 降低 缩短 压缩 压减 上调 下调 缩小 扩大 增至 增加到 提高到 "
    "列支 拨付 安排 下拨 补助 奖励 支持 扶持 资助 捐赠 捐款 筹集 筹措 整合 整合投入 发展 打造 创建 培育 培养 评选 评选出 评定 命名 表彰 推荐 推选 覆盖 涉及 惠及 受益 享受 走访 慰问 入户 "
    "梳理 查摆 查找 发现 征求 收集 征集 受理 办结 办理 答复 整改 整改落实 问责 处分 处理 约谈 通报 通报批评 谈话 移送 立案 给予 撤换 免职 清退 抽查 检查 督查 巡察 调研 督导 "
    "开设 开办 创办 领办 创办领办 认领 承诺 践行 兑现 编印 编发 编写 制作 发布 推送 播发 宣讲 讲 讲授 授课 培训 轮训 集中培训 集中轮训 举行 联系 包联 包抓 包保 挂联 挂包 结对 结对帮扶 结成 帮扶 挂钩 "
    "脱贫 摘帽 退出 出列 搬迁 安置 搬入 入住 就业 转移 转移就业 务工 输出 创业 返乡 回引 回流 返乡创业 增收 收入 支出 销售 种植 养殖 栽植 栽种 改造 硬化 铺设 安装 维修 整治 治理 拆除 清理 清运 绿化 亮化 "
    "认定 确定 确认 明确 纳入 消除 化解 识别 新增 新建成 新发展 累计发展 累计培养 累计投入 累计发放 累计开展 派驻 驻 聘请 聘任 配备 配齐 配强 充实 补充 选 招 设 设置 设有 下设 共设 划分 分为 细化 分解 提出 形成 推出 探索 总结 "
    "包括 包含 其中 属于 拥有 占 占比 占到 居 位居 排名 超过 突破 高于 低于 不少于 不低于 不超过 共计 总计 合计 累计 共有 共 现有 辖 下辖 管辖 仅有 只有 还有 尚有 约有 已有 设 含 参训 观看 观摩 点播 学习 撰写 上报 报送 "
    "接待 接访 调处 调解 消化 帮销 代销 采购 认购 购买 购置 承包 租赁 出租 盘活 入股 分红 流入 返还 减免 贷款 发放贷款 借款 偿还 清偿 缴纳 上缴 保障 救助 资助 免费 体检 诊疗 签约服务 监测 预警 降为 降至 升至 上升到 下降到 减少到 "
    "由 从 在 对 把 将 被 让 使 给 与 向 为 是 按 按照 通过 围绕 用于 用 以 于 因 因此 并 并且 且 但 仍 已 已经 均 都 全部 陆续 先后 分别 同时 目前 现已 也 又 还 就 再 才 率先 直接 自愿 主动 有序 持续 正式 顺利 成功 "
    "至 到 自 据 经 经过 每 各 能够 能 可 可以 需要 需 须 应 应当 必须 不得 要求 要 会 愿 想 做 做到 做好 做出 抓好 抓实 推行 推广 实行 实施 执行 启动 启用 投用 投产 运行 运营 动工 开工 竣工 验收 签 交 办 送 送去 送上 送达 送出 "
    "建 建起 修 修通 种 养 卖 卖出 赚 挣 花 花费 用上 喝上 住上 住进 搬进 搬出 走上 走进 走出 来到 回到 深入 奔赴 赶赴 扎根 坚守 坚持 连续 集中 统一 统筹 协调 协助 配合 指导 带领 率领 带头 牵头 负责 承担 履行 报名 报考 考取 考上 毕业 "
    "递交 提交 写下 申请 转为 转正 晋升 交流 转任 挂职 任职 兼任 连任 当选 选举 选出 换届 改选 补选 增选 罢免 撤销 撤并 合并 优化 优化调整 规范 规范提升 晋位 升级 转化 转化提升 销号 摸排 摸底 走遍 走 访 访谈 谈心谈话 座谈 听取 反映 化解矛盾 "
    "印刷 刊发 刊登 报道 采纳 采用 推介 转发 点击 关注 注册 开通 上线 搭建 开发 设计 建档 归档 录入 核查 核实 比对 比照 公示 公开 公布 表决 通过 审议 审批 审核 备案 评议 测评 考核 述职 考察 考评 评价 评估 打分 评为 获评 评上 "
    "节约 节省 创收 盈利 营收 实收 结余 结存 核销 冲抵 集资 众筹 融资 到位 拨 投 投资 总投资 完成投资 建有 占地 控制 保持 稳定 巩固 达标 合格 满意 好于 优于 高出 多出 领先 落后 "
    "生产 加工 出栏 存栏 采摘 收获 收购 托管 代耕 耕种 播种 补种 复垦 开垦 灌溉 受灾 转移安置 抢修 疏浚 加固 清淤 值守 巡查 巡逻 劝返 劝导 隔离 接种 检测 捐献 配送 代办 跑办 帮办 上门"
).split()
SOFT = frozenset(
    "培训 轮训 帮扶 结对帮扶 结对 就业 创业 返乡 返乡创业 务工 脱贫 搬迁 安置 培养 培育 建设 发展 服务 改造 整治 治理 联系 包联 挂职 学习 监测 种植 养殖 加工 生产 扶持 补助 奖励 整改 整顿 督查 巡察 调研 检查 支出 收入 "
    "贷款 投资 救助 保障 转移 考核 述职 测评 评议 表彰 示范 带头 带领 引领 创建 招商 销售 采购 报道 承诺 回引 储备 退出 出列 选派 选聘 返还 分红 入股 流转 考察 入户 走访 慰问 调解 接待 讲 选 设 建 种 养 修 访 "
    "走 投 拨 办 送 签 交 卖 招 在 到 以 为 对 是 于 会 能 可 要 应 经 用 由 从 自 并 与 将 让 把 使 被 给 向 还 就 也 又 再 均 都 且 但 因 据 至 才 需 须 各 每 占 居 含 共 达 驻 花 赚 挣 愿 想 做 且 仍 已 辖 "
    "组织 管理 保持 稳定 公示 观摩 学习 参训 参与 承包 租赁 集中 统一 协调 指导 交流 上线 规范 达标 合格 满意 通报 设计 开发 值守 巡查 巡逻 检测 隔离 增收 受益 免费 连续 公开 核查 审核 评价 使用 使用 收集 "
    "谈话 处分 问责 任职 兼任 毕业 灌溉 出栏 存栏 托管 备案 申请 推荐 移送 营收 融资 总投资 录入 采用 反映 座谈 宣讲 授课 改选 换届 选举 运行 运营 实施 执行 配送 代办 负责 主动 直接 持续 有序 认定 落实 引导 推动 化解 处理 上门 推广 吸纳 补充 优化 牵头 开放 解决 覆盖 享受 减免 "
    "体检 诊疗 关注 硬化 绿化 亮化 拆除 维修 安装 清理 优化调整 通过 集中培训 集中轮训 联合 征求 征集 受理 办结 办理 消除 监督 招聘 招录 引进 招引".split()
)
HEADS = (
    "党员 干部 群众 书记 队员 队伍 工作队 村民 农民 农户 贫困户 脱贫户 户 人员 人才 员 人 者 支部 党支部 党委 党组织 组织 党小组 小组 村 社区 乡镇 街道 县 园区 基地 合作社 企业 公司 车间 工厂 市场 景区 项目 工程 "
    "产业园 学校 站 所 室 中心 阵地 广场 问题 措施 方案 意见 建议 办法 制度 机制 清单 任务 事项 岗位 资金 经费 补贴 补助 报酬 工资 收入 贷款 产值 产业 面积 土地 耕地 林地 果园 茶园 大棚 活动 培训班 党课 会议 讲座 "
    "宣讲 专班 小分队 服务队 志愿者 代表 委员 成员 教师 医生 专家 特派员 指导员 辅导员 联络员 网格员 大学生 学生 儿童 老人 妇女 青年 劳动力 职工 农民工 游子 能人 带头人 负责人 责任人 户主 住房 房屋 公路 道路 管道 路灯 "
    "厕所 桥梁 水渠 案件 线索 矛盾 纠纷 诉求 信访件 文件 资料 材料 简报 信息 稿件 经验 典型 品牌 模式 步骤 类型 情形 要求 渠道 体系 平台 载体 环节 阶段 方面 指标 要素 标准 条件 办公用房 机构 单位 部门 点 班 率 额 量 数 线 网格 楼院".split()
)
_WORDS = frozenset(FIRM)
_LONGEST_WORD = max(map(len, _WORDS))
_HEAD = re.compile("|".join(sorted(HEADS, key=len, reverse=True)))
_END = re.compile(r"[,。;:!?\n、0-9+/\-]|[一二两三四五六七八九十]{1,4}(?=[个名户家人亩项支处次])|近(?=[\d百千万])")
_REACH = 26
_TIME = re.compile(
    r"(?:(?:19|20)\d\d年?(?:以来|来|底|初|末|度)?|今年(?:以来|[上下]半年)?|去年(?:以来)?|近[一二两三四五几\d]年来?|近年来|目前|截至目前|以来|当年|全年|上半年|下半年|本月|[一二三四]季度|期间|至今|年初|年末|年底|同期|当前|现在)"
)
_PLACE = re.compile(r"^(?:全[省市县区州乡镇村旗国]|[我本该][省市县区州乡镇村旗国]|[\u4e00-\u9fff]{2,3}[市县区州旗](?=[\u4e00-\u9fff]{2})(?![级直委域政长]))(?![级直委域政长])")
FILL = re.compile(
    r"(?:共计|总计|合计|累计|共有|共|已有|已|约有|仅有|只有|仅|有|计|达到了?|达|分别为|分别是|分别|为|是|约|近|了|过|就|均|都|超|高|多|一共|总共|总数|总量|总数达|现有|还有|尚有|的|又|再|不|至|到|在|成|出|:|名|之中|中|里|上|也|才|至少|不少于|最多|不超过|先后|陆续|平均|最高|最低|每人|每户|每年|每月|每村|每次|各|增至|升至|降至|个|人均|户均|以)\Z"
)


def verb_at(text: str, at: int, stop: int) -> str:
    """The longest listed verb that begins at `at` and ends by `stop`; empty if none."""
    for length in range(min(_LONGEST_WORD, stop - at), 0, -1):
        if text[at : at + length] in _WORDS:
            return text[at : at + length]
    return ""


def forward(text: str, at: int) -> tuple[int, int]:
    """The phrase that the quantity ending at `at` counts, if it follows; an empty span if it does not."""
    of = text[at : at + 1] == "的"
    start = at + of
    limit = _limit(text, start)
    end = _first_verb(text, start, limit)
    head = _after_de(text, start, end, limit)
    if head is not None:
        start, end = head
    while end > start and text[end - 1] in "的了等(和与及以,、":
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
    """A soft verb is inside the phrase where a head noun follows soon."""
    if len(verb) == 1:
        return at == start or bool(_HEAD.match(text, at + 1)) or text[at - 1 : at + 2] in _WITH_SINGLE
    found = _HEAD.search(text, at + len(verb), min(limit, at + len(verb) + 6))
    if not found:
        return False
    if at == start:
        return True
    before = text[start:at]
    return not _HEAD.search(before[-3:]) or found.start() - at - len(verb) <= 1 and found.end() == limit


_WITH_SINGLE = frozenset(
    "积极分 办公用 在职党 工会组 社会组 委会办 用人单 自治组 自然村 经济组 经营主 经济实 对象户 对口帮 应急队 可持续 为民服 以工代 与会人 都市农 交通员 各类人 各级党 各族群 村两委 共产党 共青团 到户项 建档立 建制村 在建项 在册党 在外人 养老服 养老院 种养大 种粮大 "
    "工业园 农业园 送教上 送戏下 招商引 选调生 走访户 讲师团 交叉检 用地指 设施农 设备采".split()
)


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
    """The phrase before `at`, not before `floor`, and the verb that governs the number directly ("" if none)."""
    start, end = max(floor, at - 40), at
    end = _strip(text, start, end)
    verb = ""
    while end > start and (last := _verb_ending(text, start, end)):
        if _is_noun_tail(text, start, end, last):
            break
        verb = verb or last
        end = _strip(text, start, end - len(last))
    begin = _phrase_start(text, start, end)
    return begin, end, verb


def _is_noun_tail(text: str, start: int, end: int, last: str) -> bool:
    """收入 in 集体经济收入 is the thing itself; 收入 alone is the verb."""
    return last in _NOUN_TAILS and end - len(last) > start and not _is_edge(text[end - len(last) - 1])


_NOUN_TAILS = frozenset("收入 支出 补助 奖励 投资 贷款 总投资 培训 服务 活动 补贴 处分 党课 承诺 建设 报道 扶持 救助 表彰 考核 测评 满意 营收 讲 设 建 选 种 养 访 走 会 修 办 投 签 送 交 招".split())


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
        if end - len(found[0]) - start >= 1 and text[end - len(found[0]) - 1 : end] in ("其中", "之多", "村里", "城里", "县里", "手里", "以上", "网上", "线上", "党内", "当中", "初中", "高中", "集中", "人均", "户均", "任务", "行为", "各项", "基地", "报名"):
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
    while begin < end and text[begin] in ",、的了和及与 :":
        begin += 1
    return begin


def _leads(text: str, at: int, verb: str, begin: int, end: int) -> bool:
    """Whether a soft verb governs what follows rather than standing in the middle of the phrase."""
    if len(verb) == 1:
        return at == begin and end - at > 2 and text[at : at + 2] not in _SINGLE_NOUNS
    if at == begin:
        return not _HEAD.match(text, at + len(verb)) or _HEAD.match(text, at + len(verb)) is not None and end - at - len(verb) > 3
    return False


_SINGLE_NOUNS = frozenset("会议 在职 在册 在岗 在外 在校 在建 讲座 讲师 选调 设备 设施 建档 建议 建制 种养 种植 养殖 养老 修路 走访 投诉 投资 办公 办法 送教 签约 交通 招商 以上 为民 对象 对口 对策 于是 能人 能力 可用 要素 要求 应急 经济 经费 经营 经验 用户 用地 自治 自然 并网 与会 将军 使命 向导 还款 就业 再生 均价 因素 据点 至少 需求 各级 各类 每户 占地 居民 居家 含量 共青 达标 驻村 花卉 花椒".split())
