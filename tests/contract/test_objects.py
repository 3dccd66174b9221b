"""Objects are whole or not there, in a folder, in a store behind a PyArrow file system, and in a real S3."""

import errno
import multiprocessing
import os
import signal
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from pyarrow import fs

from esg import errors
from esg.objects import FolderObjects, Objects, StoreObjects, key_part, open_objects, translate
from tests.fakes.stores import S3, s3_url
from tests.servers.server import free_ports

OpenObjects = Callable[[], Objects]
SPAWN = multiprocessing.get_context("spawn")


@pytest.fixture(params=["folder", "store", *S3])
def open_(request: pytest.FixtureRequest, tmp_path: Path) -> OpenObjects:
    if request.param == "s3":
        url = s3_url()
        return lambda: open_objects(url)
    if request.param == "folder":
        return lambda: FolderObjects(tmp_path)
    return lambda: StoreObjects(fs.SubTreeFileSystem(str(tmp_path), fs.LocalFileSystem()))


def test_what_is_created_can_be_read(open_: OpenObjects) -> None:
    assert open_().create("silver/a.bin", b"\x00pages")
    assert open_().read("silver/a.bin") == b"\x00pages"
    assert open_().exists("silver/a.bin")


def test_the_first_bytes_of_a_key_stay(open_: OpenObjects) -> None:
    open_().create("a", b"first")

    assert not open_().create("a", b"second")
    assert open_().read("a") == b"first"


def test_replace_replaces(open_: OpenObjects) -> None:
    open_().replace("a/b", b"first, and longer")
    open_().replace("a/b", b"second")

    assert open_().read("a/b") == b"second"


def test_an_object_may_be_empty_and_end_like_a_compressed_one(open_: OpenObjects) -> None:
    open_().create("empty.gz", b"")
    open_().create("plain.gz", b"not compressed")

    assert (open_().read("empty.gz"), open_().read("plain.gz")) == (b"", b"not compressed")


def test_what_is_not_there_is_named(open_: OpenObjects) -> None:
    assert not open_().exists("gold/none")
    with pytest.raises(errors.NotFound, match="gold/none"):
        open_().read("gold/none")


def test_an_object_is_read_in_pieces_and_copied_elsewhere(open_: OpenObjects, tmp_path: Path) -> None:
    """As a backup does."""
    open_().create("a.gz", b"\x1f\x8b pages, not compressed")
    elsewhere = FolderObjects(tmp_path / "copy")

    with open_().open("a.gz") as file:
        assert file.read(2) == b"\x1f\x8b"
        assert elsewhere.create_from("a.gz", file)
        assert file.seek(0, os.SEEK_END) == 24
    assert elsewhere.read("a.gz") == open_().read("a.gz")
    with pytest.raises(errors.NotFound, match="gold/none"):
        open_().open("gold/none")


def test_a_folder_is_no_object(open_: OpenObjects) -> None:
    open_().create("a/b", b"1")

    assert not open_().exists("a")


def test_keys_are_sorted_and_those_of_a_folder(open_: OpenObjects) -> None:
    for key in ("a/2", "a/10/x", "b/1", "a/1"):
        open_().create(key, b"1")

    assert open_().keys("a") == ["a/1", "a/10/x", "a/2"]
    assert open_().keys("") == ["a/1", "a/10/x", "a/2", "b/1"]
    assert open_().keys("none") == []


def test_delete_may_be_repeated(open_: OpenObjects) -> None:
    open_().create("a", b"1")
    open_().delete("a")
    open_().delete("a")

    assert not open_().exists("a")


# -- folders: many writers, dead writers, bad keys, full disks


def _create(root: Path, begin: float, data: bytes) -> None:
    objects = FolderObjects(root)
    while time.time() < begin:
        pass
    if objects.create("same", data):
        objects.create(f"winner-{os.getpid()}", data)


def test_of_many_writers_one_creates_and_all_end_well(tmp_path: Path) -> None:
    begin = time.time() + 1.5
    writers = [SPAWN.Process(target=_create, args=(tmp_path, begin, bytes([i]) * 10**6)) for i in range(4)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()

    objects = FolderObjects(tmp_path)
    assert [writer.exitcode for writer in writers] == [0] * 4
    (winner,) = (key for key in objects.keys("") if key.startswith("winner"))
    assert objects.read("same") == objects.read(winner)


def _create_in(url: str, begin: float, data: bytes) -> None:
    objects = open_objects(url)
    while time.time() < begin:
        pass
    objects.create("same", data)


@pytest.mark.skipif(not S3, reason="needs the S3 of `make test-stack`")
def test_of_many_writers_to_a_store_one_stays_whole() -> None:
    url, begin = s3_url(), time.time() + 2
    objects = [bytes([i]) * 10**6 for i in range(4)]
    writers = [SPAWN.Process(target=_create_in, args=(url, begin, data)) for data in objects]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()

    assert [writer.exitcode for writer in writers] == [0] * 4
    assert open_objects(url).read("same") in objects
    assert not open_objects(url).create("same", b"late")


def _die_while_writing(root: Path) -> None:
    objects = FolderObjects(root)
    os.fsync = lambda descriptor: os.kill(os.getpid(), signal.SIGKILL)  # all bytes are written, no name is
    objects.create("pages", b"half an object")


def test_a_writer_killed_in_the_middle_leaves_no_object(tmp_path: Path) -> None:
    writer = SPAWN.Process(target=_die_while_writing, args=(tmp_path,))
    writer.start()
    writer.join()

    objects = FolderObjects(tmp_path)
    assert writer.exitcode == -signal.SIGKILL
    assert objects.keys("") == []
    assert not objects.exists("pages")
    assert objects.create("pages", b"whole")


def test_what_dead_writers_left_is_removed_after_an_hour(tmp_path: Path) -> None:
    FolderObjects(tmp_path)
    old, young = tmp_path / ".tmp" / "old", tmp_path / ".tmp" / "young"
    for path in (old, young):
        path.write_bytes(b"half")
    os.utime(old, (time.time() - 7200,) * 2)

    FolderObjects(tmp_path)

    assert (old.exists(), young.exists()) == (False, True)


def test_a_file_system_without_links_is_written_by_rename(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise OSError(errno.EOPNOTSUPP, "no links here")

    monkeypatch.setattr(Path, "hardlink_to", refuse)
    objects = FolderObjects(tmp_path)

    assert objects.create("a", b"1")
    assert not objects.create("a", b"2")
    assert objects.read("a") == b"1"


@pytest.mark.parametrize("key", ["../secret", "a/../../secret", "/etc/passwd"])
def test_no_key_leads_out_of_the_folder(tmp_path: Path, key: str) -> None:
    (tmp_path / "secret").write_text("secret")
    objects = FolderObjects(tmp_path / "lake")

    with pytest.raises(errors.NotFound):
        objects.read(key)
    with pytest.raises(errors.NotFound):
        objects.create(key, b"1")


def test_a_full_disk_is_worth_another_try() -> None:
    if not Path("/dev/full").exists():
        pytest.skip("no /dev/full here")
    objects = StoreObjects(fs.SubTreeFileSystem("/dev", fs.LocalFileSystem()))

    with pytest.raises(errors.Transient, match="full"):
        objects.replace("full", b"1")


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (FileNotFoundError("silver/a"), errors.NotFound),
        (PermissionError("silver/a"), errors.Misconfigured),
        (OSError("AWS Error ACCESS_DENIED during HeadObject operation"), errors.Misconfigured),
        (OSError("AWS Error NO_SUCH_BUCKET during PutObject operation"), errors.Misconfigured),
        (OSError("AWS Error SLOW_DOWN during PutObject operation"), errors.Unavailable),
        (OSError("AWS Error NETWORK_CONNECTION: curlCode: 7"), errors.Unavailable),
    ],
)
def test_what_a_store_answers_is_an_error_of_ours(error: OSError, kind: type[errors.EsgError]) -> None:
    understood = translate("silver/a", error)

    assert type(understood) is kind
    assert "silver/a" in str(understood)


def test_a_file_in_the_way_of_the_folder_is_told(tmp_path: Path) -> None:
    (tmp_path / "lake").write_text("a file")

    with pytest.raises(errors.EsgError, match="lake"):
        FolderObjects(tmp_path / "lake")


# -- a real S3: what is wrong is told within seconds, with what to do


@pytest.mark.skipif(not S3, reason="needs the S3 of `make test-stack`")
def test_a_bucket_that_is_missing_is_a_wrong_setting() -> None:
    with pytest.raises(errors.Misconfigured, match="ESG_LAKE_URL"):
        open_objects(s3_url(bucket="nobodys-bucket")).create("a", b"1")


@pytest.mark.skipif(not S3, reason="needs the S3 of `make test-stack`")
@pytest.mark.parametrize("variable", ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"])
def test_a_wrong_key_is_a_wrong_setting(variable: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(variable, "wrong")
    objects = open_objects(s3_url())

    for act in (lambda: objects.read("a"), lambda: objects.replace("a", b"1"), lambda: objects.keys("")):
        with pytest.raises(errors.Misconfigured, match="AWS_ACCESS_KEY_ID"):
            act()


def test_a_store_that_is_away_may_come_back() -> None:
    (port,) = free_ports(1)
    objects = open_objects(f"s3://lake/folder?endpoint_override=127.0.0.1:{port}&scheme=http")

    with pytest.raises(errors.Transient, match="Check that it runs"):
        objects.read("a")


# -- URLs


def test_a_path_and_a_file_url_are_the_same_folder(tmp_path: Path) -> None:
    open_objects(str(tmp_path / "lake")).create("a", b"1")

    assert open_objects(f"file://{tmp_path}/lake").read("a") == b"1"


@pytest.mark.parametrize("url", ["gopher://host/lake", "s3://?region=eu-central-1", "s3://lake?nothing=1"])
def test_a_url_that_leads_nowhere_is_a_wrong_setting(url: str) -> None:
    with pytest.raises(errors.Misconfigured, match=r"Give a |Known are"):
        open_objects(url)


@pytest.mark.parametrize(
    ("text", "part"),
    [("MiniLM@8199+ort-1.2", "MiniLM-8199-ort-1.2"), ("../up", "up"), ("/", "-"), ("rubric v1", "rubric-v1")],
)
def test_a_key_part_is_a_plain_name(text: str, part: str) -> None:
    assert key_part(text) == part


def test_a_file_is_created_from_its_start(open_: OpenObjects, tmp_path: Path) -> None:
    source = tmp_path / "source.bin"
    source.write_bytes(b"%PDF" + b"x" * 3_000_000)
    with source.open("rb") as file:
        file.read(10)

        assert open_().create_from("bronze/a", file)
        assert not open_().create_from("bronze/a", file)

    assert open_().read("bronze/a") == source.read_bytes()
