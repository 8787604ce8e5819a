//! A line becomes a person.

use super::{
    super::due::Answer,
    cursor::{Cursor, Key, Part},
    person::{Contact, Event, Kind, Left, Person, Tier, is_in_city},
};

/// What a key means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Field {
    Ignored,
    Id,
    Timezone,
    Attributes,
    Consent,
    Addresses,
    Events,
    Contacts,
    Tier,
    City,
    LeftBecause,
    Birthday,
    PointsExpireOn,
    SignupAt,
    Points,
    WantsNews,
    LastScore,
    Channel(usize),
    Type,
    At,
    Amount,
    Category,
    Severity,
    ChannelName,
    Message,
    Rule,
    TouchId,
}

/// The keys of a kind of object, in the order in which they came.
#[derive(Debug)]
struct Keys {
    known: fn(&[u8]) -> Field,
    learned: Vec<(Key, Field)>,
}

impl Keys {
    fn new(known: fn(&[u8]) -> Field) -> Self {
        Self { known, learned: Vec::new() }
    }

    /// The next key; `guess` is where it is looked for first, and becomes where the one after it is.
    #[inline(always)]
    fn next(&mut self, cursor: &mut Cursor<'_>, guess: &mut usize) -> Option<Field> {
        let ahead = cursor.ahead();
        if let Some((key, field)) = self.learned.get(*guess)
            && cursor.takes_key(ahead, key)
        {
            *guess += 1;
            return Some(*field);
        }
        self.look(cursor, ahead, guess)
    }

    /// As [`Self::next`], after a wrong guess: keys that may be missing come first.
    fn look(&mut self, cursor: &mut Cursor<'_>, ahead: u128, guess: &mut usize) -> Option<Field> {
        let from = (*guess).min(self.learned.len());
        for place in (from..self.learned.len()).chain(0..from) {
            let (key, field) = &self.learned[place];
            if cursor.takes_key(ahead, key) {
                *guess = place + 1;
                return Some(*field);
            }
        }
        let key = cursor.any_key()?;
        let field = (self.known)(key);
        // Where each record has keys of its own nothing is learned.
        if self.learned.len() < 64 {
            self.learned.insert(from, (Key::new(key), field));
            *guess = from + 1;
        }
        Some(field)
    }
}

fn top(key: &[u8]) -> Field {
    match key {
        b"\"id\":" => Field::Id,
        b"\"timezone\":" => Field::Timezone,
        b"\"attributes\":" => Field::Attributes,
        b"\"consent\":" => Field::Consent,
        b"\"addresses\":" => Field::Addresses,
        b"\"events\":" => Field::Events,
        b"\"contacts\":" => Field::Contacts,
        _ => Field::Ignored,
    }
}

fn attribute(key: &[u8]) -> Field {
    match key {
        b"\"tier\":" => Field::Tier,
        b"\"city\":" => Field::City,
        b"\"left_because\":" => Field::LeftBecause,
        b"\"birthday\":" => Field::Birthday,
        b"\"points_expire_on\":" => Field::PointsExpireOn,
        b"\"signup_at\":" => Field::SignupAt,
        b"\"points\":" => Field::Points,
        b"\"wants_news\":" => Field::WantsNews,
        b"\"last_score\":" => Field::LastScore,
        _ => Field::Ignored,
    }
}

fn channel(key: &[u8]) -> Field {
    match key {
        b"\"push\":" => Field::Channel(0),
        b"\"wechat\":" => Field::Channel(1),
        b"\"sms\":" => Field::Channel(2),
        b"\"email\":" => Field::Channel(3),
        _ => Field::Ignored,
    }
}

fn event(key: &[u8]) -> Field {
    match key {
        b"\"type\":" => Field::Type,
        b"\"at\":" => Field::At,
        b"\"id\":" => Field::Id,
        b"\"amount\":" => Field::Amount,
        b"\"category\":" => Field::Category,
        b"\"severity\":" => Field::Severity,
        _ => Field::Ignored,
    }
}

fn contact(key: &[u8]) -> Field {
    match key {
        b"\"at\":" => Field::At,
        b"\"channel\":" => Field::ChannelName,
        b"\"message\":" => Field::Message,
        b"\"rule\":" => Field::Rule,
        b"\"touch_id\":" => Field::TouchId,
        _ => Field::Ignored,
    }
}

/// Reads lines, and learns from each in which order keys come.
#[derive(Debug)]
pub(super) struct Reader {
    top: Keys,
    attributes: Keys,
    channels: [Keys; 2],
    /// By kind of event, since each has keys of its own; the first until the kind is known.
    events: [Keys; Kind::COUNT],
    contacts: Keys,
}

impl Default for Reader {
    fn default() -> Self {
        Self {
            top: Keys::new(top),
            attributes: Keys::new(attribute),
            channels: [Keys::new(channel), Keys::new(channel)],
            events: std::array::from_fn(|_| Keys::new(event)),
            contacts: Keys::new(contact),
        }
    }
}

impl Reader {
    /// Reads the line that begins there, and tells where the next one does. Nothing comes of what is not as expected.
    pub(super) fn read(&mut self, lines: &[u8], at: usize, person: &mut Person) -> Option<usize> {
        person.clear();
        let mut cursor = Cursor { lines, at };
        let cursor = &mut cursor;
        let mut guess = 0;
        cursor.expect(b'{')?;
        loop {
            match self.top.next(cursor, &mut guess)? {
                Field::Id => person.id = cursor.text()?,
                Field::Timezone => person.zone = cursor.text()?,
                Field::Attributes => self.attributes(cursor, person)?,
                Field::Consent => {
                    let consent = &mut person.consent;
                    let set =
                        |channel: usize, yes| consent[channel] = if yes { Answer::Yes } else { Answer::No };
                    channels(&mut self.channels[0], cursor, set)?;
                }
                Field::Addresses => {
                    person.reachable = [false; 4];
                    channels(&mut self.channels[1], cursor, |channel, yes| person.reachable[channel] = yes)?;
                }
                Field::Events => list(cursor, |cursor| self.event(cursor, person))?,
                Field::Contacts => list(cursor, |cursor| self.contact(cursor, person))?,
                _ => cursor.skip()?,
            }
            if !cursor.takes(b',') {
                break;
            }
        }
        cursor.expect(b'}')?;
        if cursor.at < lines.len() {
            cursor.expect(b'\n')?;
        }
        person.put_in_order(lines);
        (person.id != Part::default()).then_some(cursor.at)
    }

    fn attributes(&mut self, cursor: &mut Cursor<'_>, person: &mut Person) -> Option<()> {
        let lines = cursor.lines;
        let mut guess = 0;
        object(cursor, |cursor| {
            match self.attributes.next(cursor, &mut guess)? {
                Field::Tier => person.tier = Tier::of(cursor.text()?.of(lines)),
                Field::City => person.is_in_city = is_in_city(cursor.text()?.of(lines)),
                Field::LeftBecause => person.left = Left::of(cursor.text()?.of(lines)),
                Field::Birthday => person.birthday = Some(cursor.date()?),
                Field::PointsExpireOn => person.points_expire_on = Some(cursor.date()?),
                Field::SignupAt => person.signup_at = Some(cursor.instant()?),
                Field::Points => person.points = Some(cursor.integer()?),
                Field::WantsNews => person.wants_news = cursor.yes_no()?,
                Field::LastScore => person.last_score = Some(cursor.integer()?),
                _ => cursor.skip()?,
            }
            Some(())
        })
    }

    fn event(&mut self, cursor: &mut Cursor<'_>, person: &mut Person) -> Option<()> {
        let lines = cursor.lines;
        let (mut kind, mut at) = (Kind::Unknown, None);
        let (mut id, mut category) = (Part::default(), Part::default());
        let (mut cents, mut severity) = (0, 0);
        let mut guess = 0;
        object(cursor, |cursor| {
            match self.events[kind as usize].next(cursor, &mut guess)? {
                Field::Type => {
                    kind = Kind::of(cursor.text()?.of(lines));
                    guess = 0;
                }
                Field::At => at = Some(cursor.instant()?),
                Field::Id => id = cursor.text()?,
                Field::Amount => cents = cursor.cents()?,
                Field::Category => category = cursor.text()?,
                Field::Severity => severity = cursor.integer()?,
                _ => cursor.skip()?,
            }
            Some(())
        })?;
        person.take(Event { kind, at: at?, id, cents, category, severity })
    }

    fn contact(&mut self, cursor: &mut Cursor<'_>, person: &mut Person) -> Option<()> {
        let mut contact = Contact { at: i64::MIN, ..Contact::default() };
        let mut guess = 0;
        object(cursor, |cursor| {
            match self.contacts.next(cursor, &mut guess)? {
                Field::At => contact.at = cursor.instant()?,
                Field::ChannelName => contact.channel = cursor.text()?,
                Field::Message => contact.message = cursor.text()?,
                Field::Rule => contact.rule = cursor.text()?,
                Field::TouchId => contact.has_id = !cursor.text()?.of(cursor.lines).is_empty(),
                _ => cursor.skip()?,
            }
            Some(())
        })?;
        person.contacts.push(contact);
        (contact.at > i64::MIN).then_some(())
    }
}

fn channels(keys: &mut Keys, cursor: &mut Cursor<'_>, mut set: impl FnMut(usize, bool)) -> Option<()> {
    let mut guess = 0;
    object(cursor, |cursor| {
        match keys.next(cursor, &mut guess)? {
            Field::Channel(channel) => set(channel, cursor.yes_no()?),
            _ => cursor.skip()?,
        }
        Some(())
    })
}

/// An object, member by member.
fn object<'a>(cursor: &mut Cursor<'a>, mut member: impl FnMut(&mut Cursor<'a>) -> Option<()>) -> Option<()> {
    cursor.expect(b'{')?;
    if cursor.takes(b'}') {
        return Some(());
    }
    loop {
        member(cursor)?;
        if !cursor.takes(b',') {
            return cursor.expect(b'}');
        }
    }
}

/// A list, member by member.
fn list<'a>(cursor: &mut Cursor<'a>, mut member: impl FnMut(&mut Cursor<'a>) -> Option<()>) -> Option<()> {
    cursor.expect(b'[')?;
    if cursor.takes(b']') {
        return Some(());
    }
    loop {
        member(cursor)?;
        if !cursor.takes(b',') {
            return cursor.expect(b']');
        }
    }
}
