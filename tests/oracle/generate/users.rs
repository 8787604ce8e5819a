//! Random users: what is known of them, what they did, how they were contacted.

use std::collections::BTreeMap;

use courtesy::{
    plan::{Horizon, Plan},
    snapshot::{Contact, Datum, Event, Snapshot},
    time::{Instant, Unit},
};

use super::{Setting, ZONES};
use crate::{
    case::Case,
    world::{Clock, shift},
};

const QUARTER: i64 = 900_000_000;

/// A user for the rules.
pub fn case(setting: &mut Setting, rules: String) -> Case {
    let mut user = Snapshot::new(format!("u{}", setting.dice.range(0, 99)));
    if setting.chance(15) {
        user.timezone = Some(setting.pick(ZONES).into());
    }
    if setting.chance(50) {
        let locales = ["zh-HK", "zh_Hant_CN", "zh-x-y", "pt", "pt-BR-u-co-phonebk", "en-GB", "DE", "fr"];
        user.locale = Some(setting.pick(&locales).into());
    }
    attributes(setting, &mut user);
    consent(setting, &mut user);
    for _ in 0..setting.pick(&[0, 1, 2, 2, 3, 4, 6]) {
        let event = event(setting);
        // Two different events with one id are refused.
        if user.events.iter().all(|other| event.id.is_none() || other.id != event.id) {
            user.events.push(event);
        }
    }
    for _ in 0..setting.pick(&[0, 0, 0, 1, 2, 3]) {
        let contact = contact(setting);
        user.contacts.push(contact);
    }
    let hours = setting.pick(&[1, 2, 3, 5, 7, 7, 10, 14]) * 24 + setting.dice.range(0, 5);
    let mut case =
        Case { rules, user, now: setting.now, hours: u32::try_from(setting.hours.unwrap_or(hours)).unwrap() };
    if setting.chance(50) {
        send(setting, &mut case);
    }
    case
}

fn attributes(setting: &mut Setting, user: &mut Snapshot) {
    let clock = Clock::new(setting.zone);
    let mut set = |known: bool, name: &str, value: Datum| {
        if known {
            user.attributes.insert(name.into(), value);
        }
    };
    let tier = setting.pick(&["bronze", "silver", "gold", "gold"]);
    set(setting.chance(80), "tier", tier.into());
    set(setting.chance(70), "name", setting.pick(&["Lin", "Ana", "bob"]).into());
    set(setting.chance(60), "favourite", setting.pick(&["push", "sms", "email", "pigeon"]).into());
    set(setting.chance(80), "points", setting.dice.range(0, 20).into());
    let score = format!("{}.{}", setting.dice.range(-5, 60), setting.dice.range(0, 9));
    set(setting.chance(70), "score", score.into());
    let born = shift(setting.date(), -setting.dice.range(1, 40), Unit::Year).unwrap();
    let leap = setting.chance(10);
    set(setting.chance(75), "birthday", if leap { "2000-02-29".into() } else { born.to_string().into() });
    set(setting.chance(75), "paid_until", setting.date().to_string().into());
    let signup = clock.start_of_day(setting.date()).plus_micros(QUARTER * setting.dice.range(0, 95));
    set(setting.chance(75), "signup_at", signup.to_string().into());
    set(setting.chance(70), "vip", setting.chance(60).into());
    let tags = setting.pick(&[vec!["tea"], vec!["tea", "milk"], vec![]]);
    set(setting.chance(60), "tags", Datum::List(tags.into_iter().map(Datum::from).collect()));
}

fn consent(setting: &mut Setting, user: &mut Snapshot) {
    for (channel, said, yes) in [("sms", 75, 85), ("push", 25, 50), ("email", 15, 50)] {
        if setting.chance(said) {
            user.consent.insert(channel.into(), setting.chance(yes));
        }
    }
    if setting.chance(20) {
        let mut addresses = BTreeMap::new();
        for channel in ["push", "sms", "email"] {
            if setting.chance(65) {
                addresses.insert(channel.into(), Datum::from("there"));
            }
        }
        user.addresses = Some(addresses);
    }
}

/// A quarter of an hour near `now`, mostly before it; in some cases a little off it.
fn instant(setting: &mut Setting) -> Instant {
    let back = match setting.dice.range(0, 9) {
        0..=3 => setting.dice.range(0, 3 * 96),
        4..=7 => setting.dice.range(0, 12 * 96),
        8 => setting.dice.range(0, 60 * 96),
        _ => -setting.dice.range(0, 4 * 96),
    };
    let off = setting.off();
    setting.now.plus_micros(-QUARTER * back + off)
}

fn event(setting: &mut Setting) -> Event {
    let kind = setting.pick(&["order", "order", "visit", "visit", "entry"]);
    let mut fields = BTreeMap::new();
    let mut set = |known: bool, name: &str, value: Datum| {
        if known {
            fields.insert(name.to_owned(), value);
        }
    };
    if kind == "order" {
        set(setting.chance(85), "amount", setting.dice.range(0, 30).into());
        set(setting.chance(85), "category", setting.pick(&["tea", "milk", "Tea"]).into());
        set(setting.chance(60), "gift", setting.chance(50).into());
        set(setting.chance(60), "arrives", setting.date().to_string().into());
    } else if kind == "visit" {
        set(setting.chance(70), "page", setting.pick(&["home", "cart"]).into());
    }
    let id = setting.chance(25).then(|| format!("id{}", setting.dice.range(0, 99)));
    Event { kind: kind.into(), at: instant(setting), id, fields }
}

fn contact(setting: &mut Setting) -> Contact {
    let some =
        |setting: &mut Setting, list: &[&str]| setting.chance(85).then(|| setting.pick(list).to_owned());
    let rule = match setting.chance(10) {
        true => "elsewhere".to_owned(),
        false => format!("r{}", setting.dice.range(0, setting.rules - 1)),
    };
    // Another sender may number its messages as touches are.
    let touch_id = setting.chance(8).then(|| format!("{:032x}", setting.dice.range(0, 1 << 40)));
    let categories = setting.chance(15).then(|| vec![setting.pick(&["promo", "care", "old"]).to_owned()]);
    Contact {
        at: instant(setting),
        channel: some(setting, &["push", "sms", "email"]),
        message: some(setting, &["a", "b", "c", "d", "e"]),
        categories,
        rule: setting.chance(60).then_some(rule),
        touch_id,
    }
}

/// Takes over what a plan made some days earlier would have sent since, or all that a plan made now would send.
fn send(setting: &mut Setting, case: &mut Case) {
    let (now, back) = (case.now, setting.dice.range(0, 8 * 96));
    let earlier = now.plus_micros(-QUARTER * back);
    let Some(plan) = case.plan_at(earlier, Horizon::days(12)) else { return };
    let handed_over = setting.chance(30);
    let (keeps_id, keeps) = (setting.pick(&[100, 100, 0, 50]), setting.pick(&[100, 100, 80]));
    let keeps_rule = setting.pick(&[100, 100, 100, 0]);
    for contact in sent(&plan).take(12) {
        let later = contact.at > now;
        if later && !handed_over || !setting.chance(keeps) {
            continue;
        }
        let named = later || setting.chance(keeps_id);
        let Contact { touch_id, rule, .. } = contact.clone();
        case.user.contacts.push(Contact {
            touch_id: touch_id.filter(|_| named),
            rule: rule.filter(|_| setting.chance(keeps_rule)),
            ..contact
        });
    }
}

fn sent(plan: &Plan) -> impl Iterator<Item = Contact> + '_ {
    plan.touches().iter().map(|touch| Contact {
        at: touch.at,
        channel: Some(touch.channel.to_string()),
        message: Some(touch.candidate.message.to_string()),
        categories: None,
        rule: Some(touch.candidate.rule.to_string()),
        touch_id: Some(touch.candidate.id.to_string()),
    })
}
