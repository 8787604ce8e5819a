//! What each kind of condition answers.

use super::{
    EARLIEST, Evaluator, Situation, Stretch, bucket::bucket, counts::Counted, members::Listing,
    ticks::Ticker, today, values,
};
use crate::{
    program::{Arena, Condition, ConditionId, Expression, ExpressionId, SetId, Window},
    snapshot::Value,
    syntax::ast::Compare,
    time::Instant,
};

/// How deep conditions may nest before they start from remembered answers.
const DEPTH: usize = 200;

/// Every condition at a multiple of [`DEPTH`], the deeper ones later.
pub(super) fn landings(arena: &Arena) -> Vec<ConditionId> {
    let mut depths: Vec<usize> = Vec::with_capacity(arena.condition_count());
    let mut landings = Vec::new();
    for id in (0..arena.condition_count()).map(ConditionId::from) {
        let below = |part: &ConditionId| depths.get(part.index()).copied().unwrap_or(0);
        let depth = match arena.condition(id) {
            Condition::And(parts) | Condition::Or(parts) => parts.iter().map(below).max().unwrap_or(0) + 1,
            Condition::Not(part) => below(part) + 1,
            _ => 0,
        };
        depths.push(depth);
        if depth > 0 && depth % DEPTH == 0 {
            landings.push(id);
        }
    }
    landings
}

impl Evaluator {
    /// Whether a condition holds at an instant, and on which stretch around it.
    pub(super) fn condition(&mut self, s: &Situation<'_>, c: ConditionId, t: Instant) -> Stretch {
        if let Some(known) = self.conditions.get(&self.epochs, c.index(), t) {
            return known;
        }
        let found = self.condition_anew(s, c, t);
        // Instants beyond what clocks can show might give an empty stretch: it holds `t` at least.
        let found = Stretch { from: found.from.min(t), until: found.until.max(t.next()), ..found };
        self.conditions.put(&self.epochs, c.index(), found);
        found
    }

    /// The same without the stretch, which spares looking at parts that do not decide.
    pub(super) fn condition_holds(&mut self, s: &Situation<'_>, c: ConditionId, t: Instant) -> bool {
        if let Some(known) = self.conditions.get(&self.epochs, c.index(), t) {
            return known.holds;
        }
        match s.program.arena.condition(c) {
            Condition::And(parts) => parts.iter().all(|part| self.condition_holds(s, *part, t)),
            Condition::Or(parts) => parts.iter().any(|part| self.condition_holds(s, *part, t)),
            Condition::Not(part) => !self.condition_holds(s, *part, t),
            _ => self.condition(s, c, t).holds,
        }
    }

    fn condition_anew(&mut self, s: &Situation<'_>, c: ConditionId, t: Instant) -> Stretch {
        let zone = &s.user.zone;
        match s.program.arena.condition(c) {
            Condition::Constant(constant) => Stretch::always(*constant),
            Condition::And(parts) => self.joined(s, parts, t, false),
            Condition::Or(parts) => self.joined(s, parts, t, true),
            Condition::Not(part) => today::not(self.condition(s, *part, t)),
            Condition::Count { set, window, least, most } => {
                self.counted(s, *set, *window, t).0.between(*least, *most)
            }
            Condition::Compare { left, op, right } => self.compared(s, *left, *op, *right, t),
            Condition::In { value, options } => {
                let value = self.expression(s, *value, t);
                let mut found = Stretch { holds: false, from: value.from, until: value.until };
                for option in options {
                    let option = self.expression(s, *option, t);
                    found.holds |= values::same(s, value.value, option.value);
                    found = found.within(option.from, option.until);
                }
                found
            }
            Condition::Contains { value, part } => {
                let (value, part) = (self.expression(s, *value, t), self.expression(s, *part, t));
                let holds = values::contains(s, value.value, part.value);
                Stretch { holds, from: value.from, until: value.until }.within(part.from, part.until)
            }
            Condition::Known(value) => {
                let value = self.expression(s, *value, t);
                Stretch { holds: value.value != Value::Missing, from: value.from, until: value.until }
            }
            Condition::Truth(value) => {
                let value = self.expression(s, *value, t);
                Stretch { holds: value.value == Value::YesNo(true), from: value.from, until: value.until }
            }
            Condition::SubscribedTo(channel) => Stretch::always(s.user.subscribed(s.program, *channel)),
            Condition::ReachableOn(channel) => Stretch::always(s.user.reachable(*channel)),
            Condition::Share { salt, below } => {
                Stretch::always(bucket(s.user.text(s.program, *salt), &s.user.id) < *below)
            }
            Condition::TodayWeekday(set) => today::weekday(zone, self.calendars.day(zone, t), *set),
            Condition::TodayIn(calendar) => match s.program.calendars.get(calendar.index()) {
                Some(named) => today::in_calendar(zone, self.calendars.day(zone, t), &named.calendar),
                None => Stretch::always(false),
            },
            Condition::TodayOneOf(dates) => today::one_of(zone, self.calendars.day(zone, t), dates),
            Condition::TodayDate(test, date) => today::compare(s, t, *test, self.expression(s, *date, t)),
        }
    }

    /// All of the parts, or any of them: one part with the `deciding` value decides.
    ///
    /// What decides at `t` decides on its whole stretch, and such stretches overlap at `t`: together they are one.
    fn joined(&mut self, s: &Situation<'_>, parts: &[ConditionId], t: Instant, deciding: bool) -> Stretch {
        let mut undecided = Stretch::always(!deciding);
        let mut decided: Option<Stretch> = None;
        for part in parts {
            let part = self.condition(s, *part, t);
            if part.holds != deciding {
                undecided = undecided.within(part.from, part.until);
                continue;
            }
            let longer = decided.map_or(part, |decided| Stretch {
                from: decided.from.min(part.from),
                until: decided.until.max(part.until),
                ..part
            });
            if longer.until == Instant::MAX {
                // It decides for ever; how long it has done so, a backward look will ask again.
                return longer;
            }
            decided = Some(longer);
        }
        decided.unwrap_or(undecided)
    }

    /// The members of a set in a window that ends at `t`, and all of them.
    pub(super) fn counted<'e>(
        &'e mut self,
        s: &Situation<'e>,
        set: SetId,
        window: Window,
        t: Instant,
    ) -> (Counted<'e>, Listing<'e>) {
        self.fill(s, set);
        let Self { epochs, members, calendars, expiries, .. } = self;
        Counted::of(s, set, window, t, (members, calendars), expiries.of(epochs, set, window))
    }

    /// A comparison. Of a number that ticks with one that does not, it is worked out when they pass each other.
    fn compared(
        &mut self,
        s: &Situation<'_>,
        left: ExpressionId,
        op: Compare,
        right: ExpressionId,
        t: Instant,
    ) -> Stretch {
        let arena = &s.program.arena;
        let ticks = |e: ExpressionId| {
            matches!(
                arena.expression(e),
                Expression::Since { .. }
                    | Expression::Until { .. }
                    | Expression::SinceLast { .. }
                    | Expression::SinceFirst { .. }
            )
        };
        let sides = match (ticks(left), ticks(right)) {
            (true, _) => Some((left, op, right)),
            (false, true) => Some((right, values::mirrored(op), left)),
            (false, false) => None,
        };
        if let Some((ticking, op, other)) = sides {
            let with = self.expression(s, other, t);
            let (moment, from, until) = self.ticker(s, ticking, t);
            let stretch = match (moment, with.value) {
                (Some(ticker), Value::Number(number)) => ticker.compare(&s.user.zone, t, op, number),
                _ => Stretch::always(op == Compare::IsNot),
            };
            return stretch.within(with.from, with.until).within(from, until);
        }
        let (left, right) = (self.expression(s, left, t), self.expression(s, right, t));
        let holds = values::compare(s, left.value, op, right.value);
        Stretch { holds, from: left.from, until: left.until }.within(right.from, right.until)
    }

    /// What an expression ticks by, and the stretch on which it does.
    pub(super) fn ticker(
        &mut self,
        s: &Situation<'_>,
        e: ExpressionId,
        t: Instant,
    ) -> (Option<Ticker>, Instant, Instant) {
        let (unit, until, (moment, from, end)) = match s.program.arena.expression(e) {
            Expression::Since { unit, moment } | Expression::Until { unit, moment } => {
                let is_until = matches!(s.program.arena.expression(e), Expression::Until { .. });
                let reading = self.expression(s, *moment, t);
                (*unit, is_until, (values::moment(s, reading.value), reading.from, reading.until))
            }
            Expression::SinceLast { unit, set, window } => {
                let (counted, _) = self.counted(s, *set, *window, t);
                let (member, from, end) = counted.last();
                (*unit, false, (member.map(|member| counted.at(member)), from, end))
            }
            Expression::SinceFirst { unit, set, window } => {
                let (counted, _) = self.counted(s, *set, *window, t);
                let (member, from, end) = counted.first();
                (*unit, false, (member.map(|member| counted.at(member)), from, end))
            }
            _ => (crate::time::Unit::Day, false, (None, EARLIEST, EARLIEST)),
        };
        (moment.map(|moment| Ticker { unit, moment, until }), from, end)
    }
}
