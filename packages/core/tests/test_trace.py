from __future__ import annotations

import io
import json

from hypothesis import given
from hypothesis import strategies as st

from evproto.core import JsonLinesTrace, Kind, Trace

records = st.builds(
    Trace,
    time=st.floats(0, 1e6).map(lambda time: round(time, 6)),
    source=st.text(max_size=8),
    kind=st.sampled_from(Kind),
    name=st.text(max_size=20),
    raw=st.none() | st.binary(max_size=20),
    details=st.dictionaries(st.text(max_size=5), st.integers() | st.text() | st.none(), max_size=3),
)


@given(records)
def test_a_record_reads_back_from_its_json_line(record: Trace) -> None:
    assert Trace.from_json(record.to_json()) == record
    assert "\n" not in record.to_json()


def test_each_record_is_one_line_of_json() -> None:
    file = io.StringIO()
    sink = JsonLinesTrace(file)
    sink(Trace(time=1.0, source="secc", kind=Kind.SENT, name="SessionSetupRes", raw=b"\x80"))
    sink(Trace(time=2.0, source="secc", kind=Kind.STATE, name="WaitForServiceDiscovery"))
    lines = [json.loads(line) for line in file.getvalue().splitlines()]
    assert lines == [
        {"time": 1.0, "source": "secc", "kind": "sent", "name": "SessionSetupRes", "raw": "80"},
        {"time": 2.0, "source": "secc", "kind": "state", "name": "WaitForServiceDiscovery"},
    ]
