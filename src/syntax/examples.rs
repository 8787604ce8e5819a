//! Tests that are written in rule files.

use super::{
    ast::{Expect, ExpectWhen, Expr, ExprKind, Given, Name, Spanned, Test, When},
    declarations::optional,
    grammar::Rule,
    reader::{Node, Reader},
};
use crate::diagnostic::Code;

impl<'i> Reader<'i> {
    /// A test.
    pub(super) fn test(&mut self, node: &Node<'i>) -> Option<Test> {
        let name = self.text_in(node);
        let mut given = Vec::new();
        let mut expect = Vec::new();
        for child in node.clone().into_inner() {
            match child.as_rule() {
                Rule::given => {
                    for item in Self::all(&child, Rule::given_item) {
                        let read = self.given(&item);
                        given.push(read.map(|read| self.spanned(&item, read)));
                    }
                }
                Rule::expect => {
                    let read = self.expect(&child);
                    expect.push(read.map(|read| self.spanned(&child, read)));
                }
                _ => {}
            }
        }
        let at = self.at_most_one(node, Rule::test_at, "`at`");
        let at = at.map(|at| self.date_time_in(&at));
        let horizon = self.at_most_one(node, Rule::test_for, "`for`");
        let horizon = horizon.map(|horizon| self.period_in(&horizon));
        if expect.is_empty() {
            let message = "this test expects nothing at all";
            let help = "say what must come of it: `expect coupon via push`, or `expect nothing`";
            self.report(Code::MissingPart, self.span(node), message, help);
            return None;
        }
        Some(Test {
            name: name?,
            given: given.into_iter().collect::<Option<_>>()?,
            at: optional(at)?,
            horizon: optional(horizon)?,
            expect: expect.into_iter().collect::<Option<_>>()?,
        })
    }

    fn given(&mut self, node: &Node<'i>) -> Option<Given> {
        let inner = self.first(node)?;
        let yes = !Self::has(&inner, Rule::kw_not);
        Some(match inner.as_rule() {
            Rule::given_id => Given::Id(self.text_in(&inner)?),
            Rule::given_zone => Given::TimeZone(self.text_in(&inner)?),
            Rule::given_locale => {
                let tag = self.child(&inner, Rule::language)?;
                Given::Locale(self.language(&tag)?)
            }
            Rule::given_consent => Given::Consent(self.name_in(&inner)?, yes),
            Rule::given_reachable => Given::Reachable(self.name_in(&inner)?, yes),
            Rule::given_contact | Rule::given_of_message => {
                let message = Self::find(&inner, Rule::contact_message).map(|message| self.name(&message));
                let (channel, rule) = self.sent(&inner)?;
                let when = self.when_in(&inner);
                Given::Contact { message: optional(message)?, channel, rule, when: when? }
            }
            Rule::given_event => {
                let event = self.name_in(&inner);
                let when = self.when_in(&inner);
                let fields = Self::find(&inner, Rule::with).map(|with| self.with(&with));
                let fields = optional(fields)?.unwrap_or_default();
                Given::Event { event: event?, when: when?, fields }
            }
            Rule::given_attribute => {
                let name = self.name_in(&inner);
                let value = self.child(&inner, Rule::sum)?;
                let value = self.sum(&value);
                Given::Attribute(name?, value?)
            }
            _ => {
                let name = self.name_in(&inner)?;
                let value: Expr = Spanned { node: ExprKind::YesNo(yes), span: name.span };
                Given::Attribute(name, value)
            }
        })
    }

    /// `via sms by gold_winback`
    fn sent(&mut self, node: &Node<'i>) -> Option<(Option<Name>, Option<Name>)> {
        let via = self.at_most_one(node, Rule::sent_via, "`via`").map(|via| self.name_in(&via));
        let by = self.at_most_one(node, Rule::sent_by, "`by`").map(|by| self.name_in(&by));
        Some((optional(via)?, optional(by)?))
    }

    fn when_in(&mut self, node: &Node<'i>) -> Option<When> {
        let when = self.child(node, Rule::when)?;
        Some(match Self::find(&when, Rule::date_time) {
            Some(at) => When::At(self.date_time(&at)?.node),
            None => When::Ago(self.period_in(&when)?.node),
        })
    }

    fn expect(&mut self, node: &Node<'i>) -> Option<Expect> {
        let inner = node.clone().into_inner().last()?;
        Some(match inner.as_rule() {
            Rule::expect_nothing => Expect::Nothing,
            Rule::expect_withheld => {
                let name = self.name_in(&inner);
                let reason = Self::find(&inner, Rule::because).map(|because| {
                    let reason = self.child(&because, Rule::reason)?;
                    self.name(&reason)
                });
                Expect::Withheld { name: name?, reason: optional(reason)? }
            }
            _ => {
                let message = self.name_in(&inner);
                let (channel, rule) = self.sent(&inner)?;
                let at = self.at_most_one(&inner, Rule::expect_at, "`at`");
                let on = self.at_most_one(&inner, Rule::expect_on, "`on`");
                if let (Some(at), Some(on)) = (&at, &on) {
                    self.said_twice(at, on, "when it is expected");
                }
                let when = match (at, on) {
                    (Some(at), _) => Some(ExpectWhen::At(self.date_time_in(&at)?.node)),
                    (_, Some(on)) => Some(ExpectWhen::On(self.date_in(&on)?.node)),
                    _ => None,
                };
                let payload: Vec<_> = Self::all(&inner, Rule::with).map(|with| self.with(&with)).collect();
                let payload = payload.into_iter().collect::<Option<Vec<_>>>()?;
                let payload = payload.into_iter().flatten().collect();
                Expect::Touch { message: message?, channel, rule, when, payload }
            }
        })
    }
}
