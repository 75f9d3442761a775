"""AWS's documentation as plain text, and AWS's names in plain words."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from profile_widgets.model.labels import BETWEEN, LABELS, label, path_label
from profile_widgets.model.prose import plain, prose
from profile_widgets.model.shapes import OPERATIONS, input_member, walk

MARKUP = re.compile(r"</?[a-z!?][^>]*>?|&(?:[a-z]+|#\d+);", re.IGNORECASE)


class TestProse:
    @pytest.mark.parametrize("operation", OPERATIONS)
    def test_no_documentation_of_the_model_keeps_markup(self, operation: str) -> None:
        texts = [member.help.text for _, member in walk(input_member(operation))]
        assert sum(map(bool, texts)) > 100
        for text in texts:
            assert not MARKUP.search(text)
            assert text == text.strip()
            assert "  " not in text

    def test_the_first_sentence_is_the_summary(self) -> None:
        html = "<p>The role of the <code>user</code>. It must exist.</p> <note> <p>Mind e.g. The case.</p> </note>"
        found = prose(html)
        assert found.summary == "The role of the user."
        assert found.rest == "It must exist.\nMind e.g. The case."
        assert found.text == "The role of the user.\nIt must exist.\nMind e.g. The case."

    def test_nothing_gives_nothing(self) -> None:
        assert prose("").text == ""
        assert prose("<p> </p>").text == ""

    def test_lists_become_lines_with_bullets(self) -> None:
        assert plain("<p>One of:</p><ul><li><p> <code>A</code>: a</p></li><li>B &amp; C</li></ul>") == (
            "One of:\n• A: a\n• B & C"
        )

    def test_scripts_and_styles_are_left_out(self) -> None:
        assert plain("<p>Before<script>alert('x')</script> after</p><style>p {}</style>") == "Before after"
        assert plain("<script><img src=x onerror=alert(1)></script>x") == "x"

    @pytest.mark.parametrize(
        "html",
        [
            "&lt;img src=x onerror=alert(1)&gt;",
            "&lt;script&gt;alert(1)&lt;/script&gt;",
            "<p>a <!-- <b> --> &lt;!-- b",
            "<img src=x onerror=alert(1)>",
            "<scr<script>ipt>alert(1)</script>",
            "&#60;svg/onload=alert(1)&#62;",
            "<a href='javascript:alert(1)'>link</a",
        ],
    )
    def test_nothing_that_comes_out_can_begin_a_tag(self, html: str) -> None:
        assert not MARKUP.search(plain(html))

    @given(st.text(alphabet="<>/!?&;#abcpscript=' \n", max_size=60))
    def test_whatever_goes_in(self, html: str) -> None:
        assert not re.search(r"<[A-Za-z/!?]", plain(html))

    def test_less_than_stays_where_it_is_arithmetic(self) -> None:
        assert plain("<p>1 &lt; 2</p>") == "1 < 2"


class TestLabels:
    @pytest.mark.parametrize(
        ("name", "words"),
        [
            ("ExecutionRole", "Execution role"),
            ("LifecycleConfigArns", "Lifecycle configurations"),
            ("SomethingBrandNew", "Something brand new"),
            ("SageMakerS3UriOfOAuth", "SageMaker S3 URI of OAuth"),
            ("JupyterLabKmsKeyIds", "JupyterLab KMS key IDs"),
            ("FSxLustrePath2", "FSx Lustre path 2"),
            ("HTTPProxy", "HTTP proxy"),
            ("x", "X"),
            ("", ""),
        ],
    )
    def test_a_name_reads_as_words(self, name: str, words: str) -> None:
        got = label(name)
        assert got.casefold() == words.casefold()
        if name != "HTTPProxy":
            assert got == words

    @pytest.mark.parametrize("operation", OPERATIONS)
    def test_every_member_of_the_model_has_a_label_that_is_not_its_name(self, operation: str) -> None:
        for _, member in walk(input_member(operation)):
            if member.name:
                words = label(member.name)
                assert words[0].isupper()
                assert not re.search(r"[a-z][A-Z]", words.replace("SageMaker", "").replace("RStudio", "").replace(
                    "JupyterLab", "").replace("OAuth", "").replace("TensorBoard", "").replace("FSx", ""))  # fmt: skip

    def test_no_label_stands_for_a_member_that_was_never_there(self) -> None:
        names = {member.name for operation in OPERATIONS for _, member in walk(input_member(operation))}
        assert len(set(LABELS) & names) > 40

    def test_a_path_reads_as_words_counted_from_one(self) -> None:
        path = "UserSettings.JupyterLabAppSettings.CustomImages[1].ImageName"
        assert path_label(path) == BETWEEN.join(["JupyterLab app", "Custom images 2", "Image name"])
        assert path_label("UserSettings") == "Settings"
        assert path_label("Tags[0].Key") == f"Tags 1{BETWEEN}Key"
        assert path_label("[0].Key") == f"Item 1{BETWEEN}Key"
        assert path_label("") == ""
