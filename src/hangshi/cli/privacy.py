"""Commands about proof and personal data: audit, keys, person-file."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import click
from django.conf import settings
from django.utils import timezone
from rich.progress import Progress

from hangshi.access import keyring
from hangshi.access.scope import EVERYTHING, acting
from hangshi.audit import anchors, records, sealing
from hangshi.audit import services as audit_services
from hangshi.audit import verify as verifying
from hangshi.indicators import queries
from hangshi.privacy import dossier, rotation
from hangshi.privacy import person_file as person_files
from hangshi.refusal import Refused
from hangshi.registry.models import Person

FILE = click.Path(dir_okay=False, path_type=Path)


@click.group()
def audit() -> None:
    """审计：封存、核验、外存锚点。 Seal and prove the audit log."""


@audit.command("seal")
def audit_seal() -> None:
    """封存已提交的审计记录；服务运行时每分钟自动封存一次。 Chain the committed entries."""
    count, head = sealing.seal()
    click.echo(f"封存 {count} 条，共 {head.seq} 条。")


@audit.command("anchor")
@click.option("--file", type=FILE, default=None, help="锚点文件；应放在数据库管不到的地方。")
def audit_anchor(file: Path | None) -> None:
    """封存后把链头记入锚点文件并打印，可抄送或存档。 Seal, then keep the head outside the database."""
    _, head = sealing.seal()
    if not head.seq:
        click.echo("还没有审计记录，没有链头可记。")
        return
    where, now = file or settings.ANCHORS, timezone.now()
    added = anchors.add(where, head, at=now)
    click.echo(f"夯实审计链头  第 {head.seq} 条  {timezone.localtime(now):%Y-%m-%d %H:%M}\n{head.link.hex()}")
    click.echo(f"{'已记入' if added else '已在'} {where}", err=True)


@audit.command("verify")
@click.option("--anchors", "file", type=FILE, help="外存的锚点文件；不给则查不出截尾和旧副本。")
@click.option("--records", "with_records", is_flag=True, help="再用摘要核对每张表的每一行，可查出绕过系统的改动。")
def audit_verify(file: Path | None, with_records: bool) -> None:
    """核验封存链，指出第一处不符；有不符则退出码为 1。 Walk the chain; exit 1 and name the first bad row."""
    started = time.monotonic()
    kept = anchors.read(file) if file else []
    found = verifying.verify(kept)
    click.echo(f"核对 {found.checked} 条，用时 {time.monotonic() - started:.1f} 秒；待封存 {found.pending} 条。")
    faults = [found.fault.sentence] if found.fault else []
    if with_records:
        proofs = records.prove()
        faults += [proof.fault for proof in proofs if proof.fault]
        unknown = sum(proof.unknown for proof in proofs)
        click.echo(
            f"逐表核对 {len(proofs)} 张；审计中没有记录的 {unknown} 行{'（可用 hangshi audit baseline 建立基线）' if unknown else ''}。"
        )
    if faults:
        click.echo("\n".join(faults), err=True)
        sys.exit(1)
    click.echo(f"与封存时一致{f'，与 {len(kept)} 个锚点一致' if kept else '（未用锚点，查不出截尾和旧副本）'}。")


@audit.command("baseline")
def audit_baseline() -> None:
    """把审计开始之前已有的行按现状登记。 Take rows the log does not know as they stand."""
    click.echo(f"已登记 {records.baseline()} 行。")


@click.group()
def keys() -> None:
    """密钥：查看、轮换。 Field keys."""


@keys.command("show")
def keys_show() -> None:
    """每把密钥加密了多少个号码；不显示密钥本身。 How many numbers each key seals."""
    held, active = keyring.ring("field").secrets, keyring.header()
    found = rotation.census()
    for header in sorted({*found, *held, active}):
        number, cipher = header & keyring.LAST, "SM4-GCM" if header & keyring.SM4 else "AES-256-GCM"
        words = [f"{number}号密钥", cipher, f"{found.get(header, 0)} 个号码"]
        words += ["现用"] if header == active else []
        words += [] if number in held else ["本系统没有这把密钥！"]
        click.echo("\t".join(words))


@keys.command("rotate")
@click.option("--index", "reindex", is_flag=True, help="轮换检索用的索引密钥（默认轮换加密密钥）。")
@click.option("--batch", default=rotation.BATCH, show_default=True, type=click.IntRange(1))
def keys_rotate(reindex: bool, batch: int) -> None:
    """换新密钥并重新加密；中途断了再运行一次即可接着做。 Re-seal under a new key; run again after a cut."""
    if reindex:
        number = keyring.add("index") if len(keyring.ring("index").secrets) == 1 else keyring.ring("index").active
        click.echo(f"索引密钥：{number}号。")
    elif waiting := rotation.waiting():
        click.echo(f"接着上次未完成的轮换，还有 {waiting} 处。")
    else:
        click.echo(f"已生成{keyring.add('field')}号密钥。请立即备份密钥文件 {keyring.file_of('field')}。")
    with Progress() as bar:
        task = bar.add_task("重新加密", total=None)
        done = rotation.rotate(batch=batch, reindex=reindex, progress=lambda count: bar.update(task, completed=count))
    with acting(EVERYTHING):
        audit_services.note("keys_rotated", count=done, which="index" if reindex else "field")
    click.echo(f"完成，重新加密 {done} 处。旧密钥要留到用它加密的备份都作废以后。")


DAY = click.DateTime(["%Y-%m-%d"])
GROUND = click.option("--ground", required=True, help="依据：谁提出、怎样核实身份、凭什么材料。")


@click.group("person-file")
def person_file() -> None:
    """个人对其信息的权利：查阅复制、更正、删除。 The rights of the person."""


def _person(number: int) -> Person:
    person = Person.objects.filter(pk=number).first()
    if person is None:
        raise Refused("person.unknown", f"没有编号为 {number} 的人员。")
    return person


@contextmanager
def _recorded(number: int, kind: str, ground: str) -> Iterator[Person]:
    """The person, under the operator's scope; a refusal inside is kept on record and passed on."""
    with acting(EVERYTHING):
        person = _person(number)
    try:
        yield person
    except Refused as refusal:
        with acting(EVERYTHING):
            person_files.refuse(person, kind, refusal, ground=ground, on=timezone.localdate(), actor=None)
        raise


@person_file.command("export")
@click.argument("number", type=int)
@click.option("--out", type=FILE, required=True, help="写到哪个文件：.xlsx 或 .json。")
@GROUND
def person_export(number: int, out: Path, ground: str) -> None:
    """导出一个人的全部个人信息。 Everything about a person, in words."""
    if out.suffix not in (".xlsx", ".json"):
        raise Refused("person_file.format", "文件名应以 .xlsx 或 .json 结尾。")
    with _recorded(number, "export", ground) as person, acting(EVERYTHING):
        found = person_files.export(person, queries.pack(), ground=ground, on=timezone.localdate(), actor=None)
    rows = sum(len(it.rows) for it in found)
    now = timezone.localtime()
    out.touch(mode=0o600)
    dossier.write(
        found, out, line=f"应本人请求导出　制表：服务器管理员　{now:%Y-%m-%d %H:%M}　人员编号 {number}　共 {rows} 行"
    )
    click.echo(f"已写入 {out}，共 {len(found)} 类 {rows} 行。内有敏感信息，交付本人后请删除。")


@person_file.command("correct")
@click.argument("number", type=int)
@click.option("--name", help="姓名")
@click.option("--sex", type=click.Choice(["男", "女"]), help="性别")
@click.option("--born", type=DAY, help="出生日期")
@click.option("--cadre", help="干部身份")
@click.option("--ask-id", is_flag=True, help="更正公民身份号码：随后输入，不会留在命令历史里。")
@GROUND
def person_correct(
    number: int, name: str | None, sex: str | None, born: datetime | None, cadre: str | None, ask_id: bool, ground: str
) -> None:
    """更正登记错的个人信息，原版本留存。 Put right what is wrong."""
    typed = click.prompt("公民身份号码", hide_input=True) if ask_id else None
    with _recorded(number, "correct", ground) as person, acting(EVERYTHING):
        person_files.correct(
            person, ground=ground, on=timezone.localdate(), actor=None, name=name, sex=sex,
            born=born.date() if born else None, cadre=cadre, number=typed,
        )  # fmt: skip
    click.echo(f"已更正人员 {number}。")


@person_file.command("erase")
@click.argument("number", type=int)
@click.option("--yes", is_flag=True, help="不再询问。")
@GROUND
def person_erase(number: int, yes: bool, ground: str) -> None:
    """删除一个人的身份信息，数字保留；不能恢复。 Remove who the person is; figures stay."""
    if not yes:
        click.confirm(f"删除人员 {number} 的姓名、号码、联系方式及全部原版本，不能恢复。继续吗", abort=True)
    with _recorded(number, "erase", ground) as person:
        done = person_files.erase(person, ground=ground, on=timezone.localdate(), actor=None)
    click.echo(f"已删除人员 {number} 的身份信息，连同 {done.versions} 个原版本。文字材料和备份中的姓名须另行处理。")
    if done.shared:
        click.echo("同批导入的其他行需重新建立基线：hangshi audit baseline")


commands: list[click.Command] = [audit, keys, person_file]
