from __future__ import annotations

import doctest

import pytest

from profile_widgets.model import instances
from profile_widgets.model.instances import Accelerator, Instance
from profile_widgets.model.shapes import shape

NAMES = shape("AppInstanceType").enum
WITHOUT_FIGURES = {"ml.geospatial.interactive"}
"""AWS's pages name this type and tell no figures."""


def test_the_examples_hold() -> None:
    assert doctest.testmod(instances).failed == 0


def test_every_type_of_the_installed_model_is_in_the_table() -> None:
    """A newer botocore names types here that scripts/instances has to be run for; they can be chosen meanwhile."""
    assert {name for name in NAMES if name not in instances.known()} == {"system"}


def test_every_row_tells_its_figures_and_where_they_are_from() -> None:
    for name, row in instances.known().items():
        assert row.name == name
        assert row.source
        assert row.purpose, name
        if name not in WITHOUT_FIGURES:
            assert row.vcpu is not None, name
            assert row.vcpu >= 1
            assert row.memory is not None
            assert row.memory >= 1
            assert row.network, name


def test_families_that_are_made_for_accelerators_have_them_and_no_others_do() -> None:
    for name, row in instances.known().items():
        kind = {"GPU": instances.GPU, "Trainium": instances.TRAINIUM}.get(row.purpose)
        assert (row.accelerator.kind if row.accelerator else None) == kind, name


def test_a_family_has_as_much_memory_for_each_vcpu_in_every_size() -> None:
    """EC2's families c, m and r have 2, 4 and 8 GiB for each vCPU: a slip in the table would stand out."""
    for name, row in instances.known().items():
        for_each = {"compute optimized": 2, "general purpose": 4, "memory optimized": 8}.get(row.purpose)
        if for_each and row.vcpu and row.memory:
            assert row.memory == row.vcpu * for_each, name


@pytest.mark.parametrize(
    ("name", "vcpu", "memory", "device"),
    [
        ("ml.t3.medium", 2, 4, None),
        ("ml.r5.24xlarge", 96, 768, None),
        ("ml.g4dn.12xlarge", 48, 192, Accelerator("NVIDIA T4", "gpu", 4, 16)),
        ("ml.g5.48xlarge", 192, 768, Accelerator("NVIDIA A10G", "gpu", 8, 22, "24 GB")),
        ("ml.p3.16xlarge", 64, 488, Accelerator("NVIDIA V100", "gpu", 8, 16)),
        ("ml.p4de.24xlarge", 96, 1152, Accelerator("NVIDIA A100", "gpu", 8, 80)),
        ("ml.p5.48xlarge", 192, 2048, Accelerator("NVIDIA H100", "gpu", 8, 80)),
        ("ml.trn1.2xlarge", 8, 32, Accelerator("AWS Trainium", "trainium", 1, 32)),
    ],
)
def test_the_table_says_what_aws_says_on_its_pages(
    name: str, vcpu: int, memory: int, device: Accelerator | None
) -> None:
    row = instances.facts(name)
    assert row is not None
    assert (row.vcpu, row.memory, row.accelerator) == (vcpu, memory, device)


def test_local_disks_and_networks_are_told_where_they_are_known() -> None:
    with_disk, without = instances.facts("ml.m5d.large"), instances.facts("ml.m5.large")
    assert with_disk is not None
    assert without is not None
    assert (with_disk.disk, without.disk) == (75, None)
    assert without.network == "up to 10 Gbps"


def test_a_line_tells_vcpu_memory_and_gpu_and_what_a_card_is_sold_as_where_that_differs() -> None:
    assert instances.detail("ml.g4dn.xlarge") == "4 vCPU, 16 GiB, 1 \u00d7 NVIDIA T4 16 GiB"
    assert instances.detail("ml.g5.12xlarge") == "48 vCPU, 192 GiB, 4 \u00d7 NVIDIA A10G 22 GiB (24 GB)"
    assert instances.detail("ml.p5.48xlarge").startswith("192 vCPU, 2,048 GiB, 8 \u00d7 NVIDIA H100")


def test_what_a_search_goes_through_holds_the_words_that_people_use() -> None:
    for words in ("4 vCPU", "16 GiB", "T4", "GPU"):
        assert words in instances.described("ml.g4dn.xlarge")
    assert "burstable" in instances.described("ml.t3.medium")
    assert "Trainium" in instances.described("ml.trn1.32xlarge")


def test_a_type_that_is_not_in_the_table_has_no_facts_and_is_no_error() -> None:
    assert instances.facts("ml.g99.large") is None
    assert instances.detail("ml.g99.large") == instances.UNKNOWN
    assert instances.described("ml.g99.large") == "facts unknown · GPU"
    assert instances.described("nonsense") == instances.UNKNOWN
    assert Instance("ml.g99.large").family == "g99"


def test_system_is_explained_for_each_app() -> None:
    place = "UserSettings.{}AppSettings.DefaultResourceSpec.InstanceType"
    assert "only type" in instances.system_means(place.format("JupyterServer"))
    assert "ml.t3.medium" in instances.system_means(place.format("KernelGateway"))
    assert "choose a type by its name" in instances.system_means(place.format("JupyterLab"))
    assert instances.system_means("InstanceType") == instances.system_means(place.format("CodeEditor"))
