from __future__ import annotations

import sqlite3
import stat
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evproto.core import StateError
from evproto.ocpp_client.store import Store


def filled(store: Store, *, updates: int, transaction_id: str = "t1") -> None:
    """A transaction with its first message, droppable updates and its last message."""
    with store.batch():
        store.begin_transaction(transaction_id, 1, {"id": "abc"})
    for number in range(updates + 2):
        with store.batch():
            seq_no = store.take_seq_no(transaction_id)
            middle = 0 < number <= updates
            store.enqueue(
                f"{transaction_id}-{seq_no}",
                "TransactionEvent",
                b"{}",
                transaction_id=transaction_id,
                droppable=middle,
            )


def crash(store: Store) -> None:
    """What was not written is lost."""
    store._db.close()


def drain(store: Store) -> list[str]:
    ids = []
    while (head := store.head()) is not None:
        ids.append(head.message_id)
        store.remove(head)
    return ids


def test_the_queue_keeps_its_order_over_a_restart(tmp_path: Path) -> None:
    store = Store(tmp_path / "station.db")
    filled(store, updates=3)
    store.close()
    assert drain(Store(tmp_path / "station.db")) == [f"t1-{number}" for number in range(5)]


def test_the_files_are_for_their_owner_alone(tmp_path: Path) -> None:
    store = Store(tmp_path / "station.db")
    filled(store, updates=1)
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir()}
    assert "station.db-wal" in modes
    assert set(modes.values()) == {0o600}


def test_a_batch_that_fails_leaves_nothing_behind() -> None:
    store = Store(":memory:")
    with store.batch():
        store.begin_transaction("t1", 1, {})
    with pytest.raises(RuntimeError), store.batch():
        store.take_seq_no("t1")
        store.enqueue("m", "TransactionEvent", b"{}", transaction_id="t1")
        raise RuntimeError("power cut")
    assert len(store) == 0
    assert store.open_transactions()[0].next_seq_no == 0


def test_writing_outside_a_batch_is_a_bug() -> None:
    store = Store(":memory:")
    with pytest.raises(StateError):
        store.enqueue("m", "Heartbeat", b"{}")


def test_a_transaction_goes_with_its_last_message_and_not_before() -> None:
    store = Store(":memory:")
    filled(store, updates=0)
    with store.batch():
        store.end_transaction("t1")
    first = store.head()
    assert first is not None
    store.remove(first)
    with store.batch():
        assert store.take_seq_no("t1") == 2
    drain(store)
    with pytest.raises(StateError), store.batch():
        store.take_seq_no("t1")


def test_an_open_transaction_is_found_after_a_restart_with_its_facts(tmp_path: Path) -> None:
    store = Store(tmp_path / "station.db")
    filled(store, updates=1)
    with store.batch():
        store.update_transaction("t1", {"id": "abc", "meter_wh": 1200})
    store.close()
    [transaction] = Store(tmp_path / "station.db").open_transactions()
    assert (transaction.transaction_id, transaction.next_seq_no) == ("t1", 3)
    assert transaction.facts == {"id": "abc", "meter_wh": 1200}


def test_a_full_queue_is_thinned_evenly_and_never_loses_first_and_last() -> None:
    store = Store(":memory:", max_queued=10)
    filled(store, updates=30)
    left = drain(store)
    assert left[0] == "t1-0"
    assert left[-1] == "t1-31"
    assert len(left) <= 12
    assert left == sorted(left, key=lambda id: int(id.split("-")[1]))


def test_message_ids_of_two_boots_differ(tmp_path: Path) -> None:
    boots = []
    for _ in range(3):
        store = Store(tmp_path / "station.db")
        boots.append(store.next_boot())
        store.close()
    assert boots == [1, 2, 3]


def test_a_damaged_file_is_put_aside_and_a_new_one_begun(tmp_path: Path) -> None:
    path = tmp_path / "station.db"
    for attempt in range(2):
        path.write_bytes(b"this is no database" * 1000)
        store = Store(path)
        assert store.recovered
        assert len(store) == 0
        store.close()
        assert len(list(tmp_path.glob("station.db.corrupt*"))) == attempt + 1


def test_damage_inside_the_file_is_found_at_the_start(tmp_path: Path) -> None:
    path = tmp_path / "station.db"
    store = Store(path)
    filled(store, updates=200)
    store.close()
    data = bytearray(path.read_bytes())
    for at in range(4096, len(data), 64):
        data[at] ^= 0xFF
    path.write_bytes(data)
    assert Store(path).recovered


def test_attempts_are_remembered_over_a_restart(tmp_path: Path) -> None:
    store = Store(tmp_path / "station.db")
    filled(store, updates=0)
    head = store.head()
    assert head is not None
    assert store.count_attempt(head) == 1
    store.close()
    again = Store(tmp_path / "station.db").head()
    assert again is not None
    assert again.attempts == 1


def test_an_answered_message_goes_with_the_next_batch(tmp_path: Path) -> None:
    store = Store(tmp_path / "station.db")
    filled(store, updates=0)
    head = store.head()
    assert head is not None
    store.remove(head)
    assert len(store) == 1
    crash(store)
    store = Store(tmp_path / "station.db")
    assert store.head() == head
    store.remove(head)
    with store.batch():
        store.enqueue("next", "Heartbeat", b"{}")
    crash(store)
    assert drain(Store(tmp_path / "station.db")) == ["t1-1", "next"]


def test_a_batch_that_fails_does_not_bring_an_answered_message_back() -> None:
    store = Store(":memory:")
    filled(store, updates=0)
    head = store.head()
    assert head is not None
    store.remove(head)
    with pytest.raises(RuntimeError), store.batch():
        raise RuntimeError("power cut")
    assert drain(store) == ["t1-1"]


def test_a_full_queue_keeps_its_head_which_may_be_on_the_wire() -> None:
    store = Store(":memory:", max_queued=4)
    for number in range(20):
        with store.batch():
            store.enqueue(f"m{number}", "Heartbeat", b"{}", droppable=True)
    assert drain(store)[0] == "m0"


def test_a_file_belongs_to_one_station(tmp_path: Path) -> None:
    store = Store(tmp_path / "station.db")
    with pytest.raises(sqlite3.OperationalError, match="in use by another station"):
        Store(tmp_path / "station.db")
    store.close()
    Store(tmp_path / "station.db").close()


@settings(deadline=None, max_examples=100)
@given(st.lists(st.sampled_from(["queue", "fail", "answer", "refuse", "write", "crash"]), max_size=40))
def test_memory_and_file_tell_the_same_after_any_course(steps: list[str]) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "station.db"
        store = Store(path, max_queued=6)
        with store.batch(waiting=False):
            store.begin_transaction("t1", 1, {})
        written = 0
        for step in steps:
            head = store.head()
            if step in ("queue", "fail"):
                try:
                    with store.batch(waiting=False):
                        seq_no = store.take_seq_no("t1")
                        store.enqueue(
                            f"m{seq_no}", "X", b"{}", transaction_id="t1", droppable=bool(seq_no % 3)
                        )
                        if step == "fail":
                            raise RuntimeError
                except RuntimeError:
                    continue
                assert seq_no == written
                written += 1
            elif step == "answer" and head is not None:
                store.remove(head)
            elif step == "refuse" and head is not None:
                store.count_attempt(head)
            elif step == "write":
                store.write_removal()
            elif step == "crash":
                store.write_removal()
                crash(store)
                store = Store(path, max_queued=6)
        told = (store.head(), len(store), store.has_queued(), store.open_transactions())
        store.close()
        again = Store(path, max_queued=6)
        assert (again.head(), len(again), again.has_queued(), again.open_transactions()) == told
        again.close()
