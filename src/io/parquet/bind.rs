//! From columns to users, past names and texts. Whatever is out of the ordinary is left to the way that all formats take,
//! which knows what to say of it.

use std::{borrow::Cow, ops::Range, sync::Arc};

use super::{
    Column,
    column::{DAY, Values, exact},
    plan::{Categories, Kind, RowPlan, Source, UserPlan},
    rows::RowBatch,
    users::{UserBatch, range},
};
use crate::{
    io::table::{Rows, Take},
    number::Number,
    program::Type,
    snapshot::{self, PastContact, Stray, UserBuilder, Value, parse_touch_id},
    time::{Instant, Zone},
};

/// How many batches of rows a thread remembers: the users whose rows are in one come one after another.
const REMEMBERED: usize = 8;

/// Makes users of columns. It looks names up once a batch.
#[derive(Debug, Default)]
pub(crate) struct ColumnBinder {
    users: Option<(Arc<UserBatch>, Option<UserPlan>)>,
    rows: Vec<(Arc<RowBatch>, Option<RowPlan>)>,
}

impl ColumnBinder {
    /// Makes a user; says how much was given twice. `None` if the user is to be made the other way.
    pub(crate) fn bind<'r>(
        &mut self,
        batch: &Arc<UserBatch>,
        user: usize,
        rows: impl Iterator<Item = Option<(&'r Arc<RowBatch>, Range<usize>)>>,
        builder: &mut UserBuilder<'_>,
    ) -> Option<usize> {
        let (program, names) = builder.knows();
        if self.users.as_ref().is_none_or(|(known, _)| !Arc::ptr_eq(known, batch)) {
            look_for_slips(batch, builder);
            self.users = Some((Arc::clone(batch), UserPlan::new(batch, program, names)));
        }
        let plan = self.users.as_ref()?.1.as_ref()?;
        bind_user(plan, batch, user, builder)?;
        for given in rows {
            let (batch, range) = given?;
            let place = match self.rows.iter().position(|(known, _)| Arc::ptr_eq(known, batch)) {
                Some(place) => place,
                None => {
                    if self.rows.len() >= REMEMBERED {
                        self.rows.remove(0);
                    }
                    look_for_slips_of_rows(batch, builder);
                    self.rows.push((Arc::clone(batch), RowPlan::new(batch, program, names)));
                    self.rows.len().saturating_sub(1)
                }
            };
            bind_rows(self.rows.get(place)?.1.as_ref()?, batch, range, builder)?;
        }
        builder.finish().ok()
    }
}

/// Looks for names in a batch that the rules do not know: once for all of its users, since most are passed over later.
fn look_for_slips(batch: &UserBatch, builder: &mut UserBuilder<'_>) {
    let table = &batch.layout.table;
    for (kind, channels) in [(Stray::Consent, &table.consent), (Stray::Address, &table.addresses)] {
        for (channel, _) in channels {
            builder.meet(kind, channel);
        }
    }
    for lists in [&batch.events, &batch.contacts].into_iter().flatten() {
        look_for_slips_of_rows(&lists.rows, builder);
    }
}

fn look_for_slips_of_rows(batch: &RowBatch, builder: &mut UserBuilder<'_>) {
    match &batch.layout.rows {
        Rows::Events { kind, .. } => look(Stray::Event, Some(kind), batch, builder),
        Rows::Contacts { channel, message, categories, rule, .. } => {
            for (kind, take) in [
                (Stray::Channel, channel),
                (Stray::Message, message),
                (Stray::Category, categories),
                (Stray::Rule, rule),
            ] {
                look(kind, take.as_ref(), batch, builder);
            }
        }
    }
}

fn look(kind: Stray, take: Option<&Take>, batch: &RowBatch, builder: &mut UserBuilder<'_>) {
    let values = match take {
        None => return,
        Some(Take::Constant(name)) => return builder.meet(kind, name),
        Some(Take::Column(index)) => column(&batch.columns, *index).map(|column| &column.values),
    };
    let words = match values {
        Some(Values::Words { words, .. }) => words,
        Some(Values::List(_, members)) => match &members.values {
            Values::Words { words, .. } => words,
            _ => return,
        },
        _ => return,
    };
    words.iter().flatten().for_each(|name| builder.meet(kind, name));
}

fn column(columns: &[Option<Column>], index: usize) -> Option<&Column> {
    columns.get(index)?.as_ref()
}

/// A text, or a number by its digits.
fn text(column: &Column, row: usize) -> Option<Option<Cow<'_, str>>> {
    if column.is_null(row) {
        return Some(None);
    }
    match column.text(row) {
        Some(text) => Some(Some(Cow::Borrowed(text))),
        None => {
            let cell = column.cell(row).ok()?;
            Some(cell.raw().text().ok()?.map(|text| Cow::Owned(text.into_owned())))
        }
    }
}

/// A part of a user that is a text; the outer `None` means that it is none.
fn given<'c>(
    take: Option<&'c Take>,
    columns: &'c [Option<Column>],
    user: usize,
) -> Option<Option<Cow<'c, str>>> {
    match take {
        None => Some(None),
        Some(Take::Column(index)) => text(column(columns, *index)?, user),
        Some(Take::Constant(text)) => Some(Some(Cow::Borrowed(text))),
    }
}

fn bind_user(plan: &UserPlan, batch: &UserBatch, user: usize, builder: &mut UserBuilder<'_>) -> Option<()> {
    let table = &batch.layout.table;
    let columns = &batch.columns;
    let of = |take| given(take, columns, user);
    builder.begin(&of(Some(&table.id))??).ok()?;
    if let Some(zone) = of(table.timezone.as_ref())? {
        builder.timezone(&zone).ok()?;
    }
    if let Some(locale) = of(table.locale.as_ref())? {
        builder.locale(&locale);
    }
    for (id, source) in &plan.attributes {
        let Some(column) = column(columns, source.column).filter(|column| !column.is_null(user)) else {
            continue;
        };
        match source.value(column, user, builder) {
            Some(value) => builder.give_attribute(*id, value)?,
            None => builder.set_attribute(*id, column.cell(user).ok()?.raw()).ok()?,
        }
    }
    for (id, index) in &plan.consent {
        builder.set_consent(*id, column(columns, *index)?.cell(user).ok()?.raw()).ok()?;
    }
    let has_none = batch.addresses.as_ref().is_some_and(|nulls| nulls.is_null(user));
    if !table.addresses.is_empty() && !has_none {
        builder.has_addresses();
        for (id, index) in &plan.addresses {
            builder.set_address(*id, column(columns, *index)?.cell(user).ok()?.raw());
        }
    }
    for (plan, lists) in [(&plan.events, &batch.events), (&plan.contacts, &batch.contacts)] {
        if let Some(lists) = lists {
            bind_rows(plan.as_ref()?, &lists.rows, lists.of(user), builder)?;
        }
    }
    Some(())
}

fn bind_rows(
    plan: &RowPlan,
    batch: &RowBatch,
    rows: Range<usize>,
    builder: &mut UserBuilder<'_>,
) -> Option<()> {
    let columns = &batch.columns;
    let Take::Column(at) = batch.layout.at else { return None };
    let at = column(columns, at)?;
    let names = builder.knows().1;
    match plan {
        RowPlan::Events { kind, id, fields } => {
            let id = id.map(|index| column(columns, index)).map_or(Some(None), |column| column.map(Some))?;
            for row in rows {
                let look_up = |kind: &str| match names.event(kind) {
                    Some(event) => Kind::Known(event),
                    None if kind.is_empty() => Kind::Missing,
                    None => Kind::Other,
                };
                let event = match kind.of(columns, row, Kind::Missing, look_up)? {
                    Kind::Known(event) => event,
                    Kind::Other => continue,
                    Kind::Missing => return None,
                };
                let at = moment(at, row, builder)?;
                let id = id.map_or(Some(None), |id| text(id, row))?;
                builder.begin_event(event, at, id.as_deref()).ok()?;
                for (field, source) in fields.get(event.index())? {
                    let column = column(columns, source.column)?;
                    if column.is_null(row) {
                        continue;
                    }
                    match source.value(column, row, builder) {
                        Some(value) => builder.give_field(event, *field, value)?,
                        None => builder.set_field(event, *field, column.cell(row).ok()?.raw()).ok()?,
                    }
                }
                builder.finish_event(event, id.as_deref()).ok()?;
            }
        }
        RowPlan::Contacts { channel, message, rule, categories, touch_id } => {
            let touch_id =
                touch_id.map(|index| column(columns, index)).map_or(Some(None), |id| id.map(Some))?;
            for row in rows {
                let contact = PastContact {
                    at: moment(at, row, builder)?,
                    channel: channel.of(columns, row, None, |name| names.channel(name))?,
                    message: message.of(columns, row, None, |name| names.message(name))?,
                    categories: snapshot::Categories::default(),
                    rule: rule.of(columns, row, None, |name| names.rule(name))?,
                    touch_id: match touch_id {
                        Some(id) => text(id, row)?.as_deref().and_then(parse_touch_id),
                        None => None,
                    },
                };
                let categories = categories.of(columns, row)?;
                builder.add_contact(contact, categories).ok()?;
            }
        }
    }
    Some(())
}

impl Categories {
    /// Those of a row; the outer `None` means that they are to be read the other way.
    fn of(&self, columns: &[Option<Column>], row: usize) -> Option<Option<snapshot::Categories>> {
        let (index, words) = match self {
            Self::OfMessage => return Some(None),
            Self::Lists(index, words) => (*index, Some(words)),
            Self::Other(index) => (*index, None),
        };
        let column = column(columns, index)?;
        if column.is_null(row) {
            return Some(None);
        }
        let Values::List(offsets, members) = &column.values else { return None };
        let Values::Words { keys, .. } = &members.values else { return None };
        let mut set = snapshot::Categories::default();
        for member in range(offsets, row).filter(|member| !members.is_null(*member)) {
            let key = usize::try_from(*keys.get(member)?).ok()?;
            if let Some(category) = words?.get(key)? {
                set.insert(*category);
            }
        }
        Some(Some(set))
    }
}

/// When a row happened.
fn moment(at: &Column, row: usize, builder: &mut UserBuilder<'_>) -> Option<Instant> {
    if at.is_null(row) {
        return None;
    }
    match &at.values {
        Values::Instant(micros) => {
            Some(Instant::from_micros(*micros.get(row)?)).filter(|at| at.is_in_calendar())
        }
        Values::Civil(micros) => civil(*micros.get(row)?, builder),
        Values::Date(days) => Some(builder.user().zone.start_of_day(date(*days.get(row)?)?)),
        _ => builder.instant(at.cell(row).ok()?.raw(), String::new).ok(),
    }
}

fn civil(micros: i64, builder: &mut UserBuilder<'_>) -> Option<Instant> {
    let shown = Some(Instant::from_micros(micros)).filter(|at| at.is_in_calendar())?;
    Some(builder.clock().instant(Zone::utc().civil(shown)))
}

fn date(days: i32) -> Option<crate::time::Date> {
    let at = Instant::from_micros(i64::from(days).saturating_mul(DAY));
    at.is_in_calendar().then(|| Zone::utc().date(at))
}

impl Source {
    /// The value of a row that has one; `None` if it is to be read as from any other format.
    fn value(&self, column: &Column, row: usize, builder: &mut UserBuilder<'_>) -> Option<Value> {
        match (&self.ty, &column.values) {
            (Type::Text | Type::OneOf(_), Values::Words { keys, .. }) => {
                *self.words.get(usize::try_from(*keys.get(row)?).ok()?)?
            }
            (Type::Number, Values::Double(values)) => {
                Some(*values.get(row)?).and_then(Number::from_f64).map(Value::Number)
            }
            (Type::Number, Values::Single(values)) => {
                Some(exact(*values.get(row)?)).and_then(Number::from_f64).map(Value::Number)
            }
            (Type::Number, Values::Whole(values)) => Number::whole(*values.get(row)?).map(Value::Number),
            (Type::Number, Values::Decimal(values, scale)) => {
                // With more places it would have to be rounded.
                let shift = u32::try_from(6 - i32::from(*scale)).ok()?;
                let millionths = values.get(row)?.checked_mul(10_i128.checked_pow(shift)?)?;
                i64::try_from(millionths).ok().and_then(Number::read).map(Value::Number)
            }
            (Type::YesNo, Values::YesNo(values)) => {
                (row < values.len()).then(|| Value::YesNo(values.value(row)))
            }
            (Type::Date, Values::Date(days)) => date(*days.get(row)?).map(Value::Date),
            (Type::DateTime, Values::Instant(_) | Values::Civil(_) | Values::Date(_)) => {
                moment(column, row, builder).map(Value::Instant)
            }
            _ => None,
        }
    }
}
