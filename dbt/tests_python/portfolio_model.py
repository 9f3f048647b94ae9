"""Gold's semantics once more, day by day and in plain Python: what dbt's answer is compared with."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any

CENT = Decimal("0.01")
STALE_AFTER = 5
KINDS = ["buy", "buy", "buy", "sell", "sell", "deposit", "withdrawal", "dividend", "fee", "transfer_in", "transfer_out"]


def cents(value: Fraction | Decimal) -> Decimal:
    """Rounded half away from zero."""
    exact = Fraction(value)
    sign = -1 if exact < 0 else 1
    return sign * Decimal((abs(exact) * 100 + Fraction(1, 2)) // 1) * CENT


class Prices:
    """Closes by symbol over the days that have bars."""

    def __init__(self, bars: list[dict[str, Any]]):
        self.days = sorted({bar["trading_day"] for bar in bars})
        self.closes = {(bar["symbol"], bar["trading_day"]): bar["close"] for bar in bars}

    def at(self, symbol: str, index: int) -> tuple[Decimal | None, Decimal | None, int | None]:
        """Close or null, last close however old, and its age in trading days."""
        for age in range(index + 1):
            close = self.closes.get((symbol, self.days[index - age]))
            if close is not None:
                return (close if age <= STALE_AFTER else None), close, age
        return None, None, None


def summaries(bars: list[dict], transactions: list[dict]) -> Iterator[dict[str, Any]]:
    """The expected rows of daily_portfolio_summary."""
    prices = Prices(bars)
    newest: dict[str, dict] = {}
    for version in sorted(transactions, key=lambda row: row["updated_at"]):
        newest[version["transaction_id"]] = version
    portfolios: dict[str, dict[int, list[dict]]] = defaultdict(lambda: defaultdict(list))
    for row in newest.values():
        index = bisect_left(prices.days, row["trade_date"])
        if row["status"] == "booked" and index < len(prices.days):
            portfolios[row["portfolio_id"]][index].append(row)
    for portfolio, by_day in portfolios.items():
        yield from _portfolio(portfolio, by_day, prices)


def _portfolio(portfolio: str, by_day: dict[int, list[dict]], prices: Prices) -> Iterator[dict[str, Any]]:
    cash = previous_value = previous_unrealised = Decimal(0)
    shares: dict[str, Decimal] = defaultdict(Decimal)
    costs: dict[str, Decimal] = defaultdict(Decimal)
    for index in range(min(by_day), len(prices.days)):
        day = {"flow": Decimal(0), "realised": Decimal(0), "transferred": Decimal(0), "income": Decimal(0)}
        day["expense"] = Decimal(0)
        entries = sorted(by_day[index], key=lambda r: (r["trade_date"], r["executed_at"], r["transaction_id"]))
        for row in entries:
            cash += row["net_amount"]
            _apply(row, index, prices, shares, costs, day)
        held = {symbol: quantity for symbol, quantity in shares.items() if quantity}
        quoted = {symbol: prices.at(symbol, index) for symbol in held}
        missing = sum(close is None for close, _, _ in quoted.values())
        positions = value = unrealised = None
        cost = sum((costs[symbol] for symbol in held), Decimal(0))
        if not missing:
            positions = cents(sum((Fraction(held[s]) * Fraction(quoted[s][0]) for s in held), Fraction(0)))
            value, unrealised = cash + positions, positions - cost
        flow = day["flow"]
        invested = None if previous_value is None or flow is None else previous_value + flow
        performance = None
        if value is not None and invested is not None and invested > 0:
            ratio = Fraction(value) / Fraction(invested)
            performance = Decimal((ratio * 10**8 + Fraction(1, 2)) // 1) / 10**8 - 1
        change = None if unrealised is None or previous_unrealised is None else unrealised - previous_unrealised
        yield {
            "portfolio_id": portfolio,
            "trading_day": prices.days[index],
            "cash": cash,
            "positions_value": positions,
            "market_value": value,
            "net_external_flow": flow,
            "cost_basis": cost,
            "unrealised_gain": unrealised,
            "unrealised_change": None if change is None else change + day["transferred"],
            "transferred_gain": day["transferred"],
            "realised_gain": day["realised"],
            "income": day["income"],
            "expense": day["expense"],
            "daily_return": performance,
            "position_count": len(held),
            "transaction_count": len(entries),
            "prices_missing": missing,
            "price_stale_days": max((age for _, _, age in quoted.values() if age is not None), default=None),
        }
        previous_value, previous_unrealised = value, unrealised


def _apply(row: dict, index: int, prices: Prices, shares: dict, costs: dict, day: dict) -> None:
    kind, symbol = row["type"], row.get("symbol")
    if kind in ("deposit", "withdrawal"):
        if day["flow"] is not None:
            day["flow"] += row["net_amount"]
    elif kind == "dividend":
        day["income"] += row["net_amount"]
    elif kind == "fee":
        day["expense"] -= row["net_amount"]
    elif kind == "buy":
        shares[symbol] += row["quantity"]
        costs[symbol] -= row["net_amount"]
    elif kind == "sell":
        day["realised"] += row["net_amount"] - _take_out(symbol, -row["quantity"], shares, costs)
    else:
        close, last, _ = prices.at(symbol, index - 1) if index else (None, None, None)
        today = prices.at(symbol, index)[0]
        price = next((p for p in (close, last, row["price"], today) if p is not None), Decimal(0))
        value = cents(Fraction(row["quantity"]) * Fraction(price))
        if close is None:
            day["flow"] = None
        elif day["flow"] is not None:
            day["flow"] += value
        if kind == "transfer_in":
            shares[symbol] += row["quantity"]
            costs[symbol] += value
        else:
            day["transferred"] += -value - _take_out(symbol, -row["quantity"], shares, costs)


def _take_out(symbol: str, quantity: Decimal, shares: dict, costs: dict) -> Decimal:
    """Removes shares at average cost; the last ones take all that is left."""
    if quantity == shares[symbol]:
        removed = costs[symbol]
    else:
        removed = cents(Fraction(costs[symbol]) * Fraction(quantity) / Fraction(shares[symbol]))
    shares[symbol] -= quantity
    costs[symbol] -= removed
    return removed


def random_history(random, days: list[date], symbols: list[str]) -> tuple[list[dict], list[dict]]:
    """Bars with gaps, and plausible transactions on any calendar day, corrections included."""
    from datetime import timedelta

    from silver_lake import bar, transaction

    bars = []
    for symbol in symbols:
        price = Decimal(random.randint(1_000, 30_000)) / 100
        silent = range(*sorted(random.sample(range(len(days)), 2))) if random.random() < 0.5 else ()
        if symbol == symbols[0]:
            silent = range(8, 8 + STALE_AFTER + 4)
        for index, day in enumerate(days):
            price = max(Decimal("0.5"), price + Decimal(random.randint(-200, 200)) / 1000)
            if index in silent or random.random() < 0.08:
                continue
            bars.append(bar(symbol, day, str(price)))
    rows: list[dict] = []
    for portfolio in ("P1", "P2", "P3"):
        cash = Decimal(0)
        held: dict[str, Decimal] = defaultdict(Decimal)
        for step in range((days[-1] - days[0]).days + 3):
            day = days[0] + timedelta(days=step)
            for _ in range(random.randint(0, 3)):
                kind = random.choice(KINDS)
                symbol = random.choice(symbols)
                columns: dict[str, Any] = {"portfolio_id": portfolio, "client_id": f"C{portfolio}"}
                if kind in ("buy", "transfer_in"):
                    quantity = Decimal(random.randint(1, 500_000)) / 10_000
                elif kind in ("sell", "transfer_out"):
                    quantity = -min(held[symbol], Decimal(random.randint(1, 500_000)) / 10_000)
                    if not quantity:
                        continue
                if kind in ("buy", "sell"):
                    price = Decimal(random.randint(1_000, 30_000)) / 100
                    columns |= {"symbol": symbol, "quantity": quantity, "price": price, "fee": "1.25"}
                elif kind.startswith("transfer"):
                    columns |= {"symbol": symbol, "quantity": quantity}
                else:
                    sign = -1 if kind in ("withdrawal", "fee") else 1
                    columns["net"] = sign * Decimal(random.randint(100, 100_000)) / 100
                row = transaction(f"{portfolio}-{len(rows):05}", kind, day, **columns)
                row["executed_at"] += timedelta(seconds=len(rows) % 7_000)
                cash += row["net_amount"]
                if row["quantity"] is not None:
                    held[symbol] += row["quantity"]
                rows.append(row)
                if kind in ("deposit", "dividend", "buy", "withdrawal", "fee") and random.random() < 0.1:
                    rows.append(_correction(random, row))
                    if kind == "buy":
                        held[symbol] += rows[-1]["quantity"] - row["quantity"]
    random.shuffle(rows)
    return bars, rows


def _correction(random, row: dict) -> dict:
    """A later version: more shares, another amount, or (never for shares) cancelled."""
    from datetime import timedelta

    later = {**row, "updated_at": row["updated_at"] + timedelta(days=random.randint(1, 5))}
    if row["type"] == "buy":
        quantity = row["quantity"] + 1
        gross = (quantity * row["price"]).quantize(CENT, ROUND_HALF_UP)
        return {**later, "quantity": quantity, "gross_amount": gross, "net_amount": -(gross + row["fee"])}
    if random.random() < 0.5:
        return {**later, "status": "cancelled"}
    return {**later, "net_amount": row["net_amount"] * 2}
