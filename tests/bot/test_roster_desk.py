"""`attache cohort roster`: the same reading and the same sentences as in the chat."""

from pathlib import Path

import pytest

from bot.cohort_desk import create_cohort
from bot.desk import DeskError
from bot.roster_desk import import_roster
from bot.settings import Settings

ROWS = """Name;Mission;Country
Asha Rahman;Embassy of Bangladesh, Riyadh;Saudi Arabia
Broken Row;Embassy;Nowhereland
Asha Rahman;Embassy of Bangladesh, Riyadh;Saudi Arabia
"""


async def desk(folder: Path) -> tuple[Settings, Path]:
    settings = Settings(data=folder / "data")
    await create_cohort(settings, course="migration-diplomacy", name="Gulf 2026", uses=1)
    (folder / "roster.csv").write_text(ROWS)
    return settings, folder / "roster.csv"


async def test_a_roster_is_tried_imported_and_known_the_second_time(tmp_path: Path) -> None:
    settings, file = await desk(tmp_path)
    tried = await import_roster(settings, name="Gulf 2026", file=file, dry=True)
    imported = await import_roster(settings, name="Gulf 2026", file=file, dry=False)
    again = await import_roster(settings, name="Gulf 2026", file=file, dry=False)
    assert (tried["new"], imported["new"], again["new"], again["there"]) == (1, 1, 0, 1)
    assert tried["twice"] == [{"row": 4, "first": 2}]
    assert tried["broken"] == [{"row": 3, "why": "the country “Nowhereland” is not known. Write it in English."}]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (None, "No such file or directory. Name a roster that can be read"),
        (b"name,country\n", "There is no column “mission”. I found: name, country"),
        (b"name,mission,country\n=1+1,b,c\n", "Row 2 holds a formula"),
    ],
)
async def test_a_file_that_cannot_be_used_is_named_with_the_mend(
    tmp_path: Path, content: bytes | None, sentence: str
) -> None:
    settings, file = await desk(tmp_path)
    file.unlink()
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(DeskError, match=sentence) as told:
        await import_roster(settings, name="Gulf 2026", file=file, dry=False)
    assert str(file) in str(told.value)
