//! Caps that another makes pointless.

use super::contradictions::within;
use crate::{
    check::checker::{Checker, Scope},
    diagnostic::Code,
    program::{Cap, ContactTest, Window},
    syntax::ast::CapWindow,
};

impl Checker<'_> {
    /// Points out caps that can never be reached, because another lets fewer contacts through.
    pub(super) fn lint_caps(&mut self, caps: &[Cap]) {
        for (index, cap) in caps.iter().enumerate() {
            let stricter = caps.iter().enumerate().find(|(other_index, other)| {
                *other_index != index && makes_pointless(other, cap) && {
                    // Of two that say the same the first one stays.
                    !makes_pointless(cap, other) || *other_index < index
                }
            });
            if let Some((_, other)) = stricter {
                let finding = self
                    .finding(
                        Code::CapNeverBinds,
                        Scope::of(cap.origin.source),
                        cap.origin.span,
                        "this cap changes nothing",
                    )
                    .label("never reached")
                    .also(other.origin.source, other.origin.span, "this one lets no more through")
                    .help("all caps hold at once, and none loosens another: remove it, or make it stricter");
                self.report(finding);
            }
        }
    }
}

/// Whether `cap` is never reached where `strict` is kept.
fn makes_pointless(strict: &Cap, cap: &Cap) -> bool {
    let covers = strict.subject == ContactTest::Any || strict.subject == cap.subject;
    let always = strict.condition.is_none() || strict.condition == cap.condition;
    let most = strict.exceptions.iter().map(|(limit, _)| *limit).fold(strict.limit, u32::max);
    let least = cap.exceptions.iter().map(|(limit, _)| *limit).fold(cap.limit, u32::min);
    covers && always && most <= least && within(window(cap.window), window(strict.window))
}

const fn window(window: CapWindow) -> Window {
    match window {
        CapWindow::Rolling(period) => Window::Rolling(period),
        CapWindow::Calendar(unit) => Window::Calendar(unit),
    }
}
