//! The twenty rules over what was read.

use super::{
    super::{
        civil::{date_of, day_of, is_leap},
        due::Who,
        placing::Placer,
        rules::*,
        spells::{Spell, at_least, both, spent},
        touch::on,
    },
    person::{Happening, Left, Moments, Person, Tier},
};
use crate::users::{DAY, NOW_SECOND as NOW};

/// The end of the horizon, and two days for zones and changes of clocks.
const END: i64 = NOW + 9 * DAY;

/// Which rules could be due, as bits: all that are, and few others. Nothing here looks at a clock.
pub(super) fn may_be_due(person: &Person, moments: &Moments) -> u32 {
    let mut due = 0;
    let mut mark = |rule: usize, may_be: bool| due |= u32::from(may_be) << rule;
    let before = |at: Option<i64>, days: i64| at.is_some_and(|at| at < END - days * DAY);
    let since = |at: Option<i64>, days: i64| at.is_some_and(|at| at > NOW - days * DAY);
    let nth_last = |times: &[i64], n: usize| times.len().checked_sub(n).map(|place| times[place]);
    let (order, visit) = (person.order_times.last().copied(), person.visits.last().copied());
    let is_contented = person.last_complaint.is_none_or(|at| at < END - 89 * DAY);
    let is_gold = person.tier == Tier::Gold;
    let last = |happenings: &[Happening]| happenings.last().map(|happening| happening.at);

    mark(GOLD_QUIET, is_gold && (before(order, 29) || order.is_some() && !person.contacts.is_empty()));
    mark(WINBACK_PRICE, person.left == Left::Price && before(order, 59));
    mark(WINBACK_SERVICE, person.left == Left::Service && before(order, 59));
    mark(WELCOME, order.is_none() && since(person.signup_at, 13) && before(person.signup_at, 5));
    mark(BIRTHDAY, person.birthday.is_some_and(|born| moments.may_have_birthday(born)));
    mark(MEMBERS_DAY, (is_gold || person.tier == Tier::Diamond) && since(visit, 32));
    let milk = person.milk.last().copied();
    mark(REFILL, before(milk, 24) && since(nth_last(&person.milk, 2), 182));
    mark(COMPLAINT_FOLLOW_UP, since(last(&person.complaints), 1));
    mark(BROWSERS, since(nth_last(&person.visits, 3), 16) && (order.is_none() || before(order, 13)));
    mark(CART_ABANDONED, since(last(&person.carts), 3));
    let score = person.last_score.is_some_and(|score| score >= 8);
    let many = since(nth_last(&person.order_times, 4), 182);
    mark(INVITE_FRIENDS, score && many && since(order, 32) && is_contented);
    mark(THANK_FOR_FRIEND, since(last(&person.friends), 3));
    mark(DELIVERY_SURVEY, since(last(&person.deliveries), 9));
    let today = NOW.div_euclid(DAY);
    let expiring = person.points_expire_on.is_some_and(|day| (today + 10..today + 25).contains(&day));
    mark(POINTS_EXPIRING, expiring && person.points.is_some_and(|points| points >= 500));
    mark(APP_INACTIVE, before(visit, 20) && since(visit, 29));
    let spent = |orders: usize| -> i64 {
        let from = person.orders.len().saturating_sub(orders);
        person.orders[from..].iter().map(|order| order.cents).sum()
    };
    let two = since(nth_last(&person.order_times, 2), 92);
    mark(NEXT_TIER, person.tier == Tier::Silver && two && spent(usize::MAX) >= 50_000);
    mark(VIP_INVITATION, person.tier != Tier::Diamond && is_contented && spent(usize::MAX) >= 200_000);
    mark(SECOND_ORDER, person.orders.len() == 1 && since(order, 20) && before(order, 9));
    mark(STORE_EVENT, person.is_in_city && since(order, 92));
    mark(NEWSLETTER, person.wants_news && is_contented);
    due
}

/// Asks those that could be due, and tells the placer.
pub(super) fn ask(person: &Person, lines: &[u8], who: &Who<'_>, due: u32, placer: &mut Placer) {
    let clock = who.clock;
    let times = &person.order_times;
    let quiet = |at: Option<&i64>, days: i64| at.map(|at| (clock.add_days(*at, days), i64::MAX));
    let contented = || quiet(person.last_complaint.as_ref(), 90).unwrap_or((i64::MIN, i64::MAX));
    let mut rest = due;
    while rest != 0 {
        let rule = rest.trailing_zeros() as usize;
        rest &= rest - 1;
        let spell: Option<Spell> = match rule {
            GOLD_QUIET => {
                placer.begun(who, 30);
                quiet(times.last(), 30)
            }
            WINBACK_PRICE => {
                let life = [day_of(2026, 3, 1), day_of(2026, 6, 1)].map(|day| clock.instant(on(day, 0)));
                quiet(times.last(), 60).and_then(|spell| both(spell, (life[0], life[1])))
            }
            WINBACK_SERVICE => quiet(times.last(), 60),
            REFILL => quiet(person.milk.last(), 25)
                .and_then(|spell| both(spell, at_least(clock, &person.milk, 2, 180)?)),
            BROWSERS => {
                let no_order = quiet(times.last(), 14).unwrap_or((i64::MIN, i64::MAX));
                at_least(clock, &person.visits, 3, 14).and_then(|spell| both(spell, no_order))
            }
            INVITE_FRIENDS => at_least(clock, times, 4, 180)
                .and_then(|spell| both(spell, at_least(clock, times, 1, 30)?))
                .and_then(|spell| both(spell, contented())),
            APP_INACTIVE => quiet(person.visits.last(), 21),
            NEXT_TIER => at_least(clock, times, 2, 90)
                .and_then(|spell| both(spell, spent(&amounts(person), 50_000, |at| clock.add_days(at, 90))?)),
            VIP_INVITATION => spent(&amounts(person), 200_000, |at| clock.add_year(at))
                .and_then(|spell| both(spell, contented())),
            SECOND_ORDER => quiet(times.last(), 10),
            _ => {
                by_events_and_dates(person, lines, who, rule, placer);
                None
            }
        };
        if let Some((start, end)) = spell {
            placer.spell(who, rule, start, end);
        }
    }
}

fn amounts(person: &Person) -> Vec<(i64, i64)> {
    person.orders.iter().map(|order| (order.at, order.cents)).collect()
}

fn by_events_and_dates(person: &Person, lines: &[u8], who: &Who<'_>, rule: usize, placer: &mut Placer) {
    let clock = who.clock;
    let mut each = |happenings: &[Happening], due: &dyn Fn(i64) -> Option<i64>| {
        // What is older than ten days is over.
        let recent = happenings.partition_point(|happening| happening.at < NOW - 10 * DAY);
        for (place, happening) in happenings.iter().enumerate().skip(recent) {
            let next = happenings.get(place + 1).map_or(i64::MAX, |next| next.at);
            if let Some(due) = due(happening.at) {
                placer.event(who, rule, happening.id.of(lines), (happening.at, next), due);
            }
        }
    };
    match rule {
        COMPLAINT_FOLLOW_UP => each(&person.complaints, &Some),
        THANK_FOR_FRIEND => each(&person.friends, &Some),
        DELIVERY_SURVEY => each(&person.deliveries, &|at| Some(clock.add_days(at, 3))),
        CART_ABANDONED => {
            let over = person.order_times.last().map(|at| clock.add_days(*at, 1));
            each(&person.carts, &|at| {
                Some(at + 2 * 3_600).filter(|due| over.is_none_or(|over| over <= *due))
            });
        }
        WELCOME => {
            if let Some(signup) = person.signup_at {
                placer.date(who, rule, on(clock.day(signup) + 7, 10), i64::MAX);
            }
        }
        BIRTHDAY => {
            let Some(birthday) = person.birthday else { return };
            let (born, month, day) = date_of(birthday);
            let (this_year, _, _) = date_of(clock.day(NOW));
            for year in [this_year - 1, this_year, this_year + 1].into_iter().filter(|year| *year >= born) {
                let day = if (month, day) == (2, 29) && !is_leap(year) { 28 } else { day };
                placer.date(who, rule, on(day_of(year, month, day), 9), i64::MAX);
            }
        }
        MEMBERS_DAY => {
            let at = on(day_of(2026, 3, 8), 10);
            let end = person.visits.last().map_or(i64::MIN, |visit| clock.add_days(*visit, 30));
            if clock.instant(at) < end {
                placer.date(who, rule, at, end);
            }
        }
        POINTS_EXPIRING => {
            if let Some(day) = person.points_expire_on {
                placer.date(who, rule, on(day - 14, 10), i64::MAX);
            }
        }
        STORE_EVENT => {
            let at = on(day_of(2026, 3, 7), 10);
            let end = person.order_times.last().map_or(i64::MIN, |order| clock.add_days(*order, 90));
            if clock.instant(at) < end {
                placer.date(who, rule, at, end);
            }
        }
        NEWSLETTER => {
            let at = on(day_of(2026, 3, 9), 10);
            let since = person.last_complaint.map_or(i64::MIN, |at| clock.add_days(at, 90));
            if since <= clock.instant(at) {
                placer.date(who, rule, at, i64::MAX);
            }
        }
        _ => {}
    }
}
