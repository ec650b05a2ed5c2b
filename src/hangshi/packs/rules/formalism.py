"""The formalism guard: what burdens the village or shames a person is refused when the pack is loaded.

It rests on 《关于解决形式主义突出问题为基层减负的通知》（中办，2019年）
and 《整治形式主义为基层减负若干规定》（2024年）.
"""

import re
from collections.abc import Iterator

from hangshi.packs.models import Definition, Kind
from hangshi.packs.points import PointTerms
from hangshi.packs.rules.register import Book, Fault, rule

CHECK_IN = re.compile(r"签到|打卡|考勤机|check_?in|clock_?in|punch_card")
PHOTO = re.compile(r"照片|拍照|留痕|截图|photo|selfie|screenshot")
TRACK = re.compile(r"轨迹|定位|gps|latitude|longitude|geo_?track")
RANKING = re.compile(r"排名|排行|名次|红黑榜|末位|ranking")
SCORE = re.compile(r"学习积分|登录次数|在线时长|点赞|转发量|下载量|app_score|screen_time")
PERSONAL = ("person", "household")


def asked(it: Kind) -> Iterator[tuple[str, str, bool]]:
    """What a kind asks for, by name: where it stands, the words, and whether it must be given."""
    yield "name", f"{it.key} {it.name}", True
    for name, field in it.fields.items():
        yield f"fields.{name}", f"{name} {field.name}", field.required


def demanded(it: Kind, demand: str) -> Iterator[str]:
    """The place where a kind lists the demand."""
    return (f"demands.{number}" for number, said in enumerate(it.demands) if said == demand)


@rule(Kind)
def no_check_in(it: Kind, book: Book) -> Iterator[Fault]:
    """P401. Nobody signs in or clocks in by device; that someone was there is what the meeting's record says."""
    places = [*demanded(it, "check_in"), *(at for at, words, _ in asked(it) if CHECK_IN.search(words))]
    for place in places:
        yield Fault(place, "P401", "不许要求签到打卡：到会情况由会议记录说明")


@rule(Kind)
def no_required_photo(it: Kind, book: Book) -> Iterator[Fault]:
    """P402. A photo is required only on a lawful ground, which is then written in `lawful_ground`."""
    places = [*demanded(it, "photo"), *(at for at, words, must in asked(it) if must and PHOTO.search(words))]
    for place in places if not it.lawful_ground.strip() else ():
        yield Fault(place, "P402", "不许硬性要求拍照留痕；法规有要求的，写明 lawful_ground")


@rule(Kind)
def no_required_track(it: Kind, book: Book) -> Iterator[Fault]:
    """P403. Nor a position or a track."""
    places = [*demanded(it, "track"), *(at for at, words, must in asked(it) if must and TRACK.search(words))]
    for place in places if not it.lawful_ground.strip() else ():
        yield Fault(place, "P403", "不许硬性要求定位或轨迹；法规有要求的，写明 lawful_ground")


@rule(Definition)
def persons_are_not_ranked(it: Definition, book: Book) -> Iterator[Fault]:
    """P404. Units may be compared; persons and households are not ranked."""
    if isinstance(it, Kind):
        places = [*demanded(it, "person_ranking"), *(at for at, words, _ in asked(it) if RANKING.search(words))]
    else:
        named = RANKING.search(f"{it.key} {it.name}") and getattr(it, "unit", "person") in PERSONAL
        places = ["name"] if named else []
    for place in places:
        yield Fault(place, "P404", "不许给个人或农户排名")


@rule(Kind)
def no_scores_of_app_use(it: Kind, book: Book) -> Iterator[Fault]:
    """P405. Use of an app is not work; it is not scored."""
    places = [*demanded(it, "app_score"), *(at for at, words, _ in asked(it) if SCORE.search(words))]
    for place in places:
        yield Fault(place, "P405", "不许把使用软件的次数、时长或积分当作工作")


@rule(PointTerms)
def no_points_for_what_is_no_work(it: PointTerms, book: Book) -> Iterator[Fault]:
    """P406. Nor are points given or taken for checking in, for an app, for a photo, or for a place in a ranking."""
    for key, item in it.items.items():
        said = f"{key} {item.name}"
        if any(pattern.search(said) for pattern in (CHECK_IN, SCORE, PHOTO, RANKING, TRACK)):
            yield Fault(f"items.{key}", "P406", "不许因签到打卡、拍照留痕、使用软件或者名次加分、扣分")
