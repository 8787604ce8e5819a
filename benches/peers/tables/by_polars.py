"""Decides who is sent what now, with Polars over Parquet tables: by_polars.py FOLDER OUT"""

import os
import sys

os.environ["POLARS_MAX_THREADS"] = "2"

import polars as pl  # noqa: E402

from rules import CHANNELS, COUPONS, RULES, ZONE, clocks  # noqa: E402


def main(folder, out):
    tables = {name: pl.scan_parquet(f"{folder}/parquet/{name}.parquet") for name in ["users", "events", "contacts"]}
    at = pl.col("at")
    zones = tables["users"].select(pl.col("timezone").fill_null(ZONE).unique()).collect()["timezone"]
    looks_back = pl.LazyFrame(clocks(zones)).with_columns(
        pl.selectors.datetime(time_zone="*").dt.cast_time_unit("us"), pl.col("this_month", "this_day").cast(pl.Int8)
    )
    people = (
        tables["users"]
        .with_columns(zone=pl.col("timezone").fill_null(ZONE))
        .join(looks_back, on="zone")
        .with_columns(
            birth_month=pl.col("birthday").dt.month(),
            birth_day=pl.col("birthday").dt.day(),
            push=pl.col("addresses.push"),
            wechat=pl.col("addresses.wechat"),
            sms=pl.col("consent.sms").fill_null(False) & pl.col("addresses.sms"),
            email=pl.col("consent.email").fill_null(False) & pl.col("addresses.email"),
        )
    )
    moments = looks_back.collect_schema().names()
    own = people.select("id", *[name for name in moments if name != "zone"])

    def last(kind):
        return at.filter(kind).max()

    def since(kind, moment):
        return (kind & (at > pl.col(moment))).sum()

    kind = pl.col("type")
    order, visit, complaint = kind == "order", kind == "visit", kind == "complaint"
    milk = order & (pl.col("category") == "milk")
    amount = pl.col("amount")
    done = (
        tables["events"]
        .join(own.select("id", "d14", "d90", "d180", "y1"), left_on="user", right_on="id")
        .group_by("user")
        .agg(
            last_order=last(order),
            orders=order.sum(),
            orders_90=since(order, "d90"),
            orders_180=since(order, "d180"),
            spent_90=amount.filter(order & (at > pl.col("d90"))).sum(),
            spent_1y=amount.filter(order & (at > pl.col("y1"))).sum(),
            last_milk=last(milk),
            milk_180=since(milk, "d180"),
            last_visit=last(visit),
            visits_14=since(visit, "d14"),
            last_complaint=last(complaint),
            last_severe_complaint=last(complaint & (pl.col("severity") >= 2)),
            last_full_cart=last((kind == "cart") & (amount >= 50)),
            last_delivery=last(kind == "delivery"),
            last_friend_joined=last(kind == "friend_joined"),
        )
    )
    told = (
        tables["contacts"]
        .join(own.select("id", "d7", "d30", "midnight"), left_on="user", right_on="id")
        .group_by("user")
        .agg(
            *[((pl.col("channel") == one) & (at >= pl.col("midnight"))).any().alias(f"told_{one}") for one in CHANNELS],
            told_7=(at > pl.col("d7")).sum(),
            told_coupon=(pl.col("message").is_in(COUPONS) & (at > pl.col("d30"))).any(),
        )
    )
    known = people.join(done, left_on="id", right_on="user", how="left").join(
        told, left_on="id", right_on="user", how="left"
    )
    numbered = list(enumerate(RULES, 1))
    state = known.select(
        "id",
        *[pl.sql_expr(when).fill_null(False).alias(f"due_{number}") for number, (_, _, _, when) in numbered],
        *[pl.col(one) & ~pl.col(f"told_{one}").fill_null(False) for one in CHANNELS],
        room=3 - pl.col("told_7").fill_null(0).cast(pl.Int32),
        coupon=~pl.col("told_coupon").fill_null(False),
    )
    # One rule after the other: what is sent takes its place under the caps.
    for number, (_, channel, is_coupon, _) in numbered:
        goes = pl.col(f"due_{number}") & pl.col(channel) & (pl.col("room") > 0)
        state = state.with_columns((goes & pl.col("coupon") if is_coupon else goes).alias(f"sent_{number}"))
        sent = pl.col(f"sent_{number}")
        taken = {channel: pl.col(channel) & ~sent, "room": pl.col("room") - sent.cast(pl.Int32)}
        if is_coupon:
            taken["coupon"] = pl.col("coupon") & ~sent
        state = state.with_columns(**taken)
    sent = [
        state.filter(f"sent_{number}").select("id", rule=pl.lit(name), channel=pl.lit(channel))
        for number, (name, channel, _, _) in numbered
    ]
    pl.concat(sent).collect().write_csv(out, include_header=False)


main(*sys.argv[1:])
