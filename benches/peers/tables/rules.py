"""The rules of rules.touch as conditions over one row a user, by falling priority, and what both programs know of them.

`dN` is the moment N days ago on the user's clocks, `y1` a year ago, `h4` four hours ago; `today` is the date there."""

import datetime
import zoneinfo

NOW = datetime.datetime(2026, 3, 5, 2, tzinfo=datetime.timezone.utc)
ZONE = "Asia/Shanghai"
DAYS = [1, 2, 3, 5, 7, 10, 14, 21, 25, 30, 60, 90, 180]
CHANNELS = ["push", "wechat", "sms", "email"]
COUPONS = ["gold_coupon", "price_coupon", "welcome_gift", "second_order_coupon"]

LAPSED = "last_order <= d60"
CONTENTED = "(last_complaint IS NULL OR last_complaint <= d90)"

# Name, channel, whether it is a coupon, and when it is due.
RULES = [
    ("now_complaint_follow_up", "sms", False, "last_severe_complaint > h4"),
    ("now_birthday", "wechat", False, "birth_month = this_month AND birth_day = this_day"),
    ("now_thank_for_friend", "wechat", False, "last_friend_joined > d1"),
    ("now_gold_quiet", "push", True, "last_order <= d30 AND tier = 'gold'"),
    ("now_winback_service", "wechat", False, f"{LAPSED} AND left_because IN ('service', 'safety')"),
    ("now_winback_price", "sms", True, f"{LAPSED} AND left_because = 'price'"),
    ("now_welcome", "push", True, "signup_at <= d7 AND signup_at > d10 AND last_order IS NULL"),
    ("now_vip_invitation", "sms", False, f"spent_1y >= 2000 AND tier <> 'diamond' AND {CONTENTED}"),
    ("now_points_expiring", "wechat", False, "points >= 500 AND points_expire_on >= today AND points_expire_on <= in_14_days"),
    ("now_cart_abandoned", "push", False, "last_full_cart > d2 AND (last_order IS NULL OR last_order <= d1)"),
    ("now_second_order", "push", True, "orders = 1 AND last_order <= d10"),
    ("now_refill", "wechat", False, "last_milk <= d25 AND milk_180 >= 2"),
    ("now_members_day", "push", False, "tier IN ('gold', 'diamond') AND last_visit > d30"),
    ("now_next_tier", "wechat", False, "tier = 'silver' AND orders_90 >= 2 AND spent_90 >= 500"),
    ("now_delivery_survey", "email", False, "last_delivery > d5 AND last_delivery <= d3"),
    ("now_store_event", "wechat", False, "city IN ('上海', '北京', '广州', 'Paris') AND last_order > d90"),
    ("now_browsers", "push", False, "visits_14 >= 3 AND (last_order IS NULL OR last_order <= d14)"),
    ("now_invite_friends", "email", False, f"orders_180 >= 4 AND last_order > d30 AND {CONTENTED} AND last_score >= 8"),
    ("now_app_inactive", "push", False, "last_visit <= d21"),
    ("now_newsletter", "email", False, f"wants_news AND {CONTENTED}"),
]


def clocks(zones):
    """For each zone the moments that conditions and caps look back to: columns of values."""
    rows = []
    for name in sorted(zones):
        zone = zoneinfo.ZoneInfo(name)
        local = NOW.astimezone(zone).replace(tzinfo=None)

        def moment(civil):
            return civil.replace(tzinfo=zone).astimezone(datetime.timezone.utc)

        row = {"zone": name, "h4": NOW - datetime.timedelta(hours=4)}
        row |= {f"d{days}": moment(local - datetime.timedelta(days=days)) for days in DAYS}
        row["y1"] = moment(local.replace(year=local.year - 1))
        row["midnight"] = moment(local.replace(hour=0, minute=0, second=0, microsecond=0))
        row["today"] = local.date()
        row["in_14_days"] = local.date() + datetime.timedelta(days=14)
        row |= {"this_month": local.month, "this_day": local.day}
        rows.append(row)
    return rows
