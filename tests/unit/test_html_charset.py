import pytest

from esg.extract.html.charset import decode


@pytest.mark.parametrize(
    "data",
    [
        "\ufeffµ € ß".encode(),
        "\ufeffµ € ß".encode("utf-16-le"),
        "\ufeffµ € ß".encode("utf-16-be"),
    ],
)
def test_a_byte_order_mark_decides(data: bytes) -> None:
    assert decode(data, charset="iso-8859-1") == "µ € ß"


def test_what_the_sender_says_comes_before_what_the_page_says() -> None:
    assert "ä" in decode('<meta charset="utf-8">ä'.encode("cp1252"), charset="iso-8859-1")


@pytest.mark.parametrize(
    "declaration",
    [
        '<meta charset="iso-8859-1">',
        "<meta charset=windows-1252>",
        '<META http-equiv="Content-Type" content="text/html; charset=ISO-8859-1">',
        '<?xml version="1.0" encoding="ISO-8859-1"?>',
        "<?xml version='1.0' encoding='ASCII'?>",
    ],
)
def test_a_page_that_says_latin_1_means_windows_1252(declaration: str) -> None:
    assert decode(f"{declaration}“ä” – €".encode("cp1252")).endswith("“ä” – €")


def test_other_declared_encodings_are_followed() -> None:
    assert "基準" in decode('<meta charset="big5">基準'.encode("big5"))
    assert "выбросы" in decode('<meta charset="koi8-r">выбросы'.encode("koi8-r"))


def test_a_page_that_says_nothing_is_utf_8_or_else_windows_1252() -> None:
    assert decode("größer – €".encode()) == "größer – €"
    assert decode("größer – €".encode("cp1252")) == "größer – €"


@pytest.mark.parametrize("name", ["no-such-charset", "base64", "zip", "rot13", "utf-16"])
def test_a_declaration_that_cannot_be_true_is_ignored(name: str) -> None:
    assert decode(f'<meta charset="{name}">ä'.encode()).endswith("ä")


def test_a_bad_byte_is_replaced_and_nothing_fails() -> None:
    assert decode(b'<meta charset="utf-8">a\xffb') == '<meta charset="utf-8">a\ufffdb'
