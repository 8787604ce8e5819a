//! Stretches of time on which something about the past holds that only new events can bring back.

use super::clock::Clock;
use crate::users::NOW_SECOND;

/// From when to when.
pub(super) type Spell = (i64, i64);

/// Both.
pub(super) fn both(one: Spell, two: Spell) -> Option<Spell> {
    let spell = (one.0.max(two.0), one.1.min(two.1));
    (spell.0 < spell.1).then_some(spell)
}

/// The stretch that holds now on which there were at least so many in so many days.
pub(super) fn at_least(clock: &Clock, times: &[i64], count: usize, days: i64) -> Option<Spell> {
    let oldest = times.len().checked_sub(count)?;
    let end = clock.add_days(times[oldest], days);
    if end <= NOW_SECOND {
        return None;
    }
    let mut latest = times.len() - 1;
    while latest >= count && clock.add_days(times[latest - count], days) >= times[latest] {
        latest -= 1;
    }
    Some((times[latest], end))
}

/// The stretch that holds now on which at least so much was spent before each expired.
pub(super) fn spent(orders: &[(i64, i64)], least: i64, expires: impl Fn(i64) -> i64) -> Option<Spell> {
    // Those that count now are the last ones.
    let counted = orders.iter().rposition(|(at, _)| expires(*at) <= NOW_SECOND).map_or(0, |last| last + 1);
    let mut total: i64 = orders[counted..].iter().map(|(_, cents)| cents).sum();
    if total < least {
        return None;
    }
    let mut end = i64::MAX;
    let mut left = total;
    for (at, cents) in &orders[counted..] {
        left -= cents;
        if left < least {
            end = expires(*at);
            break;
        }
    }
    // Backwards, over orders and over what expired in between.
    let (mut order, mut expired) = (orders.len(), counted);
    loop {
        let next_order = order.checked_sub(1).map(|last| orders[last].0);
        let next_expiry = expired.checked_sub(1).map(|last| expires(orders[last].0));
        let at = next_order.max(next_expiry)?;
        while let Some((_, cents)) = order.checked_sub(1).map(|last| orders[last]).filter(|(a, _)| *a == at) {
            total -= cents;
            order -= 1;
        }
        while let Some((_, cents)) =
            expired.checked_sub(1).map(|last| orders[last]).filter(|(a, _)| expires(*a) == at)
        {
            total += cents;
            expired -= 1;
        }
        if total < least {
            return Some((at, end));
        }
    }
}
