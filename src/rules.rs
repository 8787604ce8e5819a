//! Rules, compiled and ready to plan by.

use std::sync::Arc;

use crate::{
    check::{self, Compiled, Loader, NoFiles, Schema},
    diagnostic::Diagnostics,
    plan::{Horizon, Plan, Planner},
    program::Program,
    snapshot::{BindError, Names, Snapshot},
    time::Instant,
};

/// Rules, compiled and ready to plan by.
///
/// Cheap to clone, and shared between threads as it is.
///
/// ```
/// use courtesy::{Horizon, Rules, Snapshot};
///
/// let rules = Rules::compile(
///     r#"
///     time zone "Asia/Shanghai"
///     attribute tier: one of bronze, silver, gold
///     event order: amount number
///     channel push, sms
///     quiet hours 21:00 to 09:00
///     if no order in 30 days and tier gold then send coupon via push or sms
///     "#,
/// )?;
/// let user = Snapshot::new("u1")
///     .attribute("tier", "gold")
///     .event("order", "2026-02-01T14:30:00Z".parse()?);
/// let plan = rules.plan(&user, "2026-03-01T01:00:00Z".parse()?, Horizon::days(30))?;
///
/// let touch = &plan.touches()[0];
/// assert_eq!(touch.candidate.due.to_string(), "2026-03-03T14:30:00Z"); // 22:30 in Shanghai: too late to send
/// assert_eq!(touch.at.to_string(), "2026-03-04T01:00:00Z"); // 09:00 the next morning
/// assert_eq!(touch.moved_by[0].reason.code(), "quiet_hours");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct Rules {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    compiled: Compiled,
    names: Names,
}

impl Rules {
    /// Compiles one rule file that uses no others.
    ///
    /// # Errors
    ///
    /// Everything that is wrong with it; shown with its lines by `Display`.
    ///
    /// ```
    /// let errors = courtesy::Rules::compile("if no order in 30 day then send").unwrap_err();
    /// assert!(errors.has_errors());
    /// println!("{errors}");
    /// ```
    pub fn compile(source: &str) -> Result<Self, Diagnostics> {
        Self::compile_files(vec![("rules".into(), source.into())], &NoFiles)
    }

    /// Compiles rule files, given by name and text, with what they `use`.
    ///
    /// # Errors
    ///
    /// Everything that is wrong, in all files.
    pub fn compile_files(inputs: Vec<(String, String)>, loader: &dyn Loader) -> Result<Self, Diagnostics> {
        check::compile(inputs, loader, None).map(Self::from)
    }

    /// As [`Rules::compile_files`]; names that no file declares are looked up in what the data at hand holds.
    ///
    /// # Errors
    ///
    /// Everything that is wrong, in all files.
    pub fn compile_with_schema(
        inputs: Vec<(String, String)>,
        loader: &dyn Loader,
        schema: &Schema,
    ) -> Result<Self, Diagnostics> {
        check::compile(inputs, loader, Some(schema)).map(Self::from)
    }

    /// Whom to contact, when, over which channel, and when not to: the schedule of one user from `now` to the end of
    /// the horizon.
    ///
    /// The same rules, user, `now` and horizon always give the same plan. For many users [`Planner`] is faster: it
    /// keeps its memory from one to the next.
    ///
    /// # Errors
    ///
    /// [`BindError`] for a value in the snapshot that cannot be read as the rules declare it.
    pub fn plan(&self, user: &Snapshot, now: Instant, horizon: Horizon) -> Result<Plan, BindError> {
        let user = user.bind_with(self.program(), self.names())?.user;
        Ok(self.planner().plan(&user, now, horizon))
    }

    /// A planner for many users, one after the other.
    ///
    /// ```
    /// use courtesy::{Horizon, Rules, Snapshot};
    /// let rules = Rules::compile("time zone \"UTC\"\nchannel push\nif tier is gold then send coupon via push")?;
    /// let mut planner = rules.planner();
    /// let now = "2026-03-01T09:00:00Z".parse()?;
    /// for (id, tier) in [("u1", "gold"), ("u2", "bronze")] {
    ///     let user = Snapshot::new(id).attribute("tier", tier);
    ///     let user = user.bind_with(rules.program(), rules.names())?.user;
    ///     let plan = planner.plan(&user, now, Horizon::days(7));
    ///     assert_eq!(plan.touches().len(), usize::from(tier == "gold"));
    /// }
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn planner(&self) -> Planner<'_> {
        Planner::new(self.program())
    }

    /// What is legal but surely not meant, with the sources so that it can be shown.
    #[must_use]
    pub fn warnings(&self) -> Diagnostics {
        self.shared.compiled.warnings()
    }

    /// The typed rules.
    #[must_use]
    pub fn program(&self) -> &Program {
        &self.shared.compiled.program
    }

    /// The names of the program, for binding many snapshots with [`Snapshot::bind_with`].
    #[must_use]
    pub fn names(&self) -> &Names {
        &self.shared.names
    }

    /// Everything that came of compiling: the program, the tests in the files, the warnings and the sources.
    #[must_use]
    pub fn compiled(&self) -> &Compiled {
        &self.shared.compiled
    }
}

impl From<Compiled> for Rules {
    fn from(compiled: Compiled) -> Self {
        let names = Names::new(&compiled.program);
        Self { shared: Arc::new(Shared { compiled, names }) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_can_be_shared_between_threads() {
        fn shared<T: Send + Sync + Clone>(_: &T) {}
        let rules = Rules::compile("time zone \"UTC\"\nif ordered before then send coupon").unwrap();
        shared(&rules);
    }
}
