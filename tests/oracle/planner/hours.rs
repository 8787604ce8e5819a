//! Times of day, quiet hours and contact hours (6.2, 8.5).

use courtesy::{
    program::{ChannelId, Days, Hours, Step},
    time::{Date, Instant, Time, Unit},
};

use crate::world::{Change, Changes, World, shift};

/// The days whose hours may reach an instant.
fn days_near(world: &World<'_>, t: Instant) -> impl Iterator<Item = Date> {
    let today = world.clock.today(t);
    (-2..=1).filter_map(move |ahead| shift(today, ahead, Unit::Day))
}

/// The stretch from a time of that day to another; to that of the next day if it is not later.
fn stretch(world: &World<'_>, day: Date, from: Time, to: Time) -> (Instant, Instant) {
    let last = if to > from { day } else { day.tomorrow().unwrap() };
    (world.clock.instant(day.to_datetime(from)), world.clock.instant(last.to_datetime(to)))
}

fn within(world: &World<'_>, t: Instant, from: Time, to: Time, day_counts: impl Fn(Date) -> bool) -> bool {
    days_near(world, t).filter(|day| day_counts(*day)).any(|day| {
        let (start, end) = stretch(world, day, from, to);
        start <= t && t < end
    })
}

/// Whether the step's `at` and `between` leave the instant open.
pub fn time_of_day(world: &World<'_>, step: &Step, t: Instant) -> bool {
    let after = step.at.is_none_or(|at| t >= world.clock.instant(world.clock.today(t).to_datetime(at)));
    after && step.between.is_none_or(|(from, to)| within(world, t, from, to, |_| true))
}

fn counts(world: &World<'_>, hours: &Hours, day: Date) -> bool {
    let day_is_right = match hours.days {
        Days::All => true,
        Days::Weekdays(days) => days.contains(day.weekday()),
        Days::Calendar { calendar, negated } => {
            let dates = world.program.calendars[calendar.index()].calendar.dates();
            dates.contains(&day) != negated
        }
    };
    day_is_right && hours.life.contains(day)
}

fn for_channel(hours: &Hours, channel: ChannelId) -> bool {
    hours.channels.is_empty() || hours.channels.contains(&channel)
}

fn asked(world: &World<'_>, hours: &Hours, t: Instant) -> bool {
    hours.condition.is_none_or(|condition| world.holds(condition, t, None))
}

fn covers(world: &World<'_>, hours: &Hours, t: Instant) -> bool {
    asked(world, hours, t) && within(world, t, hours.from, hours.to, |day| counts(world, hours, day))
}

pub fn is_quiet(world: &World<'_>, channel: ChannelId, t: Instant) -> bool {
    let mut hours = world.program.quiet_hours.iter().filter(|hours| for_channel(hours, channel));
    hours.any(|hours| covers(world, hours, t))
}

pub fn is_outside_contact_hours(world: &World<'_>, channel: ChannelId, t: Instant) -> bool {
    let hours = || world.program.contact_hours.iter().filter(|hours| for_channel(hours, channel));
    let today = world.clock.today(t);
    let in_force = |hours: &&Hours| asked(world, hours, t) && hours.life.contains(today);
    hours().any(|hours| in_force(&hours)) && !hours().any(|hours| covers(world, hours, t))
}

/// When the answers of this file may change: at the times of any day that are named, and where a condition does.
pub struct Times {
    times: Vec<Time>,
    conditions: Changes,
}

impl Times {
    pub fn of(world: &World<'_>, step: &Step) -> Self {
        let mut times = vec![Time::midnight()];
        times.extend(step.at);
        times.extend(step.between.into_iter().flat_map(|(from, to)| [from, to]));
        let mut conditions = vec![Change::Days];
        for hours in world.program.quiet_hours.iter().chain(&world.program.contact_hours) {
            times.extend([hours.from, hours.to]);
            if let Some(condition) = hours.condition {
                world.changes_of(condition, &mut conditions);
            }
        }
        times.sort_unstable();
        times.dedup();
        Self { times, conditions: Changes::new(conditions) }
    }

    pub fn next(&self, world: &World<'_>, t: Instant) -> Option<Instant> {
        if let Some(minute) = world.minute_after(t) {
            return Some(minute);
        }
        let named = days_near(world, t)
            .flat_map(|day| self.times.iter().map(move |time| world.clock.instant(day.to_datetime(*time))));
        let named = named.filter(|at| *at > t).min();
        named.into_iter().chain(self.conditions.next(world, t)).min()
    }
}
