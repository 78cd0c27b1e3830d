from __future__ import annotations

from pathlib import Path

import pytest

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


def drain(store: Store) -> list[str]:
    ids = []
    while (head := store.head()) is not None:
        ids.append(head.message_id)
        store.remove(head.key)
    return ids


def test_the_queue_keeps_its_order_over_a_restart(tmp_path: Path) -> None:
    store = Store(tmp_path / "station.db")
    filled(store, updates=3)
    store.close()
    assert drain(Store(tmp_path / "station.db")) == [f"t1-{number}" for number in range(5)]


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
    store.remove(first.key)
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
    assert store.count_attempt(head.key) == 1
    store.close()
    again = Store(tmp_path / "station.db").head()
    assert again is not None
    assert again.attempts == 1
