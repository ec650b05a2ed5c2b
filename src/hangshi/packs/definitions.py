"""What every table of a pack is: closed, strict, and where it defines something, named and cited."""

from decimal import Decimal
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

Text = Annotated[str, Field(min_length=1)]
Texts = Annotated[tuple[Text, ...], Field(strict=False)]
Amount = Annotated[Decimal, Field(strict=False)]


class Closed(BaseModel):
    """A table of a pack: closed to unknown keys, strict in types, never changed after loading."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class Definition(Closed):
    """Something with a key, a Chinese name and the document it rests on. `key` is the name of its table."""

    key: str
    name: Text
    source: str = ""
    doc: str = ""
