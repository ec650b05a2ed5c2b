"""Packs from folders: `load` gives a Pack or refuses; `check` lists every problem of a folder in one run."""

from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from hangshi.packs.documents import Document, read
from hangshi.packs.models import Header, Kinds, Pack, Problem, Template
from hangshi.packs.rules import Book, faults
from hangshi.packs.shapes import FAMILIES, Shaped, did_you_mean, shape

SHIPPED = Path(__file__).parent
ATTRIBUTES = {
    "fact": "facts",
    "indicator": "indicators",
    "standard": "standards",
    "approval": "approvals",
    "hold": "holds",
    "requirement": "requirements",
    "reaction": "reactions",
    "required_set": "required_sets",
    "joint_set": "joint_sets",
    "strand_board": "strand_boards",
    "roll": "rolls",
    "survey": "surveys",
    "check": "checks",
    "document": "documents",
    "role": "roles",
    "tier": "tiers",
    "chain": "chains",
    "entitlement": "entitlements",
    "roster": "rosters",
    "distribution": "distributions",
    "points": "points",
    "scheme": "schemes",
    "duty_list": "duty_lists",
    "template": "templates",
    "table": "tables",
    "upper": "uppers",
}


class PackError(Exception):
    """The pack was not loaded; `problems` says everything that is wrong with it."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = problems


@dataclass
class Stack:
    """Folders read one on top of the other, each once, those needed first."""

    names: list[str] = field(default_factory=list)
    headers: dict[str, Header] = field(default_factory=dict)
    whole: Shaped = field(default_factory=Shaped)
    sources: dict[str, list[Document]] = field(default_factory=dict)
    folders: dict[str, Path] = field(default_factory=dict)

    def add(self, folder: Path) -> None:
        """Read a folder and what it needs; a folder that is being read already is not entered again."""
        name = folder.name
        if name in self.sources:
            return
        documents = [self.document(path) for path in sorted(folder.glob("*.toml"))]
        self.sources[name] = documents
        self.folders[name] = folder
        shaped = shape(documents)
        header = shaped.header
        if header is None and not any(it.key.startswith("pack") for it in shaped.problems):
            shaped.problems.append(Problem(f"{name}/pack.toml", 1, "pack", "P105", "缺少 [pack] 表，至少要写 name"))
        for number, need in enumerate(header.needs if header else ()):
            self.need(folder, need, number, shaped, documents)
        self.merge(shaped)
        self.names.append(name)
        if header:
            self.headers[name] = header

    def document(self, path: Path) -> Document:
        document, problems = read(path)
        self.whole.problems += problems
        return document

    def need(self, folder: Path, need: str, number: int, shaped: Shaped, documents: list[Document]) -> None:
        found = next((it / need for it in (folder.parent, SHIPPED) if (it / need / "pack.toml").is_file()), None)
        if found is not None:
            self.add(found)
            return
        known = {it.parent.name for root in (folder.parent, SHIPPED) for it in root.glob("*/pack.toml")} - {folder.name}
        written = next(it for it in documents if "pack" in it.tables)
        sentence = f"找不到所依赖的包“{need}”{did_you_mean(need, known)}"
        shaped.problems.append(written.problem(("pack", "needs", number), "P105", sentence))

    def merge(self, shaped: Shaped) -> None:
        for key, (it, document) in shaped.made.items():
            if key in self.whole.made:
                first = self.whole.made[key][1]
                sentence = f"“{key[-1]}”已经在 {first.name} 第 {first.positions.line(key)} 行定义过"
                self.whole.problems.append(document.problem(key, "P102", sentence))
            else:
                self.whole.made[key] = (it, document)
        self.whole.broken |= shaped.broken
        self.whole.problems += shaped.problems

    def files(self) -> dict[str, str]:
        """Where the words of each template stand: beside the definition, in the folder `templates` of its pack."""
        made = [(it, document) for it, document in self.whole.made.values() if isinstance(it, Template)]
        return {it.key: str(self.folders[document.name.split("/")[0]] / "templates" / it.file) for it, document in made}

    def pack(self) -> Pack:
        parts: dict[str, dict[str, Any]] = {name: {} for name in ATTRIBUTES.values()}
        kinds: dict[str, dict[str, Any]] = {family: {} for family in FAMILIES}
        figures: list[Any] = []
        for key, (it, _) in self.whole.made.items():
            if key[0] == "figure":
                figures.append(it)
            elif key[0] == "kind":
                kinds[str(key[1])][str(key[2])] = it
            else:
                parts[ATTRIBUTES[str(key[0])]][str(key[1])] = it
        parts["headers"] = self.headers
        parts["places"] = {
            ".".join(map(str, key)): root
            for key, (_, document) in self.whole.made.items()
            if (root := self.root_of(document))
        }
        parts["files"] = self.files()
        return Pack.model_validate({"names": tuple(self.names), "kinds": Kinds(**kinds), "figures": figures, **parts})

    def root_of(self, document: Document) -> str:
        header = self.headers.get(document.name.split("/")[0])
        return header.root if header else ""

    def problems(self) -> list[Problem]:
        """Of all three passes, by file and line."""
        book = Book(self.pack(), {key: it for key, (it, _) in self.whole.made.items()}, frozenset(self.whole.broken))
        found = list(self.whole.problems)
        for at, fault in faults(book):
            found.append(self.whole.made[at][1].problem(fault.key(at), fault.code, fault.sentence))
        return sorted(set(found), key=lambda it: (it.file, it.line, it.code, it.key, it.sentence))


def read_folders(folders: list[Path]) -> Stack:
    stack = Stack()
    for folder in folders:
        stack.add(folder)
    return stack


def check(folder: Path | str) -> list[Problem]:
    """Every problem of one folder, read together with the packs it needs; problems of those are theirs, not its."""
    folder = Path(folder).resolve()
    if not folder.is_dir():
        return [Problem(folder.name, 1, "", "P103", "没有这个目录")]
    return [it for it in read_folders([folder]).problems() if it.file.split("/")[0] == folder.name]


def load_folders(folders: list[Path]) -> Pack:
    """The packs in these folders and those they need.

    Raises `PackError` if any of them has a problem: a rule half understood may count every household.
    """
    return sound(read_folders(folders)).pack()


def sound(stack: Stack) -> Stack:
    if problems := stack.problems():
        raise PackError(problems)
    return stack


@cache
def stacked(*names: str, dirs: tuple[Path, ...] = ()) -> Stack:
    """The packs of these names as they are written: a folder of `dirs` that is called so, else the shipped one. Raises `PackError`."""
    own = {it.name: it for it in dirs}
    folders = [own.get(name, SHIPPED / name) for name in names]
    unknown = [it.name for it in folders if not (it / "pack.toml").is_file()]
    if unknown:
        known = sorted({it.parent.name for it in SHIPPED.glob("*/pack.toml")} | own.keys())
        hints = {name: f"没有叫“{name}”的包{did_you_mean(name, known)}" for name in unknown}
        raise PackError([Problem(name, 1, "", "P105", hint) for name, hint in hints.items()])
    return sound(read_folders(folders))


@cache
def load(*names: str, dirs: tuple[Path, ...] = ()) -> Pack:
    """The packs of these names, and those they need (see `stacked`). Raises `PackError`."""
    return stacked(*names, dirs=dirs).pack()
