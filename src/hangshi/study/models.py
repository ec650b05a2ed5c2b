"""Study 学习: what is published to be studied, what a member means to study, what was asked and answered, who was trained."""

from django.db import models
from django.db.models import Q

from hangshi.registry.models import Dated, Path, Person, Placed, Unit, ends_after_it_starts


class Published(Placed, Dated):
    """What a unit lets those below it read, from `since` to `until`.

    `wide`: the unit is a committee and speaks to all of the place that it stands in. `learners`: keys of `pack.kinds.learner` that it is
    meant for; empty: for everybody, which is said and not left out.
    """

    title = models.CharField("标题", max_length=120)
    learners = models.JSONField("学习对象", default=list)
    wide = models.BooleanField("面向所在地方", default=False)
    recorded_by = models.BigIntegerField("登记账号", null=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.title


class Material(Published):
    """学习资料: a file kept by its content, or a link. `state`: draft, published or withdrawn."""

    kind = models.CharField("资料类别", max_length=40)
    link = models.CharField("链接", max_length=300, blank=True)
    sha256 = models.CharField("文件摘要", max_length=64, blank=True)
    file_name = models.CharField("文件名称", max_length=120, blank=True)
    size = models.IntegerField("字节数", default=0)
    state = models.CharField("状态", max_length=10, default="draft")

    class Meta:
        db_table = "study_material"
        indexes = [models.Index(fields=["path", "state"]), models.Index(fields=["unit"])]
        constraints = [
            ends_after_it_starts("study_material"),
            models.CheckConstraint(condition=Q(link="") ^ Q(sha256=""), name="study_material_file_or_link"),
        ]


class ReadingList(Published):
    """学习清单: materials for a class of learners over some days."""

    class Meta:
        db_table = "study_list"
        indexes = [models.Index(fields=["path", "since"])]
        constraints = [ends_after_it_starts("study_list")]


class ListItem(models.Model):
    list = models.ForeignKey(ReadingList, models.CASCADE, related_name="items")
    path = Path("路径")
    number = models.SmallIntegerField("序号")
    material = models.ForeignKey(Material, models.PROTECT, related_name="+", verbose_name="资料")
    required = models.BooleanField("必读", default=True)

    class Meta:
        db_table = "study_list_item"
        constraints = [models.UniqueConstraint(fields=["list", "material"], name="study_list_item_once")]


class Intent(Placed):
    """自学计划: one thing that a member means to study; for the member and the branch `unit` alone. No time spent is kept."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="+", verbose_name="党员")
    title = models.CharField("学什么", max_length=120)
    material = models.ForeignKey(Material, models.SET_NULL, null=True, related_name="+", verbose_name="资料")
    planned_on = models.DateField("制定日期")
    due = models.DateField("打算学完的日期")
    done_on = models.DateField("学完日期", null=True)
    note = models.CharField("体会", max_length=500, blank=True)
    recorded_by = models.BigIntegerField("登记账号", null=True)

    class Meta:
        db_table = "study_intent"
        indexes = [models.Index(fields=["person", "due"])]


class Question(Placed):
    """`answer`: numbers of the right `options`, from 0; of a short question there is none, and `reference` says what to look for."""

    topic = models.CharField("专题", max_length=60)
    kind = models.CharField("题型", max_length=10)
    text = models.CharField("题目", max_length=500)
    options = models.JSONField("选项", default=list)
    answer = models.JSONField("答案", default=list)
    reference = models.CharField("评分要点", max_length=500, blank=True)
    points = models.SmallIntegerField("分值")
    source = models.CharField("出处", max_length=200)
    material = models.ForeignKey(Material, models.SET_NULL, null=True, related_name="+", verbose_name="资料")
    retired = models.BooleanField("停用", default=False)
    recorded_by = models.BigIntegerField("登记账号", null=True)

    class Meta:
        db_table = "study_question"
        indexes = [models.Index(fields=["path", "topic"])]
        constraints = [models.CheckConstraint(condition=Q(points__gt=0), name="study_question_points")]


class Paper(Placed):
    """试卷: drawn by `draws` (topic → how many) with `seed`, from the bank of its unit; never changed after. `digest`: of all its items."""

    title = models.CharField("标题", max_length=120)
    seed = models.CharField("抽题种子", max_length=64)
    draws = models.JSONField("各专题题数")
    points = models.SmallIntegerField("总分")
    digest = models.CharField("试卷摘要", max_length=64)
    made_on = models.DateField("组卷日期")
    recorded_by = models.BigIntegerField("登记账号", null=True)

    class Meta:
        db_table = "study_paper"
        indexes = [models.Index(fields=["path", "made_on"])]

    def __str__(self) -> str:
        return self.title


class PaperItem(models.Model):
    """A question as it stood on the day: the bank may change, the paper does not."""

    paper = models.ForeignKey(Paper, models.CASCADE, related_name="items")
    path = Path("路径")
    number = models.SmallIntegerField("题号")
    question = models.ForeignKey(Question, models.PROTECT, related_name="+", verbose_name="题库题目")
    topic = models.CharField("专题", max_length=60)
    kind = models.CharField("题型", max_length=10)
    text = models.CharField("题目", max_length=500)
    options = models.JSONField("选项", default=list)
    points = models.SmallIntegerField("分值")

    class Meta:
        db_table = "study_paper_item"
        constraints = [models.UniqueConstraint(fields=["paper", "number"], name="study_paper_item_once")]


class PaperKey(models.Model):
    """The right answer apart from its question: the database opens it to those who handed in, not before."""

    item = models.OneToOneField(PaperItem, models.CASCADE, related_name="key")
    path = Path("路径")
    answer = models.JSONField("答案", default=list)
    reference = models.CharField("评分要点", max_length=500, blank=True)
    source = models.CharField("出处", max_length=200, blank=True)

    class Meta:
        db_table = "study_paper_key"


class Quiz(Published):
    """测试: a paper for a class of learners from `since` to `until`, both included. `rule`: whom the class meant when it was opened.

    `state`: open or closed; answers are taken while it is open and in its days.
    """

    paper = models.ForeignKey(Paper, models.PROTECT, related_name="quizzes", verbose_name="试卷")
    rule = models.JSONField("对象口径", default=dict)
    state = models.CharField("状态", max_length=10, default="open")
    closed_on = models.DateField("结束日期", null=True)

    class Meta:
        db_table = "study_quiz"
        indexes = [models.Index(fields=["path", "since"])]
        constraints = [ends_after_it_starts("study_quiz")]


class Sheet(Placed):
    """答卷 of a member, made when the quiz is opened; `unit` is the branch. `score` None: an open question is not marked yet."""

    quiz = models.ForeignKey(Quiz, models.CASCADE, related_name="sheets")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name="党员")
    handed_on = models.DateField("交卷日期", null=True)
    score = models.SmallIntegerField("得分", null=True)

    class Meta:
        db_table = "study_sheet"
        indexes = [models.Index(fields=["person"]), models.Index(fields=["quiz", "unit"])]
        constraints = [models.UniqueConstraint(fields=["quiz", "person"], name="study_sheet_once")]


class Answer(models.Model):
    """What stands as the answer to an item, kept at each touch. `points` None: not marked."""

    sheet = models.ForeignKey(Sheet, models.CASCADE, related_name="answers")
    item = models.ForeignKey(PaperItem, models.PROTECT, related_name="+")
    path = Path("路径")
    chosen = models.JSONField("所选", default=list)
    text = models.TextField("作答", blank=True)
    points = models.SmallIntegerField("得分", null=True)
    marked_by = models.BigIntegerField("评分账号", null=True)

    class Meta:
        db_table = "study_answer"
        constraints = [models.UniqueConstraint(fields=["sheet", "item"], name="study_answer_once")]


class Tally(Placed):
    """How a branch stands in a quiz, in counts: what those above it see. `full`: points that the marked sheets could have reached.

    `low`, `fair`, `good`, `best`: marked sheets below 60, below 80, below 90 and from 90 percent of the paper.
    """

    quiz = models.ForeignKey(Quiz, models.CASCADE, related_name="tallies")
    day = models.DateField("测试起始日")
    should = models.IntegerField("应答人数", default=0)
    handed = models.IntegerField("交卷人数", default=0)
    marked = models.IntegerField("已评分人数", default=0)
    points = models.IntegerField("得分合计", default=0)
    full = models.IntegerField("满分合计", default=0)
    low = models.IntegerField("不足六成", default=0)
    fair = models.IntegerField("六成至八成", default=0)
    good = models.IntegerField("八成至九成", default=0)
    best = models.IntegerField("九成以上", default=0)

    class Meta:
        db_table = "study_tally"
        indexes = [models.Index(fields=["path", "day"])]
        constraints = [models.UniqueConstraint(fields=["quiz", "unit"], name="study_tally_once")]


class ItemTally(Placed):
    """How often an item was marked in a branch, and how often without full points."""

    quiz = models.ForeignKey(Quiz, models.CASCADE, related_name="+")
    item = models.ForeignKey(PaperItem, models.CASCADE, related_name="+")
    marked = models.IntegerField("已评分人数", default=0)
    wrong = models.IntegerField("未得满分人数", default=0)

    class Meta:
        db_table = "study_item_tally"
        constraints = [models.UniqueConstraint(fields=["quiz", "item", "unit"], name="study_item_tally_once")]


class Training(Published):
    """培训班 over its days. `state`: planned, open (units name people), held, or called_off with a `reason`."""

    kind = models.CharField("培训类别", max_length=40)
    topic = models.CharField("主题", max_length=200)
    place = models.CharField("地点", max_length=120, blank=True)
    seats = models.IntegerField("名额")
    rule = models.JSONField("对象口径", default=dict)
    state = models.CharField("状态", max_length=10, default="planned")
    reason = models.CharField("取消的理由", max_length=200, blank=True)

    class Meta:
        db_table = "study_training"
        indexes = [models.Index(fields=["path", "since"])]
        constraints = [
            ends_after_it_starts("study_training"),
            models.CheckConstraint(condition=Q(seats__gt=0), name="study_training_seats"),
        ]


class Quota(models.Model):
    """How many of the seats a unit may fill."""

    training = models.ForeignKey(Training, models.CASCADE, related_name="quotas")
    unit = models.ForeignKey(Unit, models.PROTECT, verbose_name="单位")
    path = Path("路径")
    seats = models.IntegerField("名额")

    class Meta:
        db_table = "study_quota"
        constraints = [
            models.UniqueConstraint(fields=["training", "unit"], name="study_quota_once"),
            models.CheckConstraint(condition=Q(seats__gt=0), name="study_quota_seats"),
        ]


class Trainee(Placed):
    """参训人员: somebody of `unit` (a branch, or where they serve), named on a seat of the quota. `state`: named, present, leave (with a `reason`) or absent.

    `certificate`: the number of what was handed out; only who was there has one.
    """

    training = models.ForeignKey(Training, models.CASCADE, related_name="trainees")
    quota = models.ForeignKey(Quota, models.PROTECT, related_name="trainees")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name="人员")
    day = models.DateField("结业日期")
    state = models.CharField("参训情况", max_length=10, default="named")
    reason = models.CharField("请假事由", max_length=100, blank=True)
    certificate = models.CharField("证书编号", max_length=40, blank=True)
    recorded_by = models.BigIntegerField("登记账号", null=True)

    class Meta:
        db_table = "study_trainee"
        indexes = [models.Index(fields=["path", "day"]), models.Index(fields=["person"])]
        constraints = [
            models.UniqueConstraint(fields=["training", "person"], name="study_trainee_once"),
            models.CheckConstraint(condition=Q(certificate="") | Q(state="present"), name="study_trainee_certificate"),
        ]
