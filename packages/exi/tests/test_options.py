"""Options of a stream: what EXI 1.0 section 5.4 rules out is refused, and the option is named."""

import dataclasses
import pickle

import pytest

from evproto.core import ConfigError
from evproto.exi import Alignment, Options, Preserve, Profile, QName

_BARE = {"canonical": True, "omit_options_document": True}


@pytest.mark.parametrize(
    ("given", "named"),
    [
        ({"strict": True, "preserve": Preserve.COMMENTS}, "preserve.comments"),
        ({"strict": True, "preserve": Preserve.PIS}, "preserve.pis"),
        ({"strict": True, "preserve": Preserve.DTD | Preserve.LEXICAL_VALUES}, "preserve.dtd"),
        ({"strict": True, "preserve": Preserve.PREFIXES}, "preserve.prefixes"),
        ({"strict": True, "self_contained": True}, "self_contained"),
        ({"compression": True, "alignment": Alignment.BYTE_ALIGNED}, "alignment"),
        ({"compression": True, "alignment": Alignment.PRE_COMPRESSION}, "alignment"),
        ({"self_contained": True, "compression": True}, "self_contained"),
        ({"self_contained": True, "alignment": Alignment.PRE_COMPRESSION}, "self_contained"),
        ({"self_contained_elements": frozenset({QName("", "a")})}, "self_contained_elements"),
        ({"include_schema_id": True}, "include_schema_id"),
        ({"utc_time": True}, "utc_time"),
        ({"omit_options_document": True}, "omit_options_document"),
        (
            {"canonical": True, "include_options": True, "omit_options_document": True},
            "omit_options_document",
        ),
        ({"canonical": True, "include_schema_id": True, "omit_options_document": True}, "include_schema_id"),
        ({"canonical": True, "include_cookie": True}, "include_cookie"),
        ({"block_size": 0}, "block_size"),
        ({"block_size": 2**32}, "block_size"),
        ({"value_max_length": -1}, "value_max_length"),
        ({"value_partition_capacity": 2**32}, "value_partition_capacity"),
        ({"depth": -1}, "depth"),
    ],
)
def test_a_combination_that_exi_rules_out_is_refused_by_name(given: dict[str, object], named: str) -> None:
    with pytest.raises(ConfigError, match=named):
        Options(**given)  # type: ignore[arg-type]


def test_strict_goes_with_lexical_values() -> None:
    assert Options(strict=True, preserve=Preserve.LEXICAL_VALUES).strict


def test_a_profile_is_bounded_too() -> None:
    with pytest.raises(ConfigError, match=r"profile\.maximum_built_in_productions"):
        Profile(maximum_built_in_productions=-1)


def test_options_are_values() -> None:
    options = Options(preserve=Preserve.PREFIXES, profile=Profile(local_value_partitions=False))
    options.native  # noqa: B018  made once, and no part of the value
    assert options == dataclasses.replace(options)
    assert len({options, dataclasses.replace(options), Options()}) == 2
    assert pickle.loads(pickle.dumps(options)) == options
    assert options.as_canonical() == dataclasses.replace(options, canonical=True)
    with pytest.raises(dataclasses.FrozenInstanceError):
        options.strict = True  # type: ignore[misc]
