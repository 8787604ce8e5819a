//! What a rule file says, as written: names unresolved, every node with its byte span.
//!
//! The tree holds no words of the surface language, so that another one can be lowered into it.

mod condition;
mod declaration;
mod expression;
mod rule;
mod span;
mod test;

pub use condition::{
    Compare, Condition, ConditionKind, DateTest, Events, Filter, Quantity, Subject, SubjectKind, Today,
    Window,
};
pub use declaration::{
    Cap, CapException, CapWindow, Channel, Days, Declaration, DeclarationKind, Event, Field, File, Gap,
    Hours, Life, Message, Share, TypeName,
};
pub use expression::{Aggregate, Arithmetic, Expr, ExprKind, Moment, Pick};
pub use rule::{Anchor, Clause, IfBlocked, MonthDay, Offset, Payload, Rule, Send, Step, Trigger, Via};
pub use span::{Name, Span, Spanned};
pub use test::{Expect, ExpectWhen, Given, Test, When};
