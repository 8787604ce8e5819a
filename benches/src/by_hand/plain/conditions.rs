//! The twenty rules, a function each.

use super::{
    super::{
        civil::{date_of, day_of, is_leap},
        due::Who,
        placing::Placer,
        rules,
        spells::{Spell, at_least, both, spent},
        touch::on,
    },
    customer::{Customer, Kind},
};
use crate::users::NOW_SECOND;

/// Other numbers for the same rules, and few customers for whom they hold: what makes many rules of twenty. The first is
/// the rules as they are.
pub(super) struct Variation {
    number: i64,
    store: Option<String>,
}

impl Variation {
    pub(super) fn new(number: usize) -> Self {
        let store = (number > 0).then(|| format!("S{number:04}"));
        Self { number: number as i64, store }
    }

    fn days(&self, days: i64) -> i64 {
        days + self.number % 13
    }

    fn amount(&self, cents: i64) -> i64 {
        cents + 1_000 * (self.number % 17)
    }

    /// Asked first by some rules and last by others, as authors do.
    fn is_for(&self, customer: &Customer<'_>) -> bool {
        self.store.as_ref().is_none_or(|store| *store == customer.attributes.store)
    }
}

pub(super) type Rule = fn(&Customer<'_>, &Who<'_>, &Variation, &mut Placer);

pub(super) const RULES: [Rule; 20] = [
    gold_quiet,
    winback_price,
    winback_service,
    welcome,
    birthday,
    members_day,
    refill,
    complaint_follow_up,
    browsers,
    cart_abandoned,
    invite_friends,
    thank_for_friend,
    delivery_survey,
    points_expiring,
    app_inactive,
    next_tier,
    vip_invitation,
    second_order,
    store_event,
    newsletter,
];

/// From so many days after the last one on, for ever.
fn quiet(customer: &Customer<'_>, who: &Who<'_>, kind: Kind, days: i64) -> Option<Spell> {
    Some((who.clock.add_days(customer.last(kind)?, days), i64::MAX))
}

fn gold_quiet(customer: &Customer<'_>, who: &Who<'_>, variation: &Variation, placer: &mut Placer) {
    if customer.attributes.tier != "gold" {
        return;
    }
    if variation.is_for(customer) {
        placer.begun(who, variation.days(30));
    }
    if let Some((start, end)) = quiet(customer, who, Kind::Order, variation.days(30))
        && variation.is_for(customer)
    {
        placer.spell(who, rules::GOLD_QUIET, start, end);
    }
}

fn winback_price(customer: &Customer<'_>, who: &Who<'_>, variation: &Variation, placer: &mut Placer) {
    let life = (who.clock.instant(on(day_of(2026, 3, 1), 0)), who.clock.instant(on(day_of(2026, 6, 1), 0)));
    if let Some(spell) = quiet(customer, who, Kind::Order, variation.days(60))
        && customer.attributes.left_because == "price"
        && let Some((start, end)) = both(spell, life)
        && variation.is_for(customer)
    {
        placer.spell(who, rules::WINBACK_PRICE, start, end);
    }
}

fn winback_service(customer: &Customer<'_>, who: &Who<'_>, variation: &Variation, placer: &mut Placer) {
    if let Some((start, end)) = quiet(customer, who, Kind::Order, variation.days(60))
        && matches!(&*customer.attributes.left_because, "service" | "safety")
        && variation.is_for(customer)
    {
        placer.spell(who, rules::WINBACK_SERVICE, start, end);
    }
}

fn welcome(customer: &Customer<'_>, who: &Who<'_>, variation: &Variation, placer: &mut Placer) {
    if variation.is_for(customer)
        && let Some(signup) = customer.attributes.signup_at
        && customer.last(Kind::Order).is_none()
    {
        let day = who.clock.day(signup) + variation.days(7);
        placer.date(who, rules::WELCOME, on(day, 10), i64::MAX);
    }
}

fn birthday(customer: &Customer<'_>, who: &Who<'_>, variation: &Variation, placer: &mut Placer) {
    let Some(birthday) = customer.attributes.birthday else { return };
    if !variation.is_for(customer) {
        return;
    }
    let (born, month, day) = date_of(birthday);
    let (this_year, _, _) = date_of(who.clock.day(NOW_SECOND));
    for year in [this_year - 1, this_year, this_year + 1] {
        let day = if (month, day) == (2, 29) && !is_leap(year) { 28 } else { day };
        if year >= born {
            placer.date(who, rules::BIRTHDAY, on(day_of(year, month, day), 9), i64::MAX);
        }
    }
}

fn members_day(customer: &Customer<'_>, who: &Who<'_>, variation: &Variation, placer: &mut Placer) {
    if !matches!(&*customer.attributes.tier, "gold" | "diamond") || !variation.is_for(customer) {
        return;
    }
    let Some(visit) = customer.last(Kind::Visit) else { return };
    let end = who.clock.add_days(visit, variation.days(30));
    for day in [day_of(2026, 3, 8), day_of(2026, 3, 18)] {
        if who.clock.instant(on(day, 10)) < end {
            placer.date(who, rules::MEMBERS_DAY, on(day, 10), end);
        }
    }
}

fn refill(customer: &Customer<'_>, who: &Who<'_>, variation: &Variation, placer: &mut Placer) {
    let milk: Vec<i64> =
        customer.all(Kind::Order).filter(|order| order.category == "milk").map(|order| order.at).collect();
    if let Some(last) = milk.last()
        && let Some(often) = at_least(who.clock, &milk, 2, variation.days(180))
        && let Some((start, end)) = both((who.clock.add_days(*last, variation.days(25)), i64::MAX), often)
        && variation.is_for(customer)
    {
        placer.spell(who, rules::REFILL, start, end);
    }
}

fn complaint_follow_up(customer: &Customer<'_>, who: &Who<'_>, variation: &Variation, placer: &mut Placer) {
    let severe: Vec<_> = customer.all(Kind::Complaint).filter(|complaint| complaint.severity >= 2).collect();
    for (index, complaint) in severe.iter().enumerate() {
        if variation.is_for(customer) {
            let next = severe.get(index + 1).map_or(i64::MAX, |next| next.at);
            let at = complaint.at;
            placer.event(who, rules::COMPLAINT_FOLLOW_UP, complaint.id.as_bytes(), (at, next), at);
        }
    }
}

fn browsers(customer: &Customer<'_>, who: &Who<'_>, variation: &Variation, placer: &mut Placer) {
    let visits: Vec<i64> = customer.all(Kind::Visit).map(|visit| visit.at).collect();
    let no_order = quiet(customer, who, Kind::Order, variation.days(14)).unwrap_or((i64::MIN, i64::MAX));
    if let Some(spell) = at_least(who.clock, &visits, 3, variation.days(14))
        && let Some((start, end)) = both(spell, no_order)
        && variation.is_for(customer)
    {
        placer.spell(who, rules::BROWSERS, start, end);
    }
}

fn cart_abandoned(customer: &Customer<'_>, who: &Who<'_>, variation: &Variation, placer: &mut Placer) {
    if !variation.is_for(customer) {
        return;
    }
    let least = variation.amount(5_000);
    let carts: Vec<_> = customer.all(Kind::Cart).filter(|cart| cart.cents >= least).collect();
    let order = customer.last(Kind::Order).map(|at| who.clock.add_days(at, 1));
    for (index, cart) in carts.iter().enumerate() {
        let due = cart.at + 2 * 3_600;
        if order.is_none_or(|over| over <= due) {
            let next = carts.get(index + 1).map_or(i64::MAX, |next| next.at);
            placer.event(who, rules::CART_ABANDONED, cart.id.as_bytes(), (cart.at, next), due);
        }
    }
}

/// Since when there has been nothing to complain about.
fn contented(customer: &Customer<'_>, who: &Who<'_>, days: i64) -> Spell {
    quiet(customer, who, Kind::Complaint, days).unwrap_or((i64::MIN, i64::MAX))
}

fn invite_friends(customer: &Customer<'_>, who: &Who<'_>, variation: &Variation, placer: &mut Placer) {
    let orders: Vec<i64> = customer.all(Kind::Order).map(|order| order.at).collect();
    if let Some(many) = at_least(who.clock, &orders, 4, variation.days(180))
        && let Some(lately) = at_least(who.clock, &orders, 1, variation.days(30))
        && let Some(spell) = both(many, lately)
        && let Some((start, end)) = both(spell, contented(customer, who, variation.days(90)))
        && customer.attributes.last_score.is_some_and(|score| score >= 8)
        && variation.is_for(customer)
    {
        placer.spell(who, rules::INVITE_FRIENDS, start, end);
    }
}

fn thank_for_friend(customer: &Customer<'_>, who: &Who<'_>, variation: &Variation, placer: &mut Placer) {
    if !variation.is_for(customer) {
        return;
    }
    let friends: Vec<_> = customer.all(Kind::FriendJoined).collect();
    for (index, friend) in friends.iter().enumerate() {
        let next = friends.get(index + 1).map_or(i64::MAX, |next| next.at);
        placer.event(who, rules::THANK_FOR_FRIEND, friend.id.as_bytes(), (friend.at, next), friend.at);
    }
}

fn delivery_survey(customer: &Customer<'_>, who: &Who<'_>, variation: &Variation, placer: &mut Placer) {
    if !variation.is_for(customer) {
        return;
    }
    let deliveries: Vec<_> = customer.all(Kind::Delivery).collect();
    for (index, delivery) in deliveries.iter().enumerate() {
        let next = deliveries.get(index + 1).map_or(i64::MAX, |next| next.at);
        let due = who.clock.add_days(delivery.at, variation.days(3));
        placer.event(who, rules::DELIVERY_SURVEY, delivery.id.as_bytes(), (delivery.at, next), due);
    }
}

fn points_expiring(customer: &Customer<'_>, who: &Who<'_>, variation: &Variation, placer: &mut Placer) {
    if let Some(day) = customer.attributes.points_expire_on
        && customer.attributes.points.is_some_and(|points| points >= variation.amount(50_000) / 100)
        && variation.is_for(customer)
    {
        placer.date(who, rules::POINTS_EXPIRING, on(day - variation.days(14), 10), i64::MAX);
    }
}

fn app_inactive(customer: &Customer<'_>, who: &Who<'_>, variation: &Variation, placer: &mut Placer) {
    if let Some((start, end)) = quiet(customer, who, Kind::Visit, variation.days(21))
        && variation.is_for(customer)
    {
        placer.spell(who, rules::APP_INACTIVE, start, end);
    }
}

fn orders(customer: &Customer<'_>) -> Vec<(i64, i64)> {
    customer.all(Kind::Order).map(|order| (order.at, order.cents)).collect()
}

fn next_tier(customer: &Customer<'_>, who: &Who<'_>, variation: &Variation, placer: &mut Placer) {
    if customer.attributes.tier != "silver" {
        return;
    }
    let days = variation.days(90);
    let orders = orders(customer);
    let times: Vec<i64> = orders.iter().map(|(at, _)| *at).collect();
    if let Some(two) = at_least(who.clock, &times, 2, days)
        && let Some(enough) = spent(&orders, variation.amount(50_000), |at| who.clock.add_days(at, days))
        && let Some((start, end)) = both(two, enough)
        && variation.is_for(customer)
    {
        placer.spell(who, rules::NEXT_TIER, start, end);
    }
}

fn vip_invitation(customer: &Customer<'_>, who: &Who<'_>, variation: &Variation, placer: &mut Placer) {
    let least = variation.amount(200_000);
    if let Some(enough) = spent(&orders(customer), least, |at| who.clock.add_year(at))
        && customer.attributes.tier != "diamond"
        && let Some((start, end)) = both(enough, contented(customer, who, variation.days(90)))
        && variation.is_for(customer)
    {
        placer.spell(who, rules::VIP_INVITATION, start, end);
    }
}

fn second_order(customer: &Customer<'_>, who: &Who<'_>, variation: &Variation, placer: &mut Placer) {
    if customer.all(Kind::Order).count() == 1
        && let Some((start, end)) = quiet(customer, who, Kind::Order, variation.days(10))
        && variation.is_for(customer)
    {
        placer.spell(who, rules::SECOND_ORDER, start, end);
    }
}

fn store_event(customer: &Customer<'_>, who: &Who<'_>, variation: &Variation, placer: &mut Placer) {
    let at = on(day_of(2026, 3, 7), 10);
    if matches!(&*customer.attributes.city, "上海" | "北京" | "广州" | "Paris")
        && let Some(last) = customer.last(Kind::Order)
        && variation.is_for(customer)
    {
        let end = who.clock.add_days(last, variation.days(90));
        if who.clock.instant(at) < end {
            placer.date(who, rules::STORE_EVENT, at, end);
        }
    }
}

fn newsletter(customer: &Customer<'_>, who: &Who<'_>, variation: &Variation, placer: &mut Placer) {
    // The only Monday within the horizon.
    let at = on(day_of(2026, 3, 9), 10);
    if variation.is_for(customer)
        && customer.attributes.wants_news
        && contented(customer, who, variation.days(90)).0 <= who.clock.instant(at)
    {
        placer.date(who, rules::NEWSLETTER, at, i64::MAX);
    }
}
