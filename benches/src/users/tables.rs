//! Users as three tables: users, events and contacts, each in the order of the users.

use std::io::{self, Write};

use super::{EventKind, Person, json::date, json::money, moment};

/// The three tables.
#[derive(Debug)]
pub struct Tables<W> {
    users: W,
    events: W,
    contacts: W,
}

const USERS: &str = "id,timezone,locale,name,gender,tier,city,birthday,left_because,points_expire_on,signup_at,points,\
    wants_news,last_score,device,app_version,source,store,consent.sms,consent.email,addresses.push,addresses.wechat,\
    addresses.sms,addresses.email";
const EVENTS: &str = "user,type,at,id,amount,category,severity,page,words,items,article,days";
const CONTACTS: &str = "user,at,channel,message,rule,touch_id";

impl<W: Write> Tables<W> {
    /// Begins the tables with their headers.
    ///
    /// # Errors
    ///
    /// Those of writing.
    pub fn new(mut users: W, mut events: W, mut contacts: W) -> io::Result<Self> {
        writeln!(users, "{USERS}")?;
        writeln!(events, "{EVENTS}")?;
        writeln!(contacts, "{CONTACTS}")?;
        Ok(Self { users, events, contacts })
    }

    /// Writes a user into all three.
    ///
    /// # Errors
    ///
    /// Those of writing.
    pub fn write(&mut self, person: &Person) -> io::Result<()> {
        let id = person.id();
        self.user(person, &id)?;
        for event in &person.events {
            let (kind, letter) = event.name();
            write!(self.events, "{id},{kind},{},", moment(event.at))?;
            if let Some(letter) = letter {
                write!(self.events, "{letter}{}", event.number)?;
            }
            let out = &mut self.events;
            match event.kind {
                EventKind::Visit { page } => writeln!(out, ",,,,/p/{page},,,,")?,
                EventKind::Search { words } => writeln!(out, ",,,,,{words},,,")?,
                EventKind::Cart { cents, items } => writeln!(out, ",{},,,,,{items},,", money(cents))?,
                EventKind::Order { cents, category, article } => {
                    writeln!(out, ",{},{category},,,,,{article},", money(cents))?;
                }
                EventKind::Delivery { days } => writeln!(out, ",,,,,,,,{days}")?,
                EventKind::Complaint { severity, category } => writeln!(out, ",,{category},{severity},,,,,")?,
                EventKind::FriendJoined => writeln!(out, ",,,,,,,,")?,
            }
        }
        for contact in &person.contacts {
            let (at, channel) = (moment(contact.at), contact.channel);
            write!(self.contacts, "{id},{at},{channel},{},{},", contact.message, contact.rule)?;
            match contact.touch_id {
                Some(touch) => writeln!(self.contacts, "{touch:032x}")?,
                None => writeln!(self.contacts)?,
            }
        }
        Ok(())
    }

    fn user(&mut self, person: &Person, id: &str) -> io::Result<()> {
        let out = &mut self.users;
        let (zone, locale) = (person.zone.unwrap_or_default(), person.locale);
        let name = person.name.replace('"', "\"\"");
        let gender = person.gender.unwrap_or_default();
        write!(out, "{id},{zone},{locale},\"{name}\",{gender},{},", person.tier)?;
        let day = |day: Option<i64>| day.map(date).unwrap_or_default();
        let city = person.city.unwrap_or_default();
        let (birthday, left) = (day(person.birthday), person.left_because.unwrap_or_default());
        write!(out, "{city},{birthday},{left},{},", day(person.points_expire_on))?;
        write!(out, "{},{},{},", moment(person.signup_at), person.points, person.wants_news)?;
        let score = person.last_score.map(|score| score.to_string()).unwrap_or_default();
        let (major, minor, patch) = person.app_version;
        write!(
            out,
            "{score},{},{major}.{minor}.{patch},{},S{:04}",
            person.device, person.source, person.store
        )?;
        let answers = person.consent.into_iter();
        // An empty cell is no address, so that what is not known is written as yes.
        let addresses = person.addresses.unwrap_or([true; 4]).map(Some);
        for cell in answers.chain(addresses) {
            write!(out, ",{}", cell.map(|yes| if yes { "yes" } else { "no" }).unwrap_or_default())?;
        }
        writeln!(out)
    }

    /// Ends the tables.
    ///
    /// # Errors
    ///
    /// Those of writing.
    pub fn finish(mut self) -> io::Result<()> {
        self.users.flush()?;
        self.events.flush()?;
        self.contacts.flush()
    }
}
