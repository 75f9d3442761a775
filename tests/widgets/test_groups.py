from __future__ import annotations

from profile_widgets.model.shapes import shape
from profile_widgets.widgets.groups import MORE, Part, arranged

MEMBERS = shape("UserSettings").members
LOOSE = [name for name, member in MEMBERS.items() if not member.is_structure]
NESTED = [name for name, member in MEMBERS.items() if member.is_structure]


def test_every_member_of_the_installed_model_stands_once() -> None:
    stood: list[str] = []
    for _heading, entry in arranged(NESTED, LOOSE):
        stood += entry.members if isinstance(entry, Part) else [entry]
    assert sorted(stood) == sorted(MEMBERS)


def test_a_member_that_the_table_does_not_know_lands_in_more() -> None:
    rows = list(arranged([*NESTED, "HologramAppSettings"], [*LOOSE, "FavouriteColour"]))
    assert (MORE, "HologramAppSettings") in rows
    assert rows[-1] == (MORE, Part("More settings", ("FavouriteColour",)))


def test_a_member_that_an_older_model_lacks_leaves_no_gap() -> None:
    rows = list(arranged(["CanvasAppSettings"], ["ExecutionRole"]))
    assert [entry.members if isinstance(entry, Part) else entry for _, entry in rows] == [
        ("ExecutionRole",),
        "CanvasAppSettings",
    ]
