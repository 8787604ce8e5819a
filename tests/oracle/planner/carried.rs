//! What a touch carries: the language of its message (section 11) and the values named by `with`.

use courtesy::{
    program::{MessageId, Step},
    snapshot::Value,
    time::Instant,
};

use crate::world::World;

/// RFC 4647 lookup: the locale loses one part after another from its end, and with it a single letter that then stands
/// at the end, until a language is the same in any case.
pub fn language(world: &World<'_>, message: MessageId) -> Option<String> {
    let languages = &world.program.messages[message.index()].languages;
    let parts = |tag: &str| -> Vec<String> {
        tag.split(['-', '_']).map(str::to_ascii_lowercase).filter(|part| !part.is_empty()).collect()
    };
    let mut wanted = parts(world.user.locale.as_deref().unwrap_or_default());
    while !wanted.is_empty() {
        if let Some(found) = languages.iter().find(|language| parts(language) == wanted) {
            return Some(found.clone());
        }
        wanted.pop();
        if wanted.last().is_some_and(|part| part.len() == 1) {
            wanted.pop();
        }
    }
    languages.first().cloned()
}

/// What goes along with a touch that goes at an instant.
pub fn with(world: &World<'_>, step: &Step, at: Instant) -> Vec<(String, String)> {
    let payload = step.payload.iter();
    payload.map(|(key, value)| (key.clone(), shown(world, world.value(*value, at)))).collect()
}

fn shown(world: &World<'_>, value: Value) -> String {
    let text = |symbol| world.user.text(world.program, symbol);
    match value {
        Value::Missing => "missing".into(),
        Value::Number(number) => format!("number {}", number.millionths()),
        Value::Text(symbol) => format!("text {}", text(symbol)),
        Value::Date(date) => format!("date {date}"),
        Value::Instant(at) => format!("instant {at}"),
        Value::YesNo(yes) => format!("yes {yes}"),
        Value::List(start, count) => {
            let texts: Vec<&str> = world.user.list(start, count).iter().map(|symbol| text(*symbol)).collect();
            format!("list {}", texts.join(", "))
        }
    }
}
