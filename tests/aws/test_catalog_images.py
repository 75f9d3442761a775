"""Images, their versions and aliases, and app image configurations: of which image, and for which app."""

from __future__ import annotations

from typing import Any

import pytest

from profile_widgets.aws.catalog import Catalog, Offers
from profile_widgets.aws.catalog.images import CHOOSE, ELSEWHERE, image_name
from profile_widgets.sandbox import Sandbox
from tests.aws.pages import detail, fitting, operations

ACCOUNT = "123456789012"


async def test_images_are_offered_by_arn_and_by_name_from_one_list(catalog: Catalog, sandbox: Sandbox) -> None:
    by_arn = {offer.name: offer.value for offer in (await catalog.offers("image")).rows}
    by_name = {offer.name: offer.value for offer in (await catalog.offers("image-name")).rows}
    assert by_arn["R 4.4"] == f"arn:aws:sagemaker:eu-west-1:{ACCOUNT}:image/custom-r"
    assert by_name["R 4.4"] == "custom-r"
    assert operations(sandbox) == ["ListImages"]
    assert await catalog.known("image-name", "custom-r") is True
    assert await catalog.known("image-name", by_arn["R 4.4"]) is False


@pytest.mark.parametrize("name", ["image", "image-name"])
async def test_images_that_the_domain_uses_for_the_app_come_first(
    catalog: Catalog, sandbox: Sandbox, domain_id: str, name: str
) -> None:
    found = await catalog.offers(name, about={"domain": domain_id, "app": "KernelGateway"})
    assert found.rows[0].name == "R 4.4"
    assert found.rows[0].detail.startswith("for KernelGateway in this domain · custom-r · ")
    assert all(offer.fits for offer in found.rows)
    lab = await catalog.offers(name, about={"domain": domain_id, "app": "JupyterLab"})
    assert [offer.name for offer in lab.rows if not offer.fits] == ["R 4.4"]
    assert lab.rows[-1].name == "R 4.4"
    assert sorted(operations(sandbox)) == ["DescribeDomain", "ListImages"]


async def test_images_are_listed_though_the_domain_is_not_described(
    catalog: Catalog, sandbox: Sandbox, domain_id: str
) -> None:
    sandbox.deny("sagemaker:DescribeDomain")
    about = {"domain": domain_id, "app": "JupyterLab"}
    found = await catalog.offers("image", about=about)
    assert len(found.rows) == 5
    assert all(offer.fits for offer in found.rows)
    assert await catalog.known("image", found.rows[0].value + "-gone", about) is False
    assert found.note.startswith("Which images the domain uses for which app is not known. ")


@pytest.mark.parametrize("name", ["image-version", "image-version-number", "image-alias"])
@pytest.mark.parametrize(
    "image",
    [
        "arn:aws:sagemaker:eu-west-1:819792524951:image/sagemaker-distribution-cpu",
        "arn:aws:sagemaker:eu-west-1:819792524951:image/research-pytorch",
        "arn:aws:sagemaker:eu-west-1:819792524951:image-version/research-pytorch/3",
        f"arn:aws:sagemaker:eu-central-1:{ACCOUNT}:image/research-pytorch",
    ],
)
async def test_an_image_of_elsewhere_is_not_taken_for_an_own_one(
    catalog: Catalog, sandbox: Sandbox, name: str, image: str
) -> None:
    found = await catalog.offers(name, about={"image": image}, whole=True)
    assert (found.rows, found.note, found.refused) == ((), ELSEWHERE, False)
    assert operations(sandbox) == ["ListImages"]
    assert await catalog.known(name, "1", {"image": image}) is None


async def test_versions_of_an_own_image_are_not_taken_for_those_of_another_though_images_are_refused(
    catalog: Catalog, sandbox: Sandbox
) -> None:
    sandbox.deny("sagemaker:ListImages")
    arn = "arn:aws:sagemaker:eu-west-1:{}:image/research-pytorch"
    found = await catalog.offers("image-version", about={"image": arn.format("819792524951")}, whole=True)
    assert (found.rows, found.note) == ((), ELSEWHERE)
    own = await catalog.offers("image-version", about={"image": arn.format(ACCOUNT)}, whole=True)
    assert len(own.rows) == 3


@pytest.mark.parametrize(
    ("image", "before"),
    [
        ("research-pytorch", []),
        (f"arn:aws:sagemaker:eu-west-1:{ACCOUNT}:image/research-pytorch", ["ListImages"]),
        (f"arn:aws:sagemaker:eu-west-1:{ACCOUNT}:image-version/research-pytorch/1", ["ListImages"]),
    ],
)
async def test_versions_say_their_aliases_and_the_newest_comes_first(
    catalog: Catalog, sandbox: Sandbox, image: str, before: list[str]
) -> None:
    found = await catalog.offers("image-version", about={"image": image}, whole=True)
    assert [offer.value.rpartition("/")[2] for offer in found.rows] == ["3", "2", "1"]
    assert [offer.name for offer in found.rows] == [f"research-pytorch version {number}" for number in (3, 2, 1)]
    assert found.rows[0].detail.startswith("alias 1.2, stable-1.2 · created ")
    numbers = await catalog.offers("image-version-number", about={"image": image})
    assert [offer.value for offer in numbers.rows] == ["3", "2", "1"]
    assert operations(sandbox) == [*before, "ListImageVersions"] + ["ListAliases"] * 4


async def test_the_only_version_has_all_aliases_and_costs_no_further_call(catalog: Catalog, sandbox: Sandbox) -> None:
    found = await catalog.offers("image-version", about={"image": "custom-r"}, whole=True)
    assert [offer.detail.split(" · ")[0] for offer in found.rows] == ["alias 4.4.1"]
    assert operations(sandbox) == ["ListImageVersions", "ListAliases"]


async def test_a_version_that_failed_does_not_fit_and_says_why(catalog: Catalog) -> None:
    found = await catalog.offers("image-version", about={"image": "rsession-bioconductor"}, whole=True)
    failed = found.rows[-1]
    assert (failed.value.rpartition("/")[2], failed.fits) == ("2", False)
    assert failed.detail.startswith("create failed · ")
    assert "AccessDenied on ecr:BatchGetImage" in failed.detail


async def test_versions_are_listed_though_aliases_are_refused(catalog: Catalog, sandbox: Sandbox) -> None:
    sandbox.deny("sagemaker:ListAliases")
    found = await catalog.offers("image-version", about={"image": "research-pytorch"}, whole=True)
    assert len(found.rows) == 3
    assert not found.refused
    assert "may not use sagemaker:ListAliases" in found.note


async def test_an_image_that_does_not_exist_has_its_sentence(catalog: Catalog) -> None:
    found = await catalog.offers("image-version", about={"image": "nobody-made-it"}, whole=True)
    assert found.refused
    assert "What ListImageVersions asked for does not exist" in found.note


async def test_without_an_image_the_versions_of_the_newest_are_offered(catalog: Catalog, sandbox: Sandbox) -> None:
    sandbox.populate(0, images=40)
    found = await catalog.offers("image-version", whole=True)
    assert operations(sandbox).count("ListImageVersions") == 20
    assert operations(sandbox).count("ListImages") == 1
    assert found.more
    assert found.note.startswith("Versions of the 20 newest images are listed.")
    assert len({offer.name.partition(" version ")[0] for offer in found.rows}) == 20


@pytest.mark.parametrize("name", ["image-version-number", "image-alias"])
async def test_what_belongs_to_an_image_asks_for_one_first(catalog: Catalog, sandbox: Sandbox, name: str) -> None:
    assert await catalog.offers(name) == Offers(note=CHOOSE)
    assert sandbox.calls == ()


async def test_aliases_say_which_version_they_name(catalog: Catalog) -> None:
    found = await catalog.offers("image-alias", about={"image": "research-pytorch"}, whole=True)
    versions = {offer.value: offer.detail.split(" · ")[0] for offer in found.rows}
    assert versions == {"1.0": "version 1", "1.1": "version 2", "1.2": "version 3", "stable-1.2": "version 3"}


async def test_aliases_are_listed_though_versions_are_refused(catalog: Catalog, sandbox: Sandbox) -> None:
    sandbox.deny("sagemaker:ListImageVersions")
    found = await catalog.offers("image-alias", about={"image": "research-pytorch"}, whole=True)
    assert [offer.value for offer in found.rows] == ["1.0", "1.1", "1.2", "stable-1.2"]
    assert "may not use sagemaker:ListImageVersions" in found.note


@pytest.mark.parametrize("given", ["", "a", "image", "x/y", "arn:aws:sagemaker:r:1:app/x"])
def test_what_names_no_image_by_arn_is_taken_for_a_name(given: str) -> None:
    assert image_name(given) == given


@pytest.mark.parametrize(
    ("app", "fits"),
    [
        ("JupyterLab", {"research-pytorch-lab", "geospatial-lab"}),
        ("CodeEditor", {"code-editor-rust-config"}),
        ("KernelGateway", {"custom-r-image-config", "rsession-bioconductor-config"}),
        ("RSession", {"custom-r-image-config", "rsession-bioconductor-config"}),
        ("Unheard", set()),
    ],
)
async def test_app_image_configurations_of_the_app_come_first(
    catalog: Catalog, needs: Any, app: str, fits: set[str]
) -> None:
    needs("sagemaker", "CreateAppImageConfig", "CodeEditorAppImageConfig")
    found = await catalog.offers("app-image-config", about={"app": app})
    assert fitting(found) == fits
    assert len(found.rows) == 5
    assert detail(found, "geospatial-lab").startswith("for JupyterLab · created ")
