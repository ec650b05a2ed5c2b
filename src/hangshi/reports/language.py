"""The language of templates: closed. Names that we give, calls of our helpers, conditions and one loop; nothing else is understood.

A template is a sandboxed Jinja text whose syntax tree is checked node by node: no attribute, no index, no filter, no arithmetic, no
import, so that what a county writes into a template can read nothing but figures in the reader's own scope.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from jinja2 import TemplateSyntaxError, nodes
from jinja2.exceptions import UndefinedError
from jinja2.runtime import StrictUndefined
from jinja2.sandbox import ImmutableSandboxedEnvironment

from hangshi.refusal import Refused
from hangshi.reports.phrases import PHRASES

ALLOWED = (
    nodes.Template,
    nodes.Output,
    nodes.TemplateData,
    nodes.Name,
    nodes.Const,
    nodes.Call,
    nodes.If,
    nodes.For,
    nodes.Compare,
    nodes.Operand,
    nodes.And,
    nodes.Or,
    nodes.Not,
    nodes.Neg,
)
VALUED = frozenset({*PHRASES, "数", "有"})
CALLED = VALUED | {"表", "图", "走势", "标准"}
NAMED = frozenset({"单位", "年", "起始日", "截止日", "成文日", "下级"})
LONGEST = 100_000  # characters of a template


class Language(ImmutableSandboxedEnvironment):
    """`xml`: whether what is said is escaped, as the text of a docx has to be."""

    def __init__(self, *, xml: bool = False) -> None:
        super().__init__(autoescape=xml, undefined=StrictUndefined, keep_trailing_newline=True)
        self.globals.clear()
        self.filters.clear()
        self.tests.clear()

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        tree = super()._parse(source, name, filename)
        check_closed(tree)
        return tree


def check_closed(tree: nodes.Template) -> None:
    """Raises `Refused` for the first node that the language does not have."""
    looped = {str(it.name) for loop in tree.find_all(nodes.For) for it in _targets(loop)}
    for node in _all(tree):
        if not isinstance(node, ALLOWED):
            raise _refused(node, f"不认识“{type(node).__name__}”这种写法")
        if isinstance(node, nodes.Call):
            _check_call(node)
        elif isinstance(node, nodes.Name) and node.name not in CALLED | NAMED | looped:
            raise _refused(node, f"没有“{node.name}”这个词")
        elif isinstance(node, nodes.For) and not (isinstance(node.iter, nodes.Name) and node.iter.name == "下级"):
            raise _refused(node, "循环只能写成 {% for 村 in 下级 %}")


def _targets(loop: nodes.For) -> Iterator[nodes.Name]:
    if not isinstance(loop.target, nodes.Name) or loop.recursive or loop.target.name in CALLED | NAMED:
        raise _refused(loop, "循环只能写成 {% for 村 in 下级 %}")
    yield loop.target


def _check_call(node: nodes.Call) -> None:
    if not isinstance(node.node, nodes.Name) or node.node.name not in CALLED:
        raise _refused(node, "只能用材料模板的词")
    if node.dyn_args is not None or node.dyn_kwargs is not None or node.kwargs:
        raise _refused(node, f'“{node.node.name}”只写名称，如 {node.node.name}("党员数")')
    if not node.args or not isinstance(node.args[0], nodes.Const) or not isinstance(node.args[0].value, str):
        raise _refused(node, f"“{node.node.name}”后面要写引号里的名称")


def _all(tree: nodes.Node) -> Iterator[nodes.Node]:
    yield tree
    for child in tree.iter_child_nodes():
        yield from _all(child)


def _refused(node: nodes.Node, why: str) -> Refused:
    return Refused("template.language", f"模板第 {node.lineno} 行：{why}。模板没有使用，请改正后再生成。")


def parsed(source: str, language: Language) -> nodes.Template:
    """The tree of a text. Raises `Refused`, with the line, for what is no template."""
    if len(source) > LONGEST:
        raise Refused("template.long", f"模板超过 {LONGEST:,} 字，请分成几份。")
    try:
        return language.parse(source)
    except TemplateSyntaxError as error:
        raise Refused(
            "template.syntax", f"模板第 {error.lineno} 行写法不对：{error.message}。请改正后再生成。"
        ) from error


def wanted(tree: nodes.Template) -> list[str]:
    """The names of the figures that a text asks of the unit itself: they are read in one go."""
    calls = (it for it in tree.find_all(nodes.Call) if isinstance(it.node, nodes.Name) and it.node.name in VALUED)
    return list(dict.fromkeys(str(it.args[0].as_const()) for it in calls if len(it.args) == 1))


def rendered(source: str, language: Language, given: Mapping[str, Any]) -> str:
    """The text with its numbers. Raises `Refused`."""
    parsed(source, language)
    try:
        return language.from_string(source).render(given)
    except (UndefinedError, TypeError) as error:
        raise Refused("template.use", f"模板里有用错的词：{error}。请改正后再生成。") from error
