//! Makes users of one program, one after another, in the same memory.

use hashbrown::{DefaultHashBuilder, HashMap, HashTable};

use super::{
    Answer, BindError, Column, Events, Names, Raw, User, Value,
    bind::{bad_id, twice},
    order::Order,
    raw::{Problem, parse_yes_no, shown},
    slips::{Slips, Stray, Strays},
    texts::Texts,
    values::give,
};
use crate::{
    program::{AttributeId, ChannelId, Program, Symbol},
    time::{Instant, UnknownZone, Written, Zone, read_written},
};

/// How many names of zones are remembered: all there are, as they are usually written, and slips of them.
const ZONES: usize = 1_000;
/// Longer ones are not, in bytes.
const ZONE_NAME: usize = 60;
/// Memory of a user with more events, contacts or texts is given back rather than kept for the next.
const HEAVY: usize = 20_000;

/// Makes [`User`]s of one [`Program`], one after another and name by name. Names that the program does not know are
/// ignored.
///
/// Numbers are read from numbers and from decimal text, dates from the day as written, yes or no from `yes`, `no`,
/// `true`, `false`, `1` and `0`, lists from lists and from text with `;`, `|` or `,` between members. An empty text is
/// missing, except where a text is wanted. A time without an offset is on the user's own clocks (or on those of
/// [`UserBuilder::times_in`]), and a date that stands for an instant is the start of that day for the user.
///
/// ```
/// use courtesy::{Rules, snapshot::{Raw, UserBuilder}};
/// let rules = Rules::compile("time zone \"UTC\"\nattribute tier: text\nif tier is gold then send coupon")?;
/// let mut builder = UserBuilder::new(rules.program(), rules.names());
/// for (id, tier) in [("u1", "gold"), ("u2", "bronze")] {
///     builder.begin(id)?;
///     builder.attribute("tier", Raw::Text(tier))?;
///     let duplicates = builder.finish()?;
///     assert_eq!((&*builder.user().id, duplicates), (id, 0));
/// }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct UserBuilder<'p> {
    pub(super) program: &'p Program,
    pub(super) names: &'p Names,
    pub(super) user: User,
    /// The clocks that times without an offset are read on, if not the user's.
    clock: Option<Zone>,
    /// The user's own texts, once there are too many to search.
    pub(super) symbols: HashTable<Symbol>,
    pub(super) hashes: DefaultHashBuilder,
    zones: HashMap<Box<str>, Result<Zone, UnknownZone>>,
    has_addresses: bool,
    /// Whether a time was read that would be another one in another zone.
    is_zone_used: bool,
    /// How many events there are.
    pub(super) events: usize,
    order: Order,
    pub(super) strays: Strays,
}

impl<'p> UserBuilder<'p> {
    /// One for users of that program; `names` are those of the program.
    #[must_use]
    pub fn new(program: &'p Program, names: &'p Names) -> Self {
        Self {
            program,
            names,
            user: fresh(program),
            clock: None,
            symbols: HashTable::new(),
            hashes: DefaultHashBuilder::default(),
            zones: HashMap::new(),
            has_addresses: false,
            is_zone_used: false,
            events: 0,
            order: Order::default(),
            strays: Strays::default(),
        }
    }

    /// Times without an offset are on the clocks of that zone, not on each user's own.
    pub fn times_in(&mut self, zone: Zone) {
        self.clock = Some(zone);
    }

    /// A new user, of whom nothing is known yet, in the rules' zone.
    ///
    /// # Errors
    ///
    /// [`BindError`] if the id is empty, longer than 1,000 bytes or has control characters.
    pub fn begin(&mut self, id: &str) -> Result<(), BindError> {
        self.clear();
        self.id(id)
    }

    /// Forgets the user at hand.
    pub(crate) fn clear(&mut self) {
        let user = &mut self.user;
        let events = user.events.iter().map(|events| events.at.len()).max().unwrap_or(0);
        if events.max(user.contacts.len()).max(user.texts.len()).max(user.lists.len()) > HEAVY {
            *user = fresh(self.program);
            self.symbols = HashTable::new();
            self.order = Order::default();
        }
        user.zone = self.program.zone;
        user.locale = None;
        user.attributes.fill(Value::Missing);
        user.consent.fill(Answer::None);
        user.reachable.fill(true);
        user.events.iter_mut().filter(|events| !events.at.is_empty()).for_each(Events::clear);
        user.contacts.clear();
        user.texts.clear();
        user.lists.clear();
        self.symbols.clear();
        (self.has_addresses, self.is_zone_used, self.events) = (false, false, 0);
    }

    /// Who it is.
    ///
    /// # Errors
    ///
    /// [`BindError`] as [`Self::begin`] has it.
    pub(crate) fn id(&mut self, id: &str) -> Result<(), BindError> {
        let wrong = |problem: &str| {
            Err(BindError {
                field: "id".into(),
                value: shown(id),
                problem: problem.into(),
                help: "give each user one id, the same in all tables".into(),
            })
        };
        if id.trim().is_empty() {
            return wrong("a user needs an id, and this one is empty");
        }
        if let Some(problem) = bad_id(id) {
            return wrong(&problem);
        }
        self.user.id = id.into();
        Ok(())
    }

    /// In that zone. To be said before any time is read. An empty name says nothing.
    ///
    /// # Errors
    ///
    /// [`BindError`] if there is no such zone.
    pub fn timezone(&mut self, name: &str) -> Result<(), BindError> {
        let name = name.trim();
        if name.is_empty() {
            return Ok(());
        }
        let known = match self.zones.get(name) {
            Some(known) => known.clone(),
            None => {
                let found = Zone::named(name);
                if self.zones.len() < ZONES && name.len() <= ZONE_NAME {
                    self.zones.insert(name.into(), found.clone());
                }
                found
            }
        };
        self.user.zone = known.map_err(|UnknownZone { name, suggestion }| BindError {
            field: "timezone".into(),
            value: shown(&name),
            problem: format!("no time zone is called `{}`", shown(&name)),
            help: match suggestion {
                Some(suggestion) => format!("did you mean `{suggestion}`?"),
                None => "use a name of the IANA database, such as Europe/Berlin".into(),
            },
        })?;
        Ok(())
    }

    /// Whether a time was read that would be another one in another zone.
    #[cfg(feature = "cli")]
    pub(crate) fn is_zone_used(&self) -> bool {
        self.is_zone_used
    }

    /// Speaking that language.
    pub fn locale(&mut self, tag: &str) {
        let tag = tag.trim();
        if !tag.is_empty() {
            self.user.locale = Some(tag.into());
        }
    }

    /// With that attribute.
    ///
    /// # Errors
    ///
    /// [`BindError`] if the value is not of the declared type, or the attribute was given before.
    pub fn attribute(&mut self, name: &str, value: Raw<'_>) -> Result<(), BindError> {
        match self.names.attribute(name) {
            Some(id) => self.set_attribute(id, value),
            None => Ok(()),
        }
    }

    /// With that attribute, told by its id: for readers that look names up once for many users.
    ///
    /// # Errors
    ///
    /// [`BindError`] if the value is not of the declared type, or the attribute was given before.
    pub fn set_attribute(&mut self, id: AttributeId, value: Raw<'_>) -> Result<(), BindError> {
        let program = self.program;
        let Some(declared) = program.attributes.get(id.index()) else { return Ok(()) };
        let place = || format!("attribute `{}`", declared.name);
        let read = self.read(&declared.ty, value).map_err(|problem| problem.at(place()))?;
        self.give_attribute(id, read).ok_or_else(|| twice(place(), value))
    }

    /// With that attribute, whose value is of its type. `None` if it was given before.
    pub(crate) fn give_attribute(&mut self, id: AttributeId, value: Value) -> Option<()> {
        give(self.user.attributes.get_mut(id.index())?, value)
    }

    /// Having said yes, no or nothing to a channel.
    ///
    /// # Errors
    ///
    /// [`BindError`] if it is neither.
    pub fn consent(&mut self, channel: &str, given: Raw<'_>) -> Result<(), BindError> {
        match self.names.channel(channel) {
            Some(id) => self.set_consent(id, given),
            None => {
                self.stray(Stray::Consent, channel);
                Ok(())
            }
        }
    }

    /// There is a name of that kind, which the program may or may not know.
    #[cfg(feature = "parquet")]
    pub(crate) fn meet(&mut self, kind: Stray, name: &str) {
        let names = self.names;
        let is_known = match kind {
            Stray::Consent | Stray::Address | Stray::Channel => names.channel(name).is_some(),
            Stray::Event => names.event(name).is_some(),
            Stray::Message => names.message(name).is_some(),
            Stray::Category => names.category(name).is_some(),
            Stray::Rule => names.rule(name).is_some(),
            Stray::Text => true,
        };
        if !is_known {
            self.stray(kind, name);
        }
    }

    /// There is a name of that kind that the program does not know.
    pub(crate) fn stray(&mut self, kind: Stray, name: &str) {
        let program = self.program;
        let strays = &mut self.strays;
        match kind {
            Stray::Consent | Stray::Address | Stray::Channel => {
                strays.name(kind, name, program.channels.iter().map(|channel| channel.name.as_str()));
            }
            Stray::Event => strays.name(kind, name, program.events.iter().map(|event| event.name.as_str())),
            Stray::Message => {
                strays.name(kind, name, program.messages.iter().map(|message| message.name.as_str()));
            }
            Stray::Category => strays.name(kind, name, program.categories.iter().map(String::as_str)),
            Stray::Rule => strays.name(kind, name, program.rules.iter().map(|rule| rule.name.as_str())),
            Stray::Text => {}
        }
    }

    /// Names and texts that were given, that the program does not know, and that look like slips of those that it does;
    /// `None` if there were none since this was asked before. Of the same names it speaks once.
    pub fn take_slips(&mut self) -> Option<Slips> {
        self.strays.take()
    }

    /// Having said yes, no or nothing to a channel, told by its id.
    ///
    /// # Errors
    ///
    /// [`BindError`] if it is neither.
    pub fn set_consent(&mut self, id: ChannelId, given: Raw<'_>) -> Result<(), BindError> {
        let name = || self.program.channels.get(id.index()).map_or("", |channel| &channel.name);
        let place = || format!("consent to `{}`", name());
        let answer = match given.yes_no().map_err(|problem| problem.at(place()))? {
            None => return Ok(()),
            Some(true) => Answer::Yes,
            Some(false) => Answer::No,
        };
        let Some(slot) = self.user.consent.get_mut(id.index()) else { return Ok(()) };
        if *slot != Answer::None {
            return Err(twice(place(), given));
        }
        *slot = answer;
        Ok(())
    }

    /// It is known where they can be reached: on the channels that [`Self::address`] names and on no others. Without
    /// this they can be reached everywhere.
    pub fn has_addresses(&mut self) {
        if !self.has_addresses {
            self.has_addresses = true;
            self.user.reachable.fill(false);
            // The channel of rules that name none is whatever carries them.
            self.reach(self.names.channel("default"), true);
        }
    }

    /// Having that address on a channel: a text, a number, a list or yes. Nothing, an empty one, 0 and no mean that
    /// there is none. Says [`Self::has_addresses`].
    pub fn address(&mut self, channel: &str, address: Raw<'_>) {
        self.has_addresses();
        match self.names.channel(channel) {
            Some(id) => self.set_address(id, address),
            None => self.stray(Stray::Address, channel),
        }
    }

    /// Having that address on a channel, told by its id.
    pub fn set_address(&mut self, id: ChannelId, address: Raw<'_>) {
        self.has_addresses();
        let reachable = match address {
            Raw::Null => false,
            Raw::YesNo(value) => value,
            Raw::Whole(value) => value != 0,
            Raw::Float(value) => value != 0.0,
            Raw::Text(text) => {
                let text = text.trim();
                !text.is_empty() && parse_yes_no(text) != Some(Some(false))
            }
            Raw::List(list) => !list.is_empty(),
            Raw::Map => true,
        };
        self.reach(Some(id), reachable);
    }

    fn reach(&mut self, channel: Option<ChannelId>, reachable: bool) {
        if let Some(slot) = channel.and_then(|id| self.user.reachable.get_mut(id.index())) {
            *slot = reachable;
        }
    }

    /// Reads an instant, on the user's clocks if it has no offset. `None` if it is nothing.
    pub(super) fn moment(&mut self, value: Raw<'_>) -> Result<Option<Instant>, Problem> {
        if let Raw::Text(text) = value
            && let Some(Written::Exact(at)) = read_written(text.as_bytes())
        {
            return Ok(Some(at));
        }
        self.is_zone_used = true;
        value.instant(&self.user.zone, self.clock.as_ref().unwrap_or(&self.user.zone))
    }

    /// Reads an instant, on the user's clocks if it has no offset.
    ///
    /// # Errors
    ///
    /// [`BindError`] at that place if there is none, or it is not an instant.
    pub fn instant(&mut self, value: Raw<'_>, place: impl FnOnce() -> String) -> Result<Instant, BindError> {
        match self.moment(value) {
            Ok(Some(at)) => Ok(at),
            Ok(None) => Err(BindError {
                field: place(),
                value: String::new(),
                problem: "it does not say when".into(),
                help: "give the date and time, such as 2026-01-31T09:30:00Z".into(),
            }),
            Err(problem) => Err(problem.at(place())),
        }
    }

    /// The program and its names.
    #[cfg(feature = "parquet")]
    pub(crate) fn knows(&self) -> (&'p Program, &'p Names) {
        (self.program, self.names)
    }

    /// The clocks that times without an offset are read on.
    #[cfg(feature = "parquet")]
    pub(crate) fn clock(&self) -> Zone {
        self.clock.unwrap_or(self.user.zone)
    }

    /// Ends the user: events and contacts in order of time, each once. Says how many were given a second time with the same
    /// id and content, and dropped.
    ///
    /// # Errors
    ///
    /// [`BindError`] if two events of one type have the same id and are not the same.
    pub fn finish(&mut self) -> Result<usize, BindError> {
        self.mirror()?;
        let mut duplicates = 0;
        for (events, declared) in self.user.events.iter_mut().zip(&self.program.events) {
            if events.at.len() < 2 {
                continue;
            }
            self.order.sort(events);
            duplicates += self.order.drop_duplicates(events, &self.user.lists).map_err(|id| BindError {
                field: format!("event `{}`", declared.name),
                value: shown(&id),
                problem: format!("two different events have the id `{}`", shown(&id)),
                help: "give each event of a type an id of its own, or none".into(),
            })?;
        }
        let contacts = &mut self.user.contacts;
        // What is given twice comes to stand side by side.
        contacts.sort_by_key(|contact| (contact.at, contact.touch_id));
        let before = contacts.len();
        contacts.dedup_by(|second, first| first.touch_id.is_some() && first == second);
        Ok(duplicates + (before - contacts.len()))
    }

    /// What every user has may also be declared as an attribute, to be asked and sent along.
    fn mirror(&mut self) -> Result<(), BindError> {
        let [id, timezone, locale] = self.names.mirrors();
        let missing = |builder: &Self, of: Option<AttributeId>| {
            of.filter(|id| builder.user.attribute(*id) == Value::Missing)
        };
        if let Some(attribute) = missing(self, id) {
            let id = self.user.id.clone();
            self.set_attribute(attribute, Raw::Text(&id))?;
        }
        if let Some(attribute) = missing(self, timezone) {
            let zone = self.user.zone;
            self.set_attribute(attribute, Raw::Text(zone.name()))?;
        }
        if let Some(attribute) = missing(self, locale)
            && let Some(locale) = self.user.locale.clone()
        {
            self.set_attribute(attribute, Raw::Text(&locale))?;
        }
        Ok(())
    }

    /// The user that was finished last.
    #[must_use]
    pub fn user(&self) -> &User {
        &self.user
    }

    /// The user that was finished last, to be kept. `spare` is one of the same program that is of no use any more, and
    /// lends its memory.
    #[must_use]
    pub fn take_user(&mut self, spare: Option<User>) -> User {
        let next = spare.unwrap_or_else(|| fresh(self.program));
        std::mem::replace(&mut self.user, next)
    }

    /// The user that was finished last, to be kept.
    #[must_use]
    pub fn into_user(self) -> User {
        self.user
    }
}

/// A user of whom nothing is known.
fn fresh(program: &Program) -> User {
    let events = program
        .events
        .iter()
        .map(|event| Events { columns: vec![Column::new(); event.fields.len()], ..Events::default() });
    User {
        id: "".into(),
        zone: program.zone,
        locale: None,
        attributes: vec![Value::Missing; program.attributes.len()],
        consent: vec![Answer::None; program.channels.len()],
        reachable: vec![true; program.channels.len()],
        events: events.collect(),
        contacts: Vec::new(),
        texts: Texts::default(),
        lists: Vec::new(),
    }
}

impl Events {
    fn clear(&mut self) {
        self.at.clear();
        self.ids.clear();
        self.columns.iter_mut().for_each(Column::clear);
    }
}
