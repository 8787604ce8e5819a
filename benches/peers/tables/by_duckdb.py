"""Decides who is sent what now, with DuckDB: by_duckdb.py (lines|parquet) FOLDER OUT"""

import sys

import duckdb

from rules import CHANNELS, COUPONS, DAYS, NOW, RULES, ZONE

LINES = """
CREATE TEMP TABLE users AS
SELECT id, coalesce(timezone, '{zone}') AS zone, attributes.*, consent, addresses, events, contacts
FROM read_json('{folder}/users.jsonl', format = 'newline_delimited', columns = {{
  id: 'VARCHAR', timezone: 'VARCHAR',
  attributes: 'STRUCT(tier VARCHAR, city VARCHAR, birthday DATE, signup_at TIMESTAMPTZ, points INTEGER,
    points_expire_on DATE, left_because VARCHAR, wants_news BOOLEAN, last_score INTEGER)',
  consent: 'STRUCT(sms BOOLEAN, email BOOLEAN)',
  addresses: 'STRUCT(push BOOLEAN, wechat BOOLEAN, sms BOOLEAN, email BOOLEAN)',
  events: 'STRUCT("type" VARCHAR, "at" TIMESTAMPTZ, amount DECIMAL(9, 2), category VARCHAR, severity INTEGER)[]',
  contacts: 'STRUCT("at" TIMESTAMPTZ, channel VARCHAR, message VARCHAR)[]'
}});
CREATE TEMP VIEW people AS
SELECT * EXCLUDE (events, contacts, consent, addresses),
  addresses IS NULL OR coalesce(addresses.push, false) AS has_push,
  addresses IS NULL OR coalesce(addresses.wechat, false) AS has_wechat,
  coalesce(consent.sms, false) AND (addresses IS NULL OR coalesce(addresses.sms, false)) AS has_sms,
  coalesce(consent.email, false) AND (addresses IS NULL OR coalesce(addresses.email, false)) AS has_email
FROM users;
CREATE TEMP VIEW events AS SELECT id AS user, zone, unnest(events, recursive := true) FROM users;
CREATE TEMP VIEW contacts AS SELECT id AS user, zone, unnest(contacts, recursive := true) FROM users;
"""

PARQUET = """
CREATE TEMP VIEW people AS
SELECT id, coalesce(timezone, '{zone}') AS zone, tier, city, birthday, signup_at, points, points_expire_on, left_because, wants_news,
  last_score, "addresses.push" AS has_push, "addresses.wechat" AS has_wechat,
  coalesce("consent.sms", false) AND "addresses.sms" AS has_sms,
  coalesce("consent.email", false) AND "addresses.email" AS has_email
FROM '{folder}/parquet/users.parquet';
CREATE TEMP VIEW events AS
SELECT done.*, zone FROM '{folder}/parquet/events.parquet' AS done JOIN people ON people.id = user;
CREATE TEMP VIEW contacts AS
SELECT told.*, zone FROM '{folder}/parquet/contacts.parquet' AS told JOIN people ON people.id = user;
"""

CLOCKS = """
CREATE TEMP TABLE clocks AS
SELECT zone, now - INTERVAL 4 HOURS AS h4, {days}, timezone(zone, local - INTERVAL 1 YEAR) AS y1,
  timezone(zone, date_trunc('day', local)) AS midnight, local::DATE AS today, local::DATE + 14 AS in_14_days,
  month(local) AS this_month, day(local) AS this_day
FROM (SELECT zone, now, timezone(zone, now) AS local
      FROM (SELECT DISTINCT zone, TIMESTAMPTZ '{now}' AS now FROM people));
"""

DECIDE = """
COPY (
WITH done AS (
  SELECT user,
    max("at") FILTER (type = 'order') AS last_order,
    count(*) FILTER (type = 'order') AS orders,
    count(*) FILTER (type = 'order' AND "at" > d90) AS orders_90,
    count(*) FILTER (type = 'order' AND "at" > d180) AS orders_180,
    sum(amount) FILTER (type = 'order' AND "at" > d90) AS spent_90,
    sum(amount) FILTER (type = 'order' AND "at" > y1) AS spent_1y,
    max("at") FILTER (type = 'order' AND category = 'milk') AS last_milk,
    count(*) FILTER (type = 'order' AND category = 'milk' AND "at" > d180) AS milk_180,
    max("at") FILTER (type = 'visit') AS last_visit,
    count(*) FILTER (type = 'visit' AND "at" > d14) AS visits_14,
    max("at") FILTER (type = 'complaint') AS last_complaint,
    max("at") FILTER (type = 'complaint' AND severity >= 2) AS last_severe_complaint,
    max("at") FILTER (type = 'cart' AND amount >= 50) AS last_full_cart,
    max("at") FILTER (type = 'delivery') AS last_delivery,
    max("at") FILTER (type = 'friend_joined') AS last_friend_joined
  FROM events JOIN clocks USING (zone) GROUP BY user
), told AS (
  SELECT user, {told},
    count(*) FILTER ("at" > d7) AS told_7,
    coalesce(bool_or(message IN ({coupons}) AND "at" > d30), false) AS told_coupon
  FROM contacts JOIN clocks USING (zone) GROUP BY user
), known AS (
  SELECT *, month(birthday) AS birth_month, day(birthday) AS birth_day
  FROM people JOIN clocks USING (zone) LEFT JOIN done ON done.user = id LEFT JOIN told ON told.user = id
), step_0 AS (
  SELECT id, {due}, {open}, 3 - coalesce(told_7, 0) AS room, NOT coalesce(told_coupon, false) AS coupon FROM known
){steps}
SELECT id, sent.rule, sent.channel
FROM (SELECT id, unnest([{sent}]) AS sent FROM step_{last}) WHERE sent IS NOT NULL
) TO '{out}' (HEADER false);
"""


def step(number, channel, is_coupon):
    """One rule after the other: what is sent takes its place under the caps."""
    goes = f"due_{number} AND {channel} AND room > 0" + (" AND coupon" if is_coupon else "")
    takes = f"{channel} AND NOT sent_{number} AS {channel}, room - sent_{number}::INTEGER AS room"
    takes += f", coupon AND NOT sent_{number} AS coupon" if is_coupon else ""
    before = f"(SELECT *, {goes} AS sent_{number} FROM step_{number - 1})"
    return f", step_{number} AS (SELECT * REPLACE ({takes}) FROM {before})"


def main(source, folder, out):
    numbered = list(enumerate(RULES, 1))
    database = duckdb.connect()
    database.execute("SET threads = 2; SET preserve_insertion_order = false")
    database.execute((LINES if source == "lines" else PARQUET).format(folder=folder, zone=ZONE))
    days = ", ".join(f"timezone(zone, local - INTERVAL {days} DAYS) AS d{days}" for days in DAYS)
    database.execute(CLOCKS.format(days=days, now=NOW.isoformat()))
    decide = DECIDE.format(
        told=", ".join(f"bool_or(channel = '{one}' AND \"at\" >= midnight) AS told_{one}" for one in CHANNELS),
        coupons=", ".join(f"'{coupon}'" for coupon in COUPONS),
        due=", ".join(f"coalesce({when}, false) AS due_{number}" for number, (_, _, _, when) in numbered),
        open=", ".join(f"has_{one} AND NOT coalesce(told_{one}, false) AS {one}" for one in CHANNELS),
        steps="".join(step(number, channel, is_coupon) for number, (_, channel, is_coupon, _) in numbered),
        sent=", ".join(
            f"CASE WHEN sent_{number} THEN {{'rule': '{name}', 'channel': '{channel}'}} END"
            for number, (name, channel, _, _) in numbered
        ),
        last=len(RULES),
        out=out,
    )
    database.execute(decide)


main(*sys.argv[1:])
