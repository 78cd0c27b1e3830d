"""The part of the bridge to the charger that is about prices, for a display (California Pricing).

`bridge` counts what stands here among its news.
"""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Prices:
    """What is charged for; in the currency of the station, None where it is not."""

    per_kwh: float | None = None
    per_hour: float | None = None
    flat_fee: float | None = None
    idle_per_hour: float | None = None
    idle_grace_minutes: int | None = None


@dataclass(frozen=True, slots=True)
class PriceTold:
    """What charging costs this driver; texts by language, that of the station under an empty name."""

    token: str = field(repr=False)
    texts: dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class RunningCostTold:
    """What the transaction has cost so far; state: Charging or Idle. `next_prices` hold from `next_at` on."""

    evse_id: int
    cost: float
    state: str
    prices: Prices
    next_at: str | None = None
    next_prices: Prices | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FinalCostTold:
    """What the transaction has cost in all; `evse_id` where it is still there."""

    evse_id: int | None
    cost: float
    texts: dict[str, str]
    qr_code: str | None = None
